"""Changes in place of what is known: carried out as Python and numpy do, or refused without a trace."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.syntax.python.expressions import Evaluator
from wincook.interchange.read.syntax.python.in_place import (
    as_assignment,
    carry_out,
    changed_by_call,
    changed_name,
    sharing,
)


def known(lines: list[str]) -> Evaluator:
    """An evaluator that has read assignments to names."""
    evaluator = Evaluator([line.encode() for line in lines])
    for number, line in enumerate(lines, 1):
        (statement,) = ast.parse(line).body
        ast.increment_lineno(statement, number - 1)
        assert isinstance(statement, ast.Assign)
        evaluator.names[ast.unparse(statement.targets[0])] = evaluator.value(statement.value)
    return evaluator


def plain(value: Any) -> Any:
    values = value.tolist() if isinstance(value, np.ndarray) else value
    return [plain(item) for item in values] if isinstance(values, list) else int(values.value)


def changed(evaluator: Evaluator, text: str) -> Any:
    (statement,) = ast.parse(text).body
    statement = as_assignment(statement) or statement
    assert isinstance(statement, ast.Assign | ast.AugAssign)
    evaluator.lines = [text.encode()]
    target = statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0]
    return plain(carry_out(evaluator, statement, target))


ARRAYS = [
    "G[1][0] = 7", "G[1, 0] = 7", "G[-1] = [7, 8]", "G[:, 1] = [7, 8]", "G[0] += 1", "G *= 2", "G[0, 1:] = 5",
]  # fmt: skip
LISTS = [
    "G[1][0] = 7",
    "G[-1] = [7, 8]",
    "G[0:1] = [[7, 8], [9, 9]]",
    "G += [[5, 6]]",
    "G.append([5, 6])",
    "G[0][1] -= 9",
]


@pytest.mark.parametrize("form", ["np.array([[1, 2], [3, 4]])", "[[1, 2], [3, 4]]"])
@pytest.mark.parametrize("text", sorted({*ARRAYS, *LISTS}))
def test_changes_are_those_of_python_itself(form: str, text: str) -> None:
    if text not in (ARRAYS if "np" in form else LISTS):
        return
    names: dict[str, Any] = {"G": np.array([[1, 2], [3, 4]]) if "np" in form else [[1, 2], [3, 4]]}
    exec(text, {}, names)  # noqa: S102 (the changes above)
    assert changed(known([f"G = {form}"]), text) == np.array(names["G"]).tolist()


@pytest.mark.parametrize(
    "text", ["G[0, 0] = 0.5", "G[5] = 1", "G[k] = 1", "G[0] = x", "G.T[0] = 1", "H[0] = 1", "G[0] = [1, 2, 3]"]
)
def test_what_is_not_understood_changes_nothing(text: str) -> None:
    evaluator = known(["G = np.array([[1, 2], [3, 4]])"])
    with pytest.raises(DataError):
        changed(evaluator, text)
    assert plain(evaluator.names["G"]) == [[1, 2], [3, 4]]


def test_names_share_lists_arrays_and_rows(golden: Golden) -> None:
    evaluator = known(["G = [[1, 2], [3, 4]]", "row = G[0]", "copy = G", "other = [[1, 2], [3, 4]]", "A = np.array(G)"])
    assert sharing(evaluator, "G") == ["row", "copy"]
    assert sharing(evaluator, "other") == []
    evaluator = known(["A = np.array([[1, 2]])", "view = A.T", "part = [A[0], 3]", "own = A * 1"])
    assert sharing(evaluator, "A") == ["view", "part"]
    with golden.raises(DataError):
        changed(evaluator, "A[0, 0] = 1")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("G.mul_(2)", ["G"]),
        ("np.negative(G, out=H)", ["H"]),
        ("np.copyto(G, H)", ["G"]),
        ("np.multiply(a, b, G)", ["G"]),
        ("rows[0].append(1)", ["rows"]),
        ("x.requires_grad_(False)", []),
        ("print(G)", []),
        ("G[0].__setitem__(1, 2)", ["G"]),
        ("operator.setitem(G, 0, 1)", ["G"]),
    ],
)
def test_calls_that_change_what_they_are_given(text: str, names: list[str]) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert [changed_name(target) for target in changed_by_call(call)] == names
