"""Values as tables for people: `layout` makes lines of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from wincook.analysis.conditioning.condition import Conditions
from wincook.bilinear import BilinearAlgorithm
from wincook.exact.notation import text
from wincook.interchange.read.sets.reading import Reading
from wincook.judge import Verdict
from wincook.program.cost import cost
from wincook.program.ir import Program
from wincook.program.programs import Programs, operations_per_tile

_NAMED_AT_MOST = 3


def table(title: str, *columns: str, caption: str | None = None, names: int = 1) -> Table:
    """An empty table in the house style: on the left the words that name a row, in so many columns; then numbers."""
    made = Table(title=title, caption=caption)
    for index, column in enumerate(columns):
        made.add_column(column, justify="left" if index < names else "right")
    return made


def grid(title: str, rows: Sequence[Sequence[str]]) -> Table:
    """A table without headers: entries of a matrix, or of a tile."""
    made = table(title, *[""] * len(rows[0]), names=0)
    made.show_header = False
    for row in rows:
        made.add_row(*row)
    return made


def algorithm_view(algorithm: BilinearAlgorithm) -> RenderableType:
    """Tile, points, counts, and the matrices of each axis that differs from the one before."""
    direct = algorithm.tile.direct_multiplications
    head = (
        f"{algorithm.name}: {algorithm.multiplications} multiplications, at least {algorithm.least_multiplications}, "
        f"direct {direct} ({algorithm.speedup:.2f}× fewer)"
    )
    head += f"; symbols: {', '.join(algorithm.symbols)}" if algorithm.symbols else ""
    parts: list[RenderableType] = [Text(head, style="bold")]
    for number, axis in enumerate(algorithm.axes):
        if number and axis == algorithm.axes[number - 1]:
            parts.append(Text(f"axis {number}: as axis {number - 1}"))
            continue
        parts.append(Text(f"axis {number}\n" if len(algorithm.axes) > 1 else ""))
        for name in ("AT", "G", "BT"):
            matrix = getattr(axis, name)
            rows = [[text(entry) for entry in row] for row in matrix.tolist()]
            parts += [grid(f"{name} ({matrix.rows}×{matrix.cols})", rows), ""]
    return Group(*parts)


def verdict_text(reading: Reading, verdict: Verdict) -> str:
    """What matrices of one axis were found to be, in a few lines."""
    lines = [_verdict_head(reading.axis.multiplications, verdict)]
    lines += _first(verdict.wrong)
    lines += _explanation(verdict)
    if verdict.scalings:
        lines.append(_scalings_text(verdict, reading.axis.multiplications))
    if any(role != name for role, name in reading.taken_for):
        lines.append("; ".join(f"{role} is {name}" for role, name in reading.taken_for))
    if reading.taken:
        lines += ["decimals taken for exact numbers:"]
        lines += _first([f"{decimal.text} for {decimal.exact}" for decimal in reading.taken])
    if reading.doubts:
        lines += ["decimals that round no simple number:", *_first(reading.doubts)]
    return "\n  ".join(lines)


def _verdict_head(multiplications: int, verdict: Verdict) -> str:
    points = "" if verdict.points is None else f" on {{{verdict.points}}}"
    if verdict.wrong:
        off = f"{len(verdict.wrong)} of {verdict.sums} sums are"
        if verdict.inexact:
            most = max(abs(complex(one.found - one.right)) for one in verdict.wrong)
            nearly = f"nearly the {verdict.nearest} {verdict.tile}"
            if verdict.rounding:
                nearly = f"the {verdict.nearest} {verdict.tile}{points}, {verdict.rounding}"
            return f"inexact: {nearly}, but {off} off, by up to {most:.1e}"
        return f"not the {verdict.nearest} {verdict.tile}: {off} wrong"
    scale = "" if verdict.scale == 1 else f", up to the factor {verdict.scale}"
    joint = ", joint," if verdict.tile.dimension > 1 else ""
    modulo = f" modulo {verdict.modulus}" if verdict.modulus else ""
    return (
        f"{verdict.tile}{joint} with {multiplications} multiplications{points and ','}{points}: "
        f"a {verdict.kind}{modulo}{scale}; {verdict.sums} sums hold exactly"
    )


def _explanation(verdict: Verdict) -> list[str]:
    """What to change so that wrong sums come right: one way, or several."""
    repairs = verdict.repairs
    if not verdict.wrong:
        return []
    if not repairs:
        return ["no few entries, products or single matrix explain it"]
    least = len(repairs[0].mistakes)
    alike = [repair for repair in repairs if len(repair.mistakes) == least]
    lines = []
    if all(repair.products == verdict.products for repair in repairs):
        lines.append(_products_at_fault(verdict))
    if len(alike) > 1:
        lines.append(
            f"{len(alike)} changes of {least} entr{'y' if least == 1 else 'ies'} would each make all sums right:"
        )
    for number, repair in enumerate(repairs[:_NAMED_AT_MOST]):
        lines += ["or:"] * (number > 0)
        lines += _first(repair.mistakes, 2 * _NAMED_AT_MOST)
    if len(repairs) > _NAMED_AT_MOST:
        lines.append(f"or in {len(repairs) - _NAMED_AT_MOST} other ways (--json lists them)")
    return lines


def _products_at_fault(verdict: Verdict) -> str:
    rows = f"the rows of product{'s' * (len(verdict.products) > 1)} {_listed(verdict.products)} are inconsistent"
    factors = verdict.repairs[0].factors
    return f"{rows}: times {_listed(factors)} they would be right" if factors else rows


def _scalings_text(verdict: Verdict, multiplications: int) -> str:
    """The products that are scaled otherwise than those of the algorithm that wincook makes, alike ones together."""
    groups: dict[tuple[tuple[str, sympy.Expr], ...], list[int]] = {}
    for scaling in verdict.scalings:
        groups.setdefault(tuple(scaling.factors.items()), []).append(scaling.product)
    same = f"the same as F({verdict.tile.outputs[0]},{verdict.tile.taps[0]}) on {{{verdict.points}}}"
    if len(groups) > _NAMED_AT_MOST:
        return f"{same} with {len(verdict.scalings)} of {multiplications} products scaled (--json lists how)"
    named = []
    for factors, products in groups.items():
        by_factor: dict[sympy.Expr, list[str]] = {}
        for matrix, factor in factors:
            by_factor.setdefault(factor, []).append(matrix)
        words = ", ".join(f"by {text(factor)} in {' and '.join(names)}" for factor, names in by_factor.items())
        every = len(products) == multiplications
        plural = "s" * (len(products) > 1)
        who = "every product" if every else f"product{plural} {_listed(products)}"
        named.append(f"{who} scaled {words}")
    return f"{same} with {'; '.join(named)}"


def _listed(items: Sequence[object]) -> str:
    *most, last = map(str, items)
    return f"{', '.join(most)} and {last}" if most else last


def _first(items: Sequence[object], number: int = _NAMED_AT_MOST) -> list[str]:
    """The first items as indented lines, and how many more there are."""
    more = [f"  and {len(items) - number} more"] if len(items) > number else []
    return [f"  {item}" for item in items[:number]] + more


def programs_view(programs: Programs) -> RenderableType:
    """The straight-line programs, each different one once, and what a tile costs."""
    parts: list[RenderableType] = []
    stages = {"filter": programs.filter, "input": programs.input, "output": programs.output}
    for name, per_axis in stages.items():
        for program in dict.fromkeys(per_axis):
            parts.append(Text(f"{name} transform: {_cost_text(program)}", style="bold"))
            parts.append(Text("\n".join(f"    {line}" for line in str(program).splitlines()) + "\n"))
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
        names=2,
        caption="Among good points for F(8x8,3x3) the product of κ₂ has a rank correlation of 0.63 with the real "
        "error, what `wincook analyse` predicts one of 0.998.",
    )
    for algorithm, numbers in rows:
        for index, name in enumerate(("AT", "G", "BT")):
            one = getattr(numbers, name)
            values = (f"{value:.5g}" for value in (one.kappa_1, one.kappa_2, one.kappa_inf))
            made.add_row(algorithm.name if index == 0 else "", name, *values)
    return made
