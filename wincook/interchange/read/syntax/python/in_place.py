"""Statements that change an array in place: which array, and the change itself where it is understood.

    BT[3][3] = 1        G[1] /= 2        rows.append([0, 0, 1])        G.mul_(2)        np.negative(G, out=G)

Arrays and lists are shared as they are in the program: a row of an array is a part of it, and two names may hold the
same list. What may be known under a second name is not changed here, since one of the two may be a copy.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator
from typing import Any

import numpy as np
import sympy

from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell
from wincook.interchange.read.syntax.python.arrays import Value
from wincook.interchange.read.syntax.python.expressions import Evaluator, dotted

_METHODS = re.compile(
    r"append|extend|insert|pop|remove|reverse|sort|fill|fill_diagonal|itemset|put|resize|__setitem__|__delitem__|(?!_)\w+(?<!requires_grad)_"
)
_INTO_FIRST = {"copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "shuffle", "setitem", "delitem"}
_INTO_THIRD = {"multiply", "divide", "add", "subtract", "true_divide", "power"}
_VIEWS = {"T", "mT", "data", "flat", "real"}
_OPERATORS: dict[str, ast.operator] = {"mul_": ast.Mult(), "div_": ast.Div(), "add_": ast.Add(), "sub_": ast.Sub()}
_KEY = re.compile(r"\(?[0-9]+(?:, ?[0-9]+)*\)?")


def changed_name(target: ast.expr, known: Container[str] = ()) -> str:
    """The name of what a target is a part or a view of; empty if it has none. Entries of dictionaries may be known.

    >>> [changed_name(ast.parse(text, mode="eval").body) for text in ("BT[3][3]", "self.G.T[0]", "sets['AT'][1, 2]")]
    ['BT', 'self.G', 'AT']
    """
    while True:
        match target:
            case ast.Subscript(slice=ast.Constant(value=str(name))):
                return name
            case ast.Subscript() if (name := entry_name(target)) in known:
                return name
            case ast.Subscript(value=inner) | ast.Call(func=ast.Attribute(value=inner)):
                target = inner
            case ast.Attribute(value=inner, attr=attribute) if attribute in _VIEWS:
                target = inner
            case _:
                return dotted(target)


def entry_name(target: ast.Subscript) -> str:
    """The name for an entry of a dictionary: `sets["BT"]`, `G[4]` and `G[4, 3]`; empty where no such key stands.

    >>> [entry_name(ast.parse(text, mode="eval").body) for text in ("sets['BT']", "G[4, 3]", "G[k]")]
    ['BT', 'G_4x3', '']
    """
    if isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str):
        return target.slice.value
    key, base = ast.unparse(target.slice), dotted(target.value)
    return f"{base}_{'x'.join(re.findall(r'[0-9]+', key))}" if base and _KEY.fullmatch(key) else ""


def changed_by_call(call: ast.Call) -> Iterator[ast.expr]:
    """What a call changes: G.mul_(2), rows.append(…), np.negative(G, out=G), np.copyto(G, …)."""
    if isinstance(call.func, ast.Attribute) and _METHODS.fullmatch(call.func.attr):
        yield call.func.value
    yield from (word.value for word in call.keywords if word.arg == "out")
    last = dotted(call.func).rsplit(".", maxsplit=1)[-1]
    place = 0 if last in _INTO_FIRST else 2 if last in _INTO_THIRD else len(call.args)
    yield from call.args[place : place + 1]


def as_assignment(statement: ast.stmt) -> ast.AugAssign | None:
    """The assignment that a statement such as `G.mul_(2)` or `rows.append(row)` stands for; None if it is no such."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=target, attr=method), args=[value], keywords=[])):
            if method == "append":
                value = ast.copy_location(ast.List([value], ast.Load()), value)
            operator = _OPERATORS.get(method, ast.Add() if method in {"append", "extend"} else None)
            if operator is not None and isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
                return ast.copy_location(ast.AugAssign(target, operator, value), statement)
    return None


