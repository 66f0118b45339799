"""`wincook condition`: norms and condition numbers of one or many algorithms."""

from __future__ import annotations

import typer

from wincook.analysis.conditioning.gauges import gauged_conditions
from wincook.cli.algorithms import (
    FORMS,
    AlgorithmOptions,
    AtOption,
    BasisOption,
    BlocksOption,
    DimensionOption,
    FormOption,
    GaugeOption,
    JointOption,
    PointsOption,
    TilesArgument,
)
from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.options import NoLimitOption, VerboseOption
from wincook.cli.watch import watching
from wincook.report.data.plain.conditions import plain_gauged_conditions
from wincook.report.tables.conditions import conditions_view


def condition(
    context: typer.Context,
    tiles: TilesArgument,
    points: PointsOption = None,
    at: AtOption = None,
    joint: JointOption = False,
    blocks: BlocksOption = None,
    form: FormOption = "correlation",
    gauge: GaugeOption = None,
    basis: BasisOption = None,
    dimension: DimensionOption = None,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Print κ and norms for 1, 2, ∞ and F: of AT, G, BT, raw and row-balanced, and of the Vandermonde matrix.

    Ctrl-C prints those of the algorithms done so far.

    Example: wincook condition "F(2,3)" "F(4,3)" "F(4x4,3x3)"
    """
    output = Output.of(context, answer, as_json, save)
    options = AlgorithmOptions(
        points=points,
        at=at,
        joint=joint,
        blocks=blocks,
        form=form,
        gauge=gauge,
        basis=basis,
        dimension=dimension,
        forms=FORMS,
    )
    algorithms = options.algorithms(tiles)
    with watching(len(algorithms), "algorithms") as watch:
        conditions = watch.each(gauged_conditions, algorithms)
    output.answer([plain_gauged_conditions(entry) for entry in conditions], conditions_view(conditions))
    watch.finish()
