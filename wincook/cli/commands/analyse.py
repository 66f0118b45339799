"""`wincook analyse`: predicted, bounded and measured errors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from wincook.analysis.analyse import ErrorReport
from wincook.analysis.analyse import analyse as analyse_algorithm
from wincook.analysis.data.arrays import law_of, read_array
from wincook.analysis.data.distributions import LAWS, Law
from wincook.analysis.measurement.measure import Engine
from wincook.bilinear import BilinearAlgorithm
from wincook.cli.choice import Choice, with_choice
from wincook.cli.numbers import whole_option
from wincook.cli.options import JsonOption, SeedOption, TilesArgument
from wincook.cli.output import Form, answer
from wincook.cli.watch import INTERRUPTED, watching
from wincook.errors import FormatError, one_line, quoted
from wincook.files import check_place
from wincook.integrations.weights import holds_a_model, read_weights
from wincook.precision import PRESETS
from wincook.report.data.plain.errors import plain_report
from wincook.report.tables.errors import reports_view

_FILE = ".npy, .npz (FILE.npz:NAME if it holds several)"


def analyse(
    tiles: TilesArgument,
    choice: Choice,
    formats: Annotated[
        list[str],
        typer.Option("--format", "-f", help=f"{', '.join(PRESETS)}, or a format per stage; may be given again."),
    ] = ["float32"],  # noqa: B006 (typer copies it)
    channels: Annotated[
        int | None,
        whole_option("--channels", "-c", help="C, over which products are summed; 1, or that of the arrays."),
    ] = None,
    law: Annotated[
        str | None, typer.Option(help=f"How data are drawn: {', '.join(LAWS)}. Default: uniform; relu beside arrays.")
    ] = None,
    inputs: Annotated[
        str | None, typer.Option(help=f"Draw tiles from an array (N, C, *size): {_FILE}, or an image.", metavar="FILE")
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            help=f"Draw filters from an array (K, C, *kernel): {_FILE}; of a model, FILE.safetensors:NAME, "
            "FILE.onnx:NAME, FILE.pt:NAME.",
            metavar="FILE",
        ),
    ] = None,
    samples: Annotated[int, whole_option("--samples", "-n", help="Tiles to measure.")] = 1000,
    seed: SeedOption = 0,
    kernel: Annotated[
        bool, typer.Option("--kernel", help="Run the compiled float32 kernel, not the interpreter: the same numbers.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Also write all of it, with pictures, as one page that opens offline.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Also draw error against speed-up: a .png or .svg file.")] = None,
    theme: Annotated[str, typer.Option(help="Of that picture: light or dark.")] = "light",
    as_json: JsonOption = False,
) -> None:
    """Predict, bound and measure the rounding error of F(m,r).

    Ctrl-C ends the measurement, and reports the tiles done so far.

    Example: wincook analyse "F(4x4,3x3)" "F(6x6,3x3)" --format float32 --format float16 --channels 64
    """
    from wincook.report.figures.canvas import draw, ending
    from wincook.report.figures.theme import Theme

    look = Theme.of(theme)
    for place in (html, plot):
        if place is not None:
            check_place(place)
    if plot is not None:
        ending(plot)
    made = [choice.algorithm(tile) for tile in tiles]
    chosen, own = _law(law, inputs, weights)
    count = channels if channels is not None else own
    reports: list[ErrorReport] = []
    with watching(samples * len(made) * len(formats)) as watch:
        for one, name in ((one, name) for one in made for name in formats):
            report = analyse_algorithm(
                one,
                format=name,
                channels=count,
                law=chosen,
                samples=samples,
                seed=seed,
                engine=_engine(one, name, count) if kernel else None,
                progress=watch.progress,
            )
            reports.append(report)
            watch.next(samples)
            if watch.interrupted:
                break
    if html is not None:
        from wincook.report.html.reports import write_page

        write_page(html, reports)
    if plot is not None:
        from wincook.analysis.compare import compared
        from wincook.report.figures.comparison import front_chart

        draw(front_chart([compared(report) for report in reports]), plot, look)
    answer(Form.of(json=as_json), [plain_report(report) for report in reports], reports_view(reports))
    if watch.interrupted:
        raise typer.Exit(INTERRUPTED)


def _law(name: str | None, inputs: str | None, weights: str | None) -> tuple[Law, int]:
    """The law that the options denote, and the channels of its arrays."""
    if inputs is None and weights is None:
        return Law.of(name or "uniform"), 1
    arrays: dict[str, Any] = {
        what: read_weights(path) if holds_a_model(path) else read_array(path)
        for what, path in (("inputs", inputs), ("weights", weights))
        if path is not None
    }
    files = " and ".join(one_line(Path(path).name, 80) for path in (inputs, weights) if path is not None)
    made = law_of(**arrays, rest=name or "relu", name=files)
    return made, next(iter(arrays.values())).shape[1]


def _engine(algorithm: BilinearAlgorithm, name: str, channels: int) -> Engine:
    from wincook.kernels.engine import KernelEngine

    if name != "float32":
        raise FormatError(f"there is no kernel in format {quoted(name)}; --kernel measures float32")
    return KernelEngine(algorithm, channels)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_choice(analyse))
