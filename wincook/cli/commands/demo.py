"""`wincook demo`: the main job on a real photograph."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import NoLimitOption, SeedOption, VerboseOption
from wincook.cli.output import tell
from wincook.cli.pictures import check_picture
from wincook.cli.watch import INTERRUPTED
from wincook.errors import MissingExtraError


def demo(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The picture that is drawn: a .png, .svg or .pdf file.")
    ] = Path("wincook-demo.png"),
    photo: Annotated[
        Path | None,
        typer.Option("--photo", metavar="FILE", help="A photo. Default: the portrait that comes with matplotlib."),
    ] = None,
    samples: Annotated[
        int,
        typer.Option(
            "--samples", "-n", parser=read_whole, metavar=WHOLE, help="How many tiles each error is measured on."
        ),
    ] = 500,
    seed: SeedOption = 0,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Filter a photograph with real kernels, compare with scipy in float64, and draw what was found.

    Ctrl-C prints what was found so far, without a picture.

    Example: wincook demo --out wincook-demo.png
    """
    if find_spec("scipy") is None:
        raise MissingExtraError("the demo compares with scipy, which is not installed: pip install 'wincook[demo]'")
    from wincook.demo.photo import load
    from wincook.demo.run import DemoResult, run
    from wincook.report.data.plain.demo import plain_demo
    from wincook.report.figures.canvas import draw
    from wincook.report.figures.demo import DemoPicture
    from wincook.report.tables.demo import demo_view

    output = Output.of(context, answer, as_json, save)
    check_picture(out)
    latest: DemoResult | None = None

    def progress(words: str, so_far: DemoResult) -> None:
        nonlocal latest
        latest = so_far
        tell(f"{words} ...")

    try:
        result = run(load(photo), samples=samples, seed=seed, progress=progress)
        tell(f"drawing {out} ...")
        path = draw(DemoPicture(result), out)
    except KeyboardInterrupt:
        if latest is None or not latest.reports:
            raise
        output.answer(plain_demo(latest) | {"picture": None}, demo_view(latest, None))
        raise typer.Exit(INTERRUPTED) from None
    output.answer(plain_demo(result) | {"picture": str(path)}, demo_view(result, path))
