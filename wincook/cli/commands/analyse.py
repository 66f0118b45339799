"""`wincook analyse`: predicted, bounded and measured errors."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Annotated, Any

import typer

from wincook.analysis.analyse import ErrorReport
from wincook.analysis.analyse import analyse as analyse_algorithm
from wincook.analysis.data.arrays import law_of
from wincook.analysis.data.distributions import LAWS, Law
from wincook.analysis.measurement.measure import Engine
from wincook.bilinear import BilinearAlgorithm
from wincook.cli.algorithms import (
    AlgorithmOptions,
    AtOption,
    BasisOption,
    BlocksOption,
    CorrelationOption,
    DimensionOption,
    GaugeOption,
    JointOption,
    PointsOption,
    TilesArgument,
)
from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.arrays import array_named
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import FormatsOption, NoLimitOption, PlotOption, SeedOption, ThemeOption, VerboseOption
from wincook.cli.pictures import check_picture
from wincook.cli.scales import ScalesOf, wants_scales
from wincook.cli.watch import watching
from wincook.errors import FormatError, one_line, quoted
from wincook.files import check_place
from wincook.formats import FLOAT32
from wincook.precision import Precision
from wincook.report.data.plain.errors import plain_report
from wincook.report.tables.errors import reports_view

_FILE = ".npy, .npz (FILE.npz:NAME if it holds several)"


def analyse(
    context: typer.Context,
    tiles: TilesArgument,
    points: PointsOption = None,
    at: AtOption = None,
    joint: JointOption = False,
    blocks: BlocksOption = None,
    form: CorrelationOption = "correlation",
    gauge: GaugeOption = None,
    basis: BasisOption = None,
    dimension: DimensionOption = None,
    formats: FormatsOption = ["float32"],  # noqa: B006 (typer copies it)
    channels: Annotated[
        int | None,
        typer.Option(
            "--channels",
            "-c",
            parser=read_whole,
            metavar=WHOLE,
            help="The number C of channels, which are summed. Default: 1, or as many as the arrays have.",
        ),
    ] = None,
    law: Annotated[
        str | None,
        typer.Option(
            "--law",
            metavar="LAW",
            help=f"The distribution of the data: {', '.join(LAWS)}. Default: uniform; relu for what no array gives.",
        ),
    ] = None,
    inputs: Annotated[
        str | None,
        typer.Option(
            "--inputs", metavar="FILE", help=f"Draw tiles from an array (N, C, *size), which is {_FILE} or an image."
        ),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights",
            metavar="FILE",
            help=f"Draw filters from an array (K, C, *kernel), which is {_FILE}, or of a model: FILE.safetensors:NAME, "
            "FILE.onnx:NAME, FILE.pt:NAME.",
        ),
    ] = None,
    samples: Annotated[
        int,
        typer.Option("--samples", "-n", parser=read_whole, metavar=WHOLE, help="How many tiles are measured."),
    ] = 1000,
    seed: SeedOption = 0,
    kernel: Annotated[
        bool,
        typer.Option(
            "--kernel", help="Measure the compiled float32 kernel, which gives the interpreter's numbers sooner."
        ),
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help="Also write all of it, with pictures, as one page that opens offline."
        ),
    ] = None,
    plot: PlotOption = None,
    theme: ThemeOption = "light",
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Predict, bound and measure the rounding error of F(m,r).

    Formats int8 and int16 are answered with the scales that kernels have, by the SNR in decibels.
    Ctrl-C ends the measurement, and reports the tiles done so far.

    Example: wincook analyse "F(4x4,3x3)" "F(6x6,3x3)" --format float32 --format float16 --channels 64
    """
    output = Output.of(context, answer, as_json, save)
    check_picture(plot, theme)
    if html is not None:
        check_place(html)
    algorithms = AlgorithmOptions(
        points=points,
        at=at,
        joint=joint,
        blocks=blocks,
        form=form,
        gauge=gauge,
        basis=basis,
        dimension=dimension,
        format=formats[0],
    ).algorithms(tiles)
    data_law, channels_of_arrays = _law(law, inputs, weights)
    if wants_scales(context, formats, inputs, weights):
        ScalesOf(algorithms, tuple(formats), 1 if channels is None else channels, data_law, seed).answer(output)
        return
    count = channels if channels is not None else channels_of_arrays
    policies = [Precision.of(name) for name in formats]
    with watching(samples * len(algorithms) * len(policies), "tiles", gently=True) as watch:

        def reported(problem: tuple[BilinearAlgorithm, Precision]) -> ErrorReport:
            algorithm, policy = problem
            return analyse_algorithm(
                algorithm,
                format=policy,
                channels=count,
                law=data_law,
                samples=samples,
                seed=seed,
                engine=_engine(algorithm, policy, count) if kernel else None,
                progress=watch.progress,
            )

        reports = watch.each(reported, product(algorithms, policies), samples)
    if html is not None:
        from wincook.report.html.reports import write_page

        write_page(html, reports)
    if plot is not None:
        from wincook.analysis.compare import compared
        from wincook.report.figures.canvas import draw
        from wincook.report.figures.comparison import front_chart

        draw(front_chart([compared(report) for report in reports]), plot, theme)
    output.answer([plain_report(report) for report in reports], reports_view(reports))
    watch.finish()


def _law(name: str | None, inputs: str | None, weights: str | None) -> tuple[Law, int]:
    """The law that the options denote, and the channels of its arrays."""
    if inputs is None and weights is None:
        return Law.of(name or "uniform"), 1
    arrays: dict[str, Any] = {
        what: array_named(path) for what, path in (("inputs", inputs), ("weights", weights)) if path is not None
    }
    files = " and ".join(one_line(Path(path).name, 80) for path in (inputs, weights) if path is not None)
    law = law_of(**arrays, rest=name or "relu", name=files)
    return law, next(iter(arrays.values())).shape[1]


def _engine(algorithm: BilinearAlgorithm, policy: Precision, channels: int) -> Engine:
    from wincook.kernels.run.engine import KernelEngine

    if policy != Precision.uniform(FLOAT32):
        raise FormatError(f"there is no kernel in format {quoted(str(policy))}; --kernel measures float32")
    return KernelEngine(algorithm, channels)
