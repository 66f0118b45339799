"""What no one should give to a function, and what comes of it.

A call works, or it raises a WincookError: nothing else, and at once.
"""

from __future__ import annotations

import decimal
import itertools
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
import sympy

import wincook as wc
from wincook.errors import quoted

Table = dict[str, tuple[Callable[..., Any], dict[str, Any]]]
"""By name, functions with arguments that are right."""

SECONDS = 60  # the first call of a kernel compiles it
SAMPLE = 2000  # calls in each run of the suite; all of them run under the marker nightly


class Hostile:
    """What raises wherever it is touched."""

    def _raise(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("do not touch")

    __array__ = __iter__ = __len__ = __index__ = __float__ = __repr__ = __bool__ = __eq__ = __hash__ = _raise


class Tensor:
    """As torch's: it needs its gradient dropped before numpy takes it."""

    def __init__(self, values: Any, dtype: str = "torch.float32") -> None:
        self.values, self.dtype, self.shape = np.asarray(values), dtype, np.shape(values)
        self.ndim, self.requires_grad = len(self.shape), True

    def detach(self) -> Tensor:
        plain = Tensor(self.values, self.dtype)
        plain.requires_grad = False
        return plain

    def cpu(self) -> Tensor:
        return self

    def float(self) -> Tensor:
        return Tensor(self.values.astype(np.float32))

    def numpy(self) -> Any:
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        if "bfloat16" in self.dtype:
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.values

    def __array__(self, *_: Any, **__: Any) -> Any:
        return self.numpy()


F22 = wc.algorithm("F(2x2,3x3)")
PLAIN = wc.Layer(2, 2, (4, 4), (3, 3))

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 3, 10**30, 2**63, -(2**63), 10**5000),
    *(1.5, 3.0, -0.5, float("nan"), float("inf"), 1j),
    *("", "3", "x", "F(4,3)", "F(2x2,3x3)", "0, 1, ∞", "float32", "uniform", "same", "NHWC", "no such", "a\0b"),
    *("9" * 5000, b"3", bytearray(b"F(2,3)")),
    *([], [1], [[1, 2], [3]], (), (1,), (-1,), (1, 1), (1, 2, 3), ("a",), [None], [[]], [1.5, "a"], {}, {"a": 1}),
    *({1}, frozenset(), range(3), object(), object, len, Ellipsis, ValueError("x"), Path("nowhere")),
    *(np.int64(3), np.uint8(2), np.float32(2.5), np.float64("nan"), np.bool_(True), np.array(3), np.array(1.5)),
    *(np.array([1, 1]), np.array([]), np.zeros((0, 3)), np.ones((2, 2, 2, 2)), np.array(["a"]), np.array([None])),
    *(np.array([1 + 2j]), np.zeros(2, "f4,i4"), np.datetime64("2026-01-01"), np.ones((3, 2), ">f8")[::-1]),
    *(np.ma.masked_array([1.0, 2.0], [True, False]), ml_dtypes.bfloat16(1.5), np.str_("F(2,3)")),
    *(Fraction(1, 3), decimal.Decimal("1.5"), datetime(2026, 1, 1)),  # noqa: DTZ001
    *(sympy.Symbol("a"), sympy.Rational(1, 2), sympy.Float(0.5), sympy.oo, sympy.eye(2)),
    *(Tensor([1.0, 2.0]), Tensor(np.ones((1, 2, 4, 4)), "torch.bfloat16"), Hostile(), [Hostile()]),
    *(wc.Tile.parse("F(2,3)"), wc.Points.parse("0, 1, ∞"), F22, F22.axes[0], PLAIN, wc.Precision.of("float16")),
    *(wc.Format.of("int8"), wc.program.Style()),
)
# Called to give the value: what runs out is made anew for each call.
WRONG: tuple[Callable[[], Any], ...] = (
    *(partial(VALUES.__getitem__, number) for number in range(len(VALUES))),
    *(lambda: (n for n in (1, 2)), itertools.count, lambda: iter("ab")),
)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """A call that takes longer is stopped."""

    def stop(*_: Any) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def wrong_calls(table: Table) -> list[tuple[str, str, int]]:
    """Callable, argument, and number of the wrong value."""
    return [
        (name, argument, number)
        for name, (_, arguments) in table.items()
        for argument in arguments
        for number in range(len(WRONG))
    ]


def failures(table: Table, tried: list[tuple[str, str, int]]) -> list[str]:
    """The calls that neither work nor are refused."""
    return [
        f"{name}({argument}={quoted(WRONG[number]())}): {fault}"
        for name, argument, number in tried
        if (fault := outcome(*table[name], argument, number))
    ]


def outcome(function: Callable[..., Any], arguments: dict[str, Any], replaced: str, number: int) -> str | None:
    """What went wrong with a wrong call; None if it works or is refused as it should be."""
    value = WRONG[number]()
    try:
        with within(SECONDS):
            function(**{**arguments, replaced: value})
    except wc.WincookError as error:
        if len(str(error)) > 500 or "\n" in str(error):
            return f"message of {len(str(error))} characters: {str(error)[:100]!r}"
    except Exception as error:  # noqa: BLE001 (this is what is looked for)
        return f"{type(error).__name__}: {quoted(error, 150)}"
    return None


@pytest.fixture
def failures_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The wrong calls of a table that neither work nor are refused; of a sample, if not of all."""

    def run(table: Table, *, every: bool = False) -> list[str]:
        monkeypatch.chdir(tmp_path)
        tried = wrong_calls(table)
        return failures(table, tried if every else random.Random(0).sample(tried, min(SAMPLE, len(tried))))

    return run
