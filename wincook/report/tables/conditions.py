"""Condition numbers and norms as a table, as plain data, and as text for LaTeX and CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from io import StringIO
from math import inf

from rich.console import Group, RenderableType
from rich.text import Text

from wincook.analysis.conditioning.condition import Condition, Conditions
from wincook.analysis.conditioning.gauges import GaugedConditions
from wincook.interchange.write.plain import Plain
from wincook.report.tables.algorithm import table

_GAUGES = ("raw", "balanced", "equal")
_NUMBERS = tuple(field.name for field in fields(Condition))
_HEADINGS = ("κ₁", "κ₂", "κ∞", "κ_F", "‖·‖₁", "‖·‖₂", "‖·‖∞", "‖·‖_F")
_LATEX_HEADINGS = (
    *(rf"$\kappa_{letter}$" for letter in ("1", "2", r"\infty", "F")),
    *(rf"$\|\cdot\|_{letter}$" for letter in ("1", "2", r"\infty", "F")),
)
_LATEX_NAMES = {
    "AT": "$A^T$",
    "G": "$G$",
    "BT": "$B^T$",
    "product": "product",
    "V": "$V$",
    "V without ∞": r"$V$ without $\infty$",
}
_CAPTION = (
    "balanced: rows of G and BT scaled by powers of two to a 2-norm near 1; equal: to 1-norm 1; AT makes up for it. "
    "V: the Vandermonde matrix of the points. "
    "They say little of real errors: `wincook analyse` predicts and measures these."
)


@dataclass(frozen=True, slots=True)
class _Row:
    algorithm: str
    gauge: str
    matrix: str
    condition: Condition

    @property
    def numbers(self) -> tuple[float, ...]:
        """In the order of the headings."""
        return astuple(self.condition)


def conditions_view(found: Sequence[GaugedConditions]) -> RenderableType:
    """One table per algorithm, one row per gauge and matrix."""
    return Group(*(_one_view(one) for one in found), Text(_CAPTION, style="italic"))


def _one_view(found: GaugedConditions) -> RenderableType:
    made = table(found.algorithm.name, "gauge", "matrix", *_HEADINGS, names=2, caption=found.without_vandermonde)
    before = None
    for row in _rows(found):
        made.add_row("" if row.gauge == before else row.gauge, row.matrix, *map(_short, row.numbers))
        before = row.gauge
    return made


def plain_gauged_conditions(found: GaugedConditions) -> Plain:
    """The same under the names of gauges and matrices; a number beyond float64 is null."""
    return {
        "tile": str(found.algorithm.tile),
        "points": [str(points) for points in found.algorithm.points],
        **{gauge: _plain_gauge(getattr(found, gauge)) for gauge in _GAUGES},
        "vandermonde": _plain(found.vandermonde),
        "vandermonde_finite": _plain(found.vandermonde_finite),
        "without_vandermonde": found.without_vandermonde or None,
    }


def conditions_latex(found: Iterable[GaugedConditions]) -> str:
    """A table for LaTeX with booktabs."""
    lines = [rf"\begin{{tabular}}{{lll{'r' * len(_NUMBERS)}}}", r"\toprule"]
    lines += [" & ".join(("algorithm", "gauge", "matrix", *_LATEX_HEADINGS)) + r" \\"]
    for one in found:
        lines += [r"\midrule"]
        for row in _rows(one):
            words = (_latex_name(row.algorithm), row.gauge, _LATEX_NAMES[row.matrix], *map(_latex_number, row.numbers))
            lines += [" & ".join(words) + r" \\"]
        if one.without_vandermonde:
            lines += [f"% {one.without_vandermonde}"]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"])


def conditions_csv(found: Iterable[GaugedConditions]) -> str:
    """Comma-separated values with a head, all digits."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("algorithm", "gauge", "matrix", *_NUMBERS))
    writer.writerows((row.algorithm, row.gauge, row.matrix, *row.numbers) for one in found for row in _rows(one))
    return text.getvalue().rstrip("\n")


def _rows(found: GaugedConditions) -> Iterator[_Row]:
    name = found.algorithm.name
    for gauge in _GAUGES:
        matrices: Conditions = getattr(found, gauge)
        for matrix in ("AT", "G", "BT", "product"):
            yield _Row(name, gauge, matrix, getattr(matrices, matrix))
    if found.vandermonde is not None:
        yield _Row(name, "points", "V", found.vandermonde)
    if found.vandermonde_finite is not None:
        yield _Row(name, "points", "V without ∞", found.vandermonde_finite)


def _plain_gauge(found: Conditions) -> Plain:
    return {name: _plain(getattr(found, name)) for name in ("AT", "G", "BT", "product")}


def _plain(found: Condition | None) -> Plain | None:
    if found is None:
        return None
    return {name: number if number < inf else None for name, number in asdict(found).items()}


def _short(number: float) -> str:
    return f"{number:.5g}"


def _latex_number(number: float) -> str:
    significand, e, exponent = _short(number).partition("e")
    if significand == "inf":
        return r"$\infty$"
    return rf"${significand} \cdot 10^{{{int(exponent)}}}$" if e else f"${significand}$"


def _latex_name(name: str) -> str:
    """`F(4x4,3x3) on {0, ±1, ∞}` in math mode where it needs it."""
    words = {"{": r"\{", "}": r"\}", "±": r"$\pm$", "∞": r"$\infty$", "√": r"$\surd$", "^": r"\^{}"}
    return "".join(words.get(letter, letter) for letter in name)
