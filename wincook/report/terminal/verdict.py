"""What files of matrices hold, in words: a verdict on each set, and what was not judged."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from wincook.exact.notation import text
from wincook.interchange.read.examine import Examined
from wincook.interchange.read.sets.reading import Reading
from wincook.judge import Verdict

_NAMED_AT_MOST = 3


def examined_text(examined: Examined, verdicts: list[Verdict], *, prefix: str = "") -> str:
    """The verdicts on the sets of one file, in words; then what was not judged, and why."""
    lines: list[str] = []
    for reading, verdict in zip(examined.readings, verdicts, strict=True):
        lines.append(prefix + verdict_text(reading, verdict))
        lines += [f"  note: {remark}" for remark in reading.remarks]
    for item in examined.unjudged:
        label = "not judged" if item.blocks else "not judged, taken for data"
        lines.append(f"{prefix}{label}: {item.reason}")
    return "\n".join(lines)


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
            most = max(abs(complex(entry.value - entry.right)) for entry in verdict.wrong)
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