def carry_out(evaluator: Evaluator, node: ast.Assign | ast.AugAssign, target: ast.expr) -> Value:
    """Change what is known of the name of a target as the statement does; returns what the name then holds.

    Raises:
        DataError: the change is not understood; then nothing is changed.
    """
    name = changed_name(target, evaluator.names)
    value = evaluator.names.get(name)
    if not isinstance(value, list | np.ndarray):
        raise DataError(f"{name[:40]}, which is no array that is known")
    if sharing(evaluator, name):
        raise DataError(f"{name[:40]}, which has a second name")
    right = evaluator.value(node.value)
    indices = [evaluator.index(index) for index in _indices(target, name)]
    if not indices:
        assert isinstance(node, ast.AugAssign)  # noqa: S101 (a plain assignment to a name changes nothing in place)
        evaluator.names[name] = evaluator.arrays.operated(node.op, value, right)
        return evaluator.names[name]
    container: Any = value
    try:
        for index in indices[:-1]:
            container = container[index]
        if isinstance(node, ast.AugAssign):
            if isinstance(container[indices[-1]], list):
                raise DataError("a list within a list, which may stand there twice")
            right = evaluator.arrays.operated(node.op, container[indices[-1]], right)
        _put(evaluator, container, indices[-1], right)
    except (IndexError, TypeError, ValueError) as error:
        raise DataError(f"an index that does not fit {name[:40]}") from error
    return value


def sharing(evaluator: Evaluator, name: str) -> list[str]:
    """The other names that may hold the same array or list, or a part of it."""
    lists, arrays = _parts(evaluator.names.get(name))
    if not lists and not arrays:
        return []
    names = []
    for other, value in evaluator.names.items():
        other_lists, other_arrays = _parts(value)
        shared = any(np.may_share_memory(a, b) for a in arrays for b in other_arrays)
        if other != name and (shared or lists & other_lists):
            names.append(other)
    return names


def _parts(value: Value) -> tuple[set[int], list[np.ndarray]]:
    """The lists within a value, by their identities, and the arrays."""
    if isinstance(value, np.ndarray):
        return set(), [value]
    if not isinstance(value, list | tuple):
        return set(), []
    parts = [_parts(item) for item in value if not isinstance(item, Cell)]
    return {id(value)}.union(*(lists for lists, _ in parts)), [array for _, arrays in parts for array in arrays]


def _indices(target: ast.expr, name: str) -> list[ast.expr]:
    """The indices behind the name of a target, the first of them first.

    Raises:
        DataError: something else stands between.
    """
    indices: list[ast.expr] = []
    while isinstance(target, ast.Subscript) and entry_name(target) != name:
        indices.insert(0, target.slice)
        target = target.value
    if name not in {dotted(target), entry_name(target) if isinstance(target, ast.Subscript) else None}:
        raise DataError(f"a view of {name[:40]}")
    return indices


def _put(evaluator: Evaluator, container: Any, index: Any, value: Value) -> None:
    if isinstance(container, list):
        if isinstance(index, slice) and not isinstance(value, list | tuple):
            raise DataError("a slice that is given no list")
        container[index] = value
        return
    if not isinstance(container, np.ndarray):
        raise DataError("an entry of something that is no array")
    cells = np.asarray(value, object) if isinstance(value, Cell) else evaluator.arrays.array(value)
    array: np.ndarray = container
    while isinstance(array.base, np.ndarray):
        array = array.base
    if _integers(array):
        if any(isinstance(cell.value, sympy.Expr) or cell.value.denominator > 1 for cell in cells.ravel()):
            raise DataError("a number that an array of integers may cut")
        cells = np.frompyfunc(lambda cell: Cell(int(cell.value), cell.decimals), 1, 1)(cells)
    container[index] = cells if isinstance(cells, np.ndarray) and cells.ndim else np.asarray(cells, object)[()]


def _integers(array: np.ndarray) -> bool:
    return all(isinstance(cell, Cell) and isinstance(cell.value, int) for cell in array.ravel())
