"""Exact matrices as MathML, which browsers set without help (W3C, *MathML Core*)."""

from __future__ import annotations

import sympy
from markupsafe import Markup, escape
from sympy.printing.mathml import mathml

from wincook.report.html.pieces import Matrix

_MINUS = "\N{MINUS SIGN}"


def matrix_markup(matrix: Matrix) -> Markup:
    """The equation `name = [entries]`, with fractions and roots as such.

    >>> print(matrix_markup(Matrix("BT", sympy.ImmutableMatrix([[sympy.Rational(-1, 2)]]))))
    <math display="block" ...<mfrac><mn>1</mn><mn>2</mn></mfrac>...</math>
    """
    rows, columns = matrix.entries.shape
    cells = [[_entry(matrix.entries[i, j]) for j in range(columns)] for i in range(rows)]
    table = Markup().join(
        Markup("<mtr>{}</mtr>").format(Markup().join(Markup("<mtd>{}</mtd>").format(cell) for cell in row))
        for row in cells
    )
    return Markup(
        '<math display="block" alttext="{}, {} rows, {} columns"><mrow>{}<mo>=</mo><mrow><mo>[</mo>'
        '<mtable displaystyle="true">{}</mtable><mo>]</mo></mrow></mrow></math>'
    ).format(matrix.name, rows, columns, _name(matrix.name), table)


def _name(name: str) -> Markup:
    if name in {"AT", "BT"}:
        return Markup("<msup><mi>{}</mi><mi>T</mi></msup>").format(name[0])
    return Markup("<mi>{}</mi>").format(escape(name))


def _entry(value: sympy.Expr) -> Markup:
    # sympy writes the names of symbols as they are.
    escaped = value.xreplace({symbol: sympy.Symbol(str(escape(symbol.name))) for symbol in value.free_symbols})
    written = mathml(escaped, printer="presentation")
    return Markup(written.replace("<mn>-", f"<mn>{_MINUS}").replace("<mo>-", f"<mo>{_MINUS}"))  # noqa: S704 (escaped above)
