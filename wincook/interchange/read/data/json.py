"""Matrices in JSON: `{"AT": [["1", "0"], …], "G": …, "BT": …}`, numbers JSON's, or text such as "1/24".

Several sets stand in a list, under a name each, or, if they are the axes of one algorithm, under `axes`. An object with
`tile` and `axes` is what `wincook show` writes, and states which algorithm it holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from wincook.errors import DataError, quoted
from wincook.interchange.read.numbers.cell import grid
from wincook.interchange.read.syntax.declared.values import evaluate
from wincook.interchange.read.tables import Findings, Table, Unread, table

_DEEPEST = 8


def object_findings(contents: Any) -> list[Findings]:
    """The matrices of each object that holds some.

    Raises:
        DataError: no object with lists of rows.
    """
    groups = list(_groups(contents, 0))
    if not groups:
        raise DataError("it holds no object with the matrices AT, G and BT, each a list of rows")
    return groups


def parsed(text: str) -> Any:
    """JSON with numbers as text, so that nothing is rounded.

    Raises:
        DataError: no JSON.
    """
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
    except RecursionError as error:
        raise DataError("it is too deeply nested") from error
    except ValueError as error:
        raise DataError(f"it is no JSON: {error}") from error


def _groups(contents: Any, depth: int) -> Iterator[Findings]:
    """Every object that has lists of rows among its values, in the order of the file."""
    if depth > _DEEPEST:
        return
    if isinstance(contents, list):
        for item in contents:
            if isinstance(item, dict):
                yield from _groups(item, depth + 1)
    elif isinstance(contents, dict):
        findings = _findings(contents)
        if findings.tables or findings.unread:
            yield findings
        for value in contents.values():
            if isinstance(value, dict) or (isinstance(value, list) and not _is_rows(value)):
                yield from _groups(value, depth + 1)


def _findings(members: Mapping[str, Any]) -> Findings:
    findings = Findings()
    for name, rows in members.items():
        if _is_rows(rows):
            try:
                findings.tables.append(_table(name, rows))
            except DataError as error:
                findings.unread.append(Unread(name, str(error), is_matrix=True))
    return findings


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, list) for row in value)


def _table(name: str, rows: list[Any]) -> Table:
    if not all(isinstance(row, list) and row for row in rows):
        raise DataError(f"{quoted(name)} must be a list of rows, each a list of numbers")
    for entry in (entry for row in rows for entry in row):
        if not isinstance(entry, str):
            shown = quoted(entry, 40)
            raise DataError(f"{name[:40]} holds {shown}; numbers are 2, -0.25, or text such as 1/2 and sqrt(2)/2")
    try:
        return table(name, grid([[evaluate(entry) for entry in row] for row in rows]))
    except DataError as error:
        raise DataError(str(error) if str(error).startswith(name[:40]) else f"{name[:40]} holds {error}") from error


def _refuse(name: str) -> NoReturn:
    raise DataError(f"it holds {name}; numbers must be finite")
