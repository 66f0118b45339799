"""`wincook emit`: write a kernel as a file to ship."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from wincook.cli.choice import Choice, with_choice
from wincook.cli.numbers import whole_option
from wincook.cli.options import JsonOption, TileArgument
from wincook.cli.output import Form, answer
from wincook.emit import emit as emit_plan
from wincook.emit.module import Kind
from wincook.errors import escaped
from wincook.kernels.compile import make_plan
from wincook.layers import Layer, Layout

_CHANNELS = 64  # a layer needs some; the code serves any number


def emit(
    tile: TileArgument,
    choice: Choice,
    kind: Annotated[str, typer.Option(help="module: one .py file that needs only numpy and numba.")] = "module",
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to; made if need be.")] = Path(),
    layout: Annotated[str, typer.Option(help="NCHW or NHWC.")] = "NCHW",
    filters: Annotated[int, whole_option(help="K it is meant for; any K runs, few filters get narrower blocks.")] = 64,
    target: Annotated[
        str | None, typer.Option(help="avx512, avx2 or generic; default: the best of this machine.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the kernel of a two-dimensional F(m,r) as source code.

    Example: wincook emit "F(4x4,3x3)" --kind module --layout NHWC --out kernels/
    """
    made = choice.algorithm(tile)
    layer = Layer(_CHANNELS, filters, made.tile.taps, made.tile.taps, layout=cast("Layout", layout))
    path = emit_plan(make_plan(layer, made, target=target), out, cast("Kind", kind))
    answer(
        Form.of(json=as_json), {"path": str(path), "tile": str(made.tile), "kind": kind}, f"wrote {escaped(str(path))}"
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(emit))
