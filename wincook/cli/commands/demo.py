"""`wincook demo`: the main job on a real photograph."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.numbers import whole_option
from wincook.cli.options import JsonOption, SeedOption, liftable
from wincook.cli.output import Form, answer, tell
from wincook.errors import MissingExtraError
from wincook.files import check_place


def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="The picture to draw: a .png, .svg or .pdf file.")] = Path(
        "wincook-demo.png"
    ),
    photo: Annotated[
        Path | None, typer.Option(help="A photo of your own; default: the portrait that comes with matplotlib.")
    ] = None,
    samples: Annotated[int, whole_option("--samples", "-n", help="Tiles per measured error.")] = 500,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Filter a photograph with real kernels, compare with scipy in float64, and draw what was found.

    Example: wincook demo --out wincook-demo.png
    """
    if find_spec("scipy") is None:
        raise MissingExtraError("the demo compares with scipy, which is not installed: pip install 'wincook[demo]'")
    from wincook.demo.photo import load
    from wincook.demo.run import run
    from wincook.report.data.plain.demo import plain_demo
    from wincook.report.figures.canvas import draw, ending
    from wincook.report.figures.demo import DemoPicture
    from wincook.report.tables.demo import demo_view

    ending(out)
    check_place(out)
    result = run(load(photo), samples=samples, seed=seed, progress=lambda words: tell(f"{words} ..."))
    tell(f"drawing {out} ...")
    path = draw(DemoPicture(result), out)
    answer(Form.of(json=as_json), plain_demo(result) | {"picture": str(path)}, demo_view(result, path))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(liftable(demo))
