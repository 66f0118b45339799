"""Tables as comma-separated values (RFC 4180, but for the line ends): columns as printed, numbers in all digits."""

from __future__ import annotations

import csv
from io import StringIO

from wincook.report.data.values import plain
from wincook.report.table import Table, View


def csv_text(view: View | Table) -> str:
    """The tables of a view, each with its header; an empty line parts them if there are several.

    Raises:
        NotationError: neither a view nor a table.
    """
    tables = View.of(view).data
    return "\n".join(map(_table, tables))


def _table(table: Table) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if table.headed:
        writer.writerow(table.fields)
    writer.writerows(map(plain, values) for values in table.values)
    return text.getvalue()
