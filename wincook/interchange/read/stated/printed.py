"""The text, Unicode and LaTeX that `wincook show` writes: entries to be read, under a header that states all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wincook.errors import DataError
from wincook.interchange.read.stated.claim import Claim, Stated
from wincook.interchange.read.stated.own_json import exact_entry
from wincook.interchange.read.stated.own_source import stated_source
from wincook.interchange.read.syntax.prose.latex import latex_rows
from wincook.interchange.read.tables import Findings, exact_table

_SHAPED = re.compile(r"(?m)^(?P<name>(?:AT|G|BT)\d?) \(\d+x\d+\)\n(?P<rows>(?:    [^\n]*\n)+)")
_DRAWN = re.compile(r"(?m)^(?:(?P<name>(?:AT|G|BT)\d?) = | {4,7})[⎡⎢⎣\[](?P<row>[^\n]*)[⎤⎥⎦\]]$")
_SET = re.compile(
    r"(?P<letter>[AGB])(?:_\{(?P<place>\d)\})?(?P<turned>\^T)? &= "
    r"\\left\[\\begin\{array\}\{r+\}\n(?P<rows>.*?)\n\\end\{array\}",
    re.DOTALL,
)


def is_printed(text: str) -> bool:
    """Whether an export is one of these three, and not source text."""
    return any(pattern.search(text) for pattern in (_SHAPED, _DRAWN, _SET))


def printed_sets(claim: Claim, text: str) -> Stated:
    """The matrices that the header announces.

    Raises:
        DataError: one is missing, or an entry cannot be read.
    """
    findings = Findings()
    for name, rows in _matrices(text):
        try:
            findings.tables.append(exact_table(name, [[exact_entry(cell) for cell in row] for row in rows]))
        except DataError as error:
            raise DataError(str(error) if str(error).startswith(name) else f"{name} holds {error}") from error
    return stated_source(claim, findings)


def _matrices(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    for match in _SHAPED.finditer(text):
        yield match["name"], [re.split(r" {2,}", row.strip()) for row in match["rows"].splitlines()]
    for match in _SET.finditer(text):
        yield f"{match['letter']}{'T' if match['turned'] else ''}{match['place'] or ''}", latex_rows(match["rows"])
    yield from _drawn(text)


def _drawn(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Matrices in drawn brackets; the name stands before a row in the middle."""
    name, rows, last = "", list[list[str]](), 0
    for match in _DRAWN.finditer(text):
        if rows and match.start() > last + 1:
            yield name, rows
            name, rows = "", []
        rows.append(re.split(r" {2,}", match["row"].strip()))
        name, last = match["name"] or name, match.end()
    if rows:
        yield name, rows
