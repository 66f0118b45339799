"""Values as tables and panels for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import sympy
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from wincook.analysis.condition import Conditions
from wincook.bilinear import BilinearAlgorithm, Transforms
from wincook.judge import Verdict
from wincook.program.cost import cost
from wincook.program.ir import Program
from wincook.program.schedule import Schedule, operations_per_tile


def table(title: str, *columns: str, caption: str | None = None) -> Table:
    """An empty table in the house style: words on the left, numbers on the right."""
    made = Table(title=title, caption=caption, title_justify="left", caption_justify="left", header_style="bold")
    for index, column in enumerate(columns):
        made.add_column(column, justify="left" if index == 0 else "right")
    return made


def matrix_text(name: str, matrix: sympy.ImmutableMatrix) -> Text:
    """A matrix with aligned columns."""
    cells = [[str(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)]
    widths = [max(len(row[j]) for row in cells) for j in range(matrix.cols)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    shape = f"{name} ({matrix.rows}×{matrix.cols})"
    return Text("\n".join([shape, *(f"    {line}" for line in lines), ""]), no_wrap=True)


def algorithm_view(algorithm: BilinearAlgorithm) -> RenderableType:
    """Tile, points, counts, and the matrices of each axis that differs from the one before."""
    direct = algorithm.tile.direct_multiplications
    head = (
        f"{algorithm.tile}: {algorithm.multiplications} multiplications, at least {algorithm.least_multiplications}, "
        f"direct {direct} ({algorithm.speedup:.2f}× fewer)"
    )
    parts: list[RenderableType] = [Text(head, style="bold")]
    for number, (points, axis) in enumerate(zip(algorithm.points, algorithm.axes, strict=True)):
        if number and axis == algorithm.axes[number - 1]:
            parts.append(Text(f"axis {number}: as axis {number - 1}"))
            continue
        prefix = f"axis {number}: " if len(algorithm.axes) > 1 else ""
        parts.append(Text(f"{prefix}{axis.tile} on points {points}\n"))
        parts += [matrix_text(name, getattr(axis, name)) for name in ("AT", "G", "BT")]
    return Group(*parts)


def verdict_text(axis: Transforms, verdict: Verdict) -> str:
    """What matrices of one axis were found to be, in a few lines."""
    if verdict.kind is None:
        reasons = [f"  {mistake}" for mistake in verdict.mistakes] or ["  no single entry explains it"]
        head = f"not the convolution {axis.tile}: {verdict.wrong} of {verdict.sums} sums are wrong"
        return "\n".join([head, *reasons])
    scale = "" if verdict.scale == 1 else f", up to the factor {verdict.scale}"
    points = "" if verdict.points is None else f", on {{{verdict.points}}}"
    return (
        f"{axis.tile} with {axis.multiplications} multiplications{points}: a {verdict.kind}{scale}; "
        f"{verdict.sums} sums hold exactly"
    )


def schedule_view(programs: Schedule) -> RenderableType:
    """The straight-line programs, each different one once, and what a tile costs."""
    parts: list[RenderableType] = []
    stages = {"filter": programs.filter, "input": programs.input, "output": programs.output}
    for name, per_axis in stages.items():
        for program in dict.fromkeys(per_axis):
            parts.append(Text(f"{name} transform: {_cost_text(program)}", style="bold"))
            parts.append(Text("\n".join(f"    {line}" for line in str(program).splitlines()) + "\n", no_wrap=True))
    counts = ", ".join(f"{name} {operations_per_tile(per_axis)}" for name, per_axis in stages.items())
    parts.append(Text(f"operations per tile and channel: {counts}"))
    return Group(*parts)


def _cost_text(program: Program) -> str:
    counted = cost(program)
    words = [
        (counted.additions, "additions"),
        (counted.multiplications, "multiplications"),
        (counted.fmas, "fmas"),
        (counted.negations, "negations"),
    ]
    named = [f"{number} {word}" for number, word in words if number]
    return f"{', '.join(named) or 'no operations'}; {counted.live} values alive at most"


def conditions_table(rows: Iterable[tuple[BilinearAlgorithm, Conditions]]) -> Table:
    """One row per algorithm and matrix."""
    made = table(
        "Condition numbers",
        "algorithm",
        "matrix",
        "κ₁",
        "κ₂",
        "κ∞",
        caption="They predict the real error badly; `wincook analyse` predicts and measures it.",
    )
    for algorithm, numbers in rows:
        for index, name in enumerate(("AT", "G", "BT")):
            one = getattr(numbers, name)
            values = (f"{value:.5g}" for value in (one.kappa_1, one.kappa_2, one.kappa_inf))
            made.add_row(algorithm.name if index == 0 else "", name, *values)
    return made
