"""`wincook compare`: many algorithms side by side, and which of them nothing beats."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Annotated

import typer

from wincook.analysis.compare import Comparison
from wincook.analysis.compare import compare as compare_algorithms
from wincook.arguments import choice
from wincook.bilinear import BilinearAlgorithm
from wincook.cli.algorithms import (
    CORRELATIONS,
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
from wincook.cli.completion import among
from wincook.cli.landscapes import SweepOption, answer_by_sweep
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import (
    ChannelsOption,
    FormatsOption,
    LawOption,
    NoLimitOption,
    PlotOption,
    SeedOption,
    ThemeOption,
    VerboseOption,
)
from wincook.cli.pictures import check_picture
from wincook.cli.watch import watching
from wincook.precision import Precision
from wincook.report.data.plain.comparison import plain_comparison
from wincook.report.tables.comparison import comparison_table

_BEST_FIRST: dict[str, Callable[[Comparison], float | str]] = {
    "algorithm": lambda row: row.algorithm.name,
    "format": lambda row: str(row.precision),
    "products": lambda row: row.algorithm.multiplications,
    "speed-up": lambda row: -row.algorithm.speedup,
    "per output": lambda row: row.products,
    "input": lambda row: row.operations.input,
    "output": lambda row: row.operations.output,
    "filter": lambda row: row.operations.filter,
    "predicted": lambda row: row.predicted.relative_rms,
    "error": lambda row: row.error,
}


def compare(
    context: typer.Context,
    tiles: TilesArgument,
    points: PointsOption = None,
    at: AtOption = None,
    sweep: SweepOption = None,
    joint: JointOption = False,
    blocks: BlocksOption = None,
    form: CorrelationOption = "correlation",
    gauge: GaugeOption = None,
    basis: BasisOption = None,
    dimension: DimensionOption = None,
    formats: FormatsOption = ["float32"],  # noqa: B006 (typer copies it)
    channels: ChannelsOption = 1,
    law: LawOption = "uniform",
    samples: Annotated[
        int,
        typer.Option(
            "--samples",
            "-n",
            parser=read_whole,
            metavar=WHOLE,
            help="How many tiles are measured; with 0 errors are predicted alone, which is quick.",
        ),
    ] = 0,
    seed: SeedOption = 0,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort",
            metavar="COLUMN",
            autocompletion=among(_BEST_FIRST),
            help=f"Sort the rows by a column, the best first: {', '.join(_BEST_FIRST)}. Default: in the order asked.",
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
    """Compare the error, speed-up and cost of many F(m,r); a star marks what nothing beats.

    With --sweep, the error is predicted against a symbol of the points, and a star marks the least.

    Ctrl-C prints the rows done so far.

    Example: wincook compare "F(2x2,3x3)" "F(4x4,3x3)" -p default -p "0,±1,±2,inf" -f float32 -f float16 -c 64
    """
    output = Output.of(context, answer, as_json, save)
    order = None if sort is None else _BEST_FIRST[choice("column", sort, _BEST_FIRST)]
    check_picture(plot, theme)
    if sweep:
        beside: dict[str, object] = {
            "--joint": joint,
            "--blocks": blocks,
            "--form": form != CORRELATIONS[0],
            "--gauge": gauge,
        }
        beside |= {"--basis": basis, "--dimension": dimension, "--samples": samples, "--sort": sort}
        answer_by_sweep(
            output,
            tiles,
            sweep,
            formats,
            channels,
            law,
            points=points,
            at=at,
            plot=plot,
            theme=theme,
            beside=beside,
        )
        return
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
    policies = [Precision.of(name) for name in formats]

    def compared(problem: tuple[BilinearAlgorithm, Precision]) -> Comparison:
        algorithm, policy = problem
        (row,) = compare_algorithms([algorithm], [policy], channels, law, samples=samples, seed=seed)
        return row

    with watching(len(algorithms) * len(policies), "rows") as watch:
        rows = watch.each(compared, product(algorithms, policies))
    if order is not None:
        rows.sort(key=order)
    if plot is not None:
        from wincook.report.figures.canvas import draw
        from wincook.report.figures.comparison import front_chart

        draw(front_chart(rows), plot, theme)
    output.answer(plain_comparison(rows), comparison_table(rows))
    watch.finish()
