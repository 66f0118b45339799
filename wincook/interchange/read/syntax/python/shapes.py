"""What in a tree of Python looks like a matrix, whether it is understood or not."""

from __future__ import annotations

import ast

_FEWEST_IN_A_ROW, _FEWEST_IN_ALL = 2, 4


def shows_matrix(node: ast.expr) -> bool:
    """Whether an expression holds a list of rows of numbers, or a row of enough numbers for a matrix."""
    for part in ast.walk(node):
        if isinstance(part, ast.List | ast.Tuple):
            rows = [
                row for row in part.elts if isinstance(row, ast.List | ast.Tuple) and _numbers(row) >= _FEWEST_IN_A_ROW
            ]
            if len(rows) >= _FEWEST_IN_A_ROW or (len(part.elts) >= _FEWEST_IN_ALL and _numbers(part)):
                return True
    return False


def _numbers(row: ast.List | ast.Tuple) -> int:
    """How many entries are numbers, or begin with one."""
    return sum(
        any(isinstance(part, ast.Constant) and isinstance(part.value, int | float) for part in ast.walk(entry))
        for entry in row.elts
        if not isinstance(entry, ast.List | ast.Tuple | ast.Call)
    )
