"""Matrices in JSON: `{"AT": [["1", "0"], …], "G": …, "BT": …}`, numbers JSON's, or text such as "1/24".

Several sets stand in a list, under a name each, or, if they are the axes of one algorithm, under `axes`. An object with
`tile` and `axes` is what `wincook show` writes, and states which algorithm it holds.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from wincook.construct.foreign.expression import evaluate
from wincook.construct.foreign.table import Table, table
from wincook.errors import DataError


def object_tables(contents: Any) -> list[list[Table]]:
    """The matrices of each set.

    Raises:
        DataError: no object with lists of rows.
    """
    if isinstance(contents, dict) and "axes" in contents:
        contents = contents["axes"]
    elif isinstance(contents, dict) and any(_is_rows(value) for value in contents.values()):
        contents = [contents]
    elif isinstance(contents, dict):
        contents = [value for value in contents.values() if isinstance(value, dict)]
    if not isinstance(contents, list) or not contents or not all(isinstance(one, dict) for one in contents):
        raise DataError("it holds no object with the matrices AT, G and BT, each a list of rows")
    return [[_table(name, rows) for name, rows in one.items() if _is_rows(rows)] for one in contents]


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


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, list) for row in value)


def _table(name: str, rows: list[Any]) -> Table:
    if not all(isinstance(row, list) and row for row in rows):
        raise DataError(f"{name} must be a list of rows, each a list of numbers")
    for entry in (entry for row in rows for entry in row):
        if not isinstance(entry, str):
            raise DataError(f"{name} holds {str(entry)[:40]}; numbers are 2, -0.25, or text such as 1/2 and sqrt(2)/2")
    try:
        return table(name, [[evaluate(entry) for entry in row] for row in rows])
    except DataError as error:
        raise DataError(str(error) if str(error).startswith(name) else f"{name} holds {error}") from error


def _refuse(name: str) -> NoReturn:
    raise DataError(f"it holds {name}; numbers must be finite")
