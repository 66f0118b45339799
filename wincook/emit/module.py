"""Give away a plan's module: one Python file that needs only numpy and numba."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from wincook.arguments import choice
from wincook.files import given_path, write_atomically
from wincook.kernels.plan import Plan, plan_of
from wincook.kernels.source import module_source, module_stem

Kind = Literal["module"]


def emit(plan: Plan, folder: str | Path, kind: Kind = "module") -> Path:
    """Write the code of a plan into a folder, which is made if need be.

    Args:
        plan: what to write; its layer's sizes are not baked in.
        folder: where to.
        kind: `module`, a self-contained Python module with `pack` and `convolve`. It keeps its machine code in the
            same cache folder as wincook, and is as careful with it.

    Returns:
        The path of the file, whose name is the same each time: tile, layout, instruction set.

    Raises:
        NotationError: an unknown kind, or something else than a plan and a folder.
        OutputError: the folder cannot be made or written.
    """
    plan, kind = plan_of(plan), choice("kind", kind, get_args(Kind))
    path = given_path("folder", folder) / f"{module_stem(plan)}.py"
    write_atomically(path, module_source(plan).encode())
    return path
