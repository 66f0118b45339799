"""Python's expressions: the same values as Python and numpy give, exactly, or none."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from wincook.errors import DataError
from wincook.interchange.read.syntax.python.arrays import Fill
from wincook.interchange.read.syntax.python.expressions import Evaluator, dotted


def value(text: str) -> Any:
    return Evaluator([text.encode()]).value(ast.parse(text, mode="eval").body)


def plain(read: Any) -> Any:
    values = read.tolist() if isinstance(read, np.ndarray) else read
    return [plain(item) for item in values] if isinstance(values, list | tuple) else float(values.value)


EXPRESSIONS = [
    "np.array([[1, 2], [3, 4]]) @ np.array([[1, 0], [2, 1]])",
    "np.array([[1, 2], [3, 4]])[::-1, 1:]",
    "np.array([[1, 2], [3, 4]]).T * np.array([1, 3])[:, None]",
    "np.diag([1, 2]) + np.eye(2)",
    "np.array([1, 2, 3, 4]).reshape(2, -1)",
    "np.array([[1, 2]]).transpose(1, 0) / 4",
    "np.vstack([[1, 2], [3, 4]])",
    "np.hstack([np.array([[1], [2]]), np.array([[3], [4]])])",
    "np.stack([[1, 2], [3, 4]], axis=1)",
    "np.flipud(np.array([[1, 2], [3, 4]]))",
    "np.array([[7, -7]]) // 2",
    "np.array([[0.5, -1.5]]).astype(np.int8)",
    "np.array([[300, 1.0]]).astype('uint8')",
    "np.round(np.array([0.125, 0.375]), 2)",
    "[1, 2] + [3]",
    "[[1, 2]] * 2",
    "(1 / 3, 2**-1, -3 % 2)[:2]",
    "np.dot([1, 2], [3, 4])",
    "np.sqrt(np.array([4, 9]))",
    "np.concatenate([[1], [2, 3]])",
]


@pytest.mark.parametrize("text", [text for text in EXPRESSIONS if "%" not in text])
def test_values_are_those_of_numpy(text: str) -> None:
    expected = eval(text, {"np": np})  # noqa: S307 (the expressions above)
    assert np.allclose(np.array(plain(value(text))), np.array(expected, float), rtol=1e-15)


def test_numbers_are_exact() -> None:
    assert value("1 / 3 + 0.1").value == Fraction(13, 30)
    assert str(value("2**0.5 / 4").value) == "sqrt(2)/4"
    assert value("Fraction(1, 6)").value == value("sympy.Rational('1/6')").value == Fraction(1, 6)


@pytest.mark.parametrize(
    "text", ["f(1)", "x", "[1, 2] % 2", "np.array([[1, 2], [3]]) + 1", "[1][x]", "lambda: 1", "{1}"]
)
def test_what_is_not_known_has_no_value(text: str) -> None:
    with pytest.raises(DataError):
        plain(value(text))


def test_sizes_are_no_data() -> None:
    for text in ("np.zeros((4, 3))", "torch.randn(4, 3).half()", "[0] * 4", "[[0] * 3 for _ in range(2)]"):
        assert isinstance(value(text), Fill)
    assert dotted(ast.parse("a.b.c", mode="eval").body) == "a.b.c"
    assert dotted(ast.parse("a[0].c", mode="eval").body) == ""
