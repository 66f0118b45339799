"""The functions of a plan for C: the text of its module without what is for Python, and with what is for C.

Nothing is compiled yet: what would be compiled into this process is only noted down.
"""

from __future__ import annotations

import hashlib
import linecache
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from numba import types

from wincook.kernels.codegen.body.exported.words import Exported
from wincook.kernels.codegen.constants import constants_of, constants_text
from wincook.kernels.codegen.families import files_of
from wincook.kernels.codegen.joined import body_of
from wincook.kernels.codegen.native.calibrated import UNCALIBRATED, Calibrated, constants_of_scales
from wincook.kernels.codegen.native.composition import constants_of_layer
from wincook.kernels.plans.formats import Formats, ProductFormat
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Family, Plan

_FOR_PYTHON = "calls/"
_FUTURE = "from __future__ import annotations\n"
# What C calls, and how many addresses each function is given, and how many numbers after them.
ENTRIES = {"query": (4, 0), "shape": (3, 0), "pack": (6, 1), "run": (1, 2)}
OF_SPARSE = {"pack_sparse": (7, 2)}  # which takes a mask
_OF_LAYERS = (
    *("job", "lanes/vectors", "lanes/halves", "lanes/elements", "lanes/finish"),
    *("exported/words", "exported/structures"),
    *(
        "composed/tables",
        "composed/taken",
        "composed/moves",
        "composed/endings",
        "composed/stages",
        "composed/exported",
    ),
)
PARTS_OF_LAYERS = (*_OF_LAYERS, "composed/packing", "exported/sizes", "exported/entry")
PARTS_OF_SPARSE_LAYERS = (*_OF_LAYERS, "composed/kept", "weights/sparse/entry", "exported/sizes", "exported/entry")
_OF_FLOATS = ("weights/tiles", "weights/floats", "exported/nested")
_KEPT = ("weights/tiles", "weights/sparse/masks", "weights/sparse/kept", "weights/sparse/entry", "exported/nested")
_OF_WHOLE = ("weights/calibrated", "weights/whole", "exported/nested")
_OF_WHOLE_TERMS = ("weights/calibrated", "weights/terms_whole", "exported/nested")
FOR_C: dict[tuple[Family, ProductFormat], tuple[str, ...]] = {
    ("nested", "float32"): _OF_FLOATS,
    ("nested", "bfloat16"): _OF_FLOATS,
    ("nested", "int8"): _OF_WHOLE,
    ("nested", "int16"): _OF_WHOLE,
    ("sparse", "float32"): ("weights/sparse/floats", *_KEPT),
    ("sparse", "bfloat16"): ("weights/sparse/pairs", *_KEPT),
    ("direct", "bfloat16"): ("weights/terms_pairs", "exported/nested"),
    ("direct", "int8"): _OF_WHOLE_TERMS,
    ("direct", "int16"): _OF_WHOLE_TERMS,
}
"""What a family says of dims and weights, where that is more than one file of its own name."""
_DIGITS = 15  # hexadecimal: less than 64 bits, with a sign


class Code(NamedTuple):
    """Python text: imports and constants, and what is made with them."""

    head: str
    body: str


def functions_of(code: Code) -> dict[str, Exported]:
    """All functions that a kind of kernels has for C, by their names: entry points, loops, micro-kernels."""
    names = _executed(code)
    kernels = [names[name] for name in ("describe", *ENTRIES, "stripe")] + names["functions_of_family"]()
    return {kernel.function.__name__: kernel for kernel in kernels}


def level_function(part: str) -> dict[str, Exported]:
    """The function of a file of the body that asks a processor for its level."""
    return {"level": _executed(_code(("lanes/vectors", "exported/words", part), "LANES = 1"))["level"]}


def code_of(plan: Plan, calibrated: Calibrated = UNCALIBRATED) -> Code:
    """All that a plan's functions are made from: the same for layers of other sizes.

    Of whole numbers, they are for the layer that was calibrated.
    """
    formats = Formats(plan.format, plan.input_format, plan.output_format, plan.residual_format)
    of_c = {"L2": plan.target.l2, "OUT_SIZE": (0, 0)} | constants_of_scales(formats, calibrated)
    constants = f"{constants_of(plan)}\n{constants_text(of_c)}"
    return _code(parts_for_c(plan.family, plan.format), constants)


def code_of_layer(decided: LayerPlan, codes: tuple[int, ...], calibrated: Calibrated = UNCALIBRATED) -> Code:
    """All that the functions of a layer of several kernels are made from, whose code has such numbers."""
    entries = constants_of_layer(decided, codes, calibrated)
    parts = PARTS_OF_SPARSE_LAYERS if decided.sparse else PARTS_OF_LAYERS
    return _code(parts, "\n".join(f"{name} = {value!r}" for name, value in entries.items()))


def parts_for_c(family: Family, format: ProductFormat = "float32") -> tuple[str, ...]:
    """The files of the body that make the text of a library: the loops of a family, and the functions for C."""
    loops = (part for part in files_of(family, format) if not part.startswith(_FOR_PYTHON))
    of_family = FOR_C.get((family, format), (f"exported/{family}",))
    return (*loops, "exported/words", "exported/structures", *of_family, "exported/sizes", "exported/entry")


def _code(parts: tuple[str, ...], constants: str) -> Code:
    imports, bodies = _body(parts)
    return Code(f"{_FUTURE}{imports}\n{constants}", f"{_FUTURE}{bodies}")


@cache
def _body(parts: tuple[str, ...]) -> tuple[str, str]:
    imports, bodies = body_of(parts)
    return imports, "\n".join(bodies)


def _executed(code: Code) -> dict[str, Any]:
    """What a text defines, which Python then finds by its digest, as if it were a file."""
    path = f"<wincook {hashlib.sha256(code.body.encode()).hexdigest()}>"
    linecache.cache[path] = (len(code.body), None, code.body.splitlines(keepends=True), path)
    number = int(hashlib.sha256("\n".join(code).encode()).hexdigest()[:_DIGITS], 16)
    names: dict[str, Any] = {"__name__": "wincook_exported"}
    for text in code:
        exec(compile(text, path, "exec"), names)  # noqa: S102 (wincook wrote it)
        names |= {"njit": _called, "c_function": _noted, "intrinsic": _written, "CODE_NUMBER": number}
    return names


def _called(**_options: Any) -> Callable[[Any], SimpleNamespace]:
    """In place of what compiles a function that others call."""
    return lambda function: SimpleNamespace(py_func=function)


def _written(function: Any) -> SimpleNamespace:
    """In place of what tells numba of a function that writes LLVM."""
    return SimpleNamespace(_defn=function)


def _noted(*arguments: Any) -> Callable[[Any], Exported]:
    """In place of what compiles a function that returns nothing."""
    return lambda function: Exported(function, arguments, types.void)
