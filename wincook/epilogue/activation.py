"""Activations as values: relu, relu6, leaky(slope), clamp(low, high), silu and gelu, each with its steps.

silu(x) = x / (1 + exp(-x)), with Moshier's expf of the Cephes library: x = n·ln 2 + r, and a polynomial in r.
gelu(x) = x Φ(x), with the normal distribution Φ and t = |x|, is

    x (1/2 + x Q(x²))       for t < 1,
    max(x, 0) - t Φ(-t)     beyond, with t Φ(-t) = exp(-t²/2) P(u - 3/8), u = 1 / (1 + t/2),

in which little cancels, and P is nearly level. Q and P are fitted to erf and erfcx in float64 by least squares,
reweighted until their errors are level, at 2^-26 at most. t² is split (Dekker 1971), since its rounding would grow by
t²/2. Errors are at most 4 units in the last place of float32, or 1e-36 where x is so far below zero that the result is
smaller than 1e-30.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from wincook.arguments import choice, items, real_number
from wincook.epilogue.steps import MAGIC, Step, Steps
from wincook.errors import NotationError, quoted

_LN2_HIGH, _LN2_LOW, _PER_LN2 = 0.693359375, -2.12194440e-4, 1.44269504088896341
_LEAST_POWER, _LARGEST_POWER = -87.3, 88.7  # of e, that float32 holds, or shows as infinity
_EXP = (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
_NEAR: tuple[float, ...] = (
    *(-7.622320936206961e-06, 0.0001134133999585174, -0.0011862721294164658, 0.009973305277526379),
    *(-0.06649035960435867, 0.3989422917366028),
)
_FAR: tuple[float, ...] = (
    *(0.32446104288101196, -0.25087669491767883, -0.20701314508914948, 0.31671807169914246, 0.15230199694633484),
    *(-0.3780152499675751, -0.48303940892219543, -0.20405739545822144, 0.3699510097503662),
)
_LARGEST_T = 13.2
_SPLITTER = 2.0**12 + 1
_NOTATION = re.compile(r"\s*(\w+)\s*(?:\(([^()]*)\))?\s*")
_EXAMPLE = "known are relu, relu6, leaky(slope), clamp(low, high), silu, gelu"


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation, by its name and its numbers, which are rounded to float32.

    >>> print(Activation.of("clamp(-1, 6)"), Activation.of("leaky(1/4)").steps)
    clamp(-1, 6) (('max', 0, 0.0), ('min', 0, 0.0), ('mul', 2, 0.25), ('add', 1, 3))

    Raises:
        NotationError: an unknown name, other numbers than it takes, numbers that are not finite, or a low above high.
    """

    name: str
    numbers: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        name = choice("activation", self.name, _BY_NAME)
        numbers = tuple(_float32(number) for number in items(name, self.numbers, "(0, 6)", NotationError))
        expected = _BY_NAME[name][0]
        if len(numbers) != len(expected):
            raise NotationError(f"{name} takes {len(expected)} numbers, not {len(numbers)}; {_EXAMPLE}")
        if name == "clamp" and numbers[0] > numbers[1]:
            raise NotationError(f"clamp({numbers[0]:g}, {numbers[1]:g}) leaves nothing; give the lower number first")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "numbers", numbers)

    @classmethod
    def of(cls, activation: Activation | str) -> Activation:
        """The activation itself, or read from text.

        Raises:
            NotationError: no activation and no text of one.
        """
        if isinstance(activation, Activation):
            return activation
        match = _NOTATION.fullmatch(activation) if isinstance(activation, str) else None
        if match is None:
            raise NotationError(f"unknown activation {quoted(activation)}; {_EXAMPLE}")
        name, numbers = match.groups()
        return cls(name, () if numbers is None else tuple(numbers.split(",")))  # type: ignore[arg-type]  # read there

    @property
    def steps(self) -> Steps:
        """What it does, from one input."""
        listing = _Listing(inputs=1)
        _BY_NAME[self.name][1](listing, *self.numbers)
        return tuple(listing.steps)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{number:g}' for number in self.numbers)})" if self.numbers else self.name


class _Listing:
    """Steps that are being written down: each call adds one, and tells the place of its value."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.steps: list[Step] = []

    def __call__(self, kind: str, *operands: float) -> int:
        rounded = (operand if isinstance(operand, int) else float(np.float32(operand)) for operand in operands)
        self.steps.append((kind, *rounded))
        return self.inputs + len(self.steps) - 1


def _clamp(do: _Listing, low: float, high: float) -> None:
    do("min", do("max", 0, low), high)


def _leaky(do: _Listing, slope: float) -> None:
    positive, negative = do("max", 0, 0.0), do("min", 0, 0.0)
    do("add", positive, do("mul", negative, slope))


def _silu(do: _Listing) -> None:
    power = do("max", do("min", do("mul", 0, -1.0), _LARGEST_POWER), _LEAST_POWER)
    do("div", 0, do("add", _exp(do, power), 1.0))


def _gelu(do: _Listing) -> None:
    t = do("min", do("max", 0, do("mul", 0, -1.0)), _LARGEST_T)
    scaled = do("mul", t, _SPLITTER)
    high = do("sub", scaled, do("sub", scaled, t))
    low = do("mul", do("sub", t, high), do("add", t, high))
    exponential = _exp(do, do("mul", do("mul", high, high), -0.5), do("mul", low, -0.5))
    u = do("div", 1.0, do("add", do("mul", t, 0.5), 1.0))
    tail = do("mul", exponential, _polynomial(do, do("sub", u, 0.375), _FAR))
    far = do("sub", do("max", 0, 0.0), tail)
    odd = do("mul", 0, _polynomial(do, do("mul", t, t), _NEAR))
    near = do("mul", 0, do("add", odd, 0.5))
    do("where", t, 1.0, near, far)


def _exp(do: _Listing, power: int, more: int | None = None) -> int:
    """e to a power in float32's range, and to a little more."""
    shifted = do("add", do("mul", power, _PER_LN2), MAGIC)
    n = do("sub", shifted, MAGIC)
    r = do("sub", do("sub", power, do("mul", n, _LN2_HIGH)), do("mul", n, _LN2_LOW))
    r = r if more is None else do("add", r, more)
    square = do("mul", _polynomial(do, r, _EXP), do("mul", r, r))
    return do("mul", do("add", do("add", square, r), 1.0), do("power", shifted))


def _polynomial(do: _Listing, x: int, coefficients: tuple[float, ...]) -> int:
    """By Horner's rule, the highest coefficient first."""
    first, second, *rest = coefficients
    value = do("add", do("mul", x, first), second)
    for coefficient in rest:
        value = do("add", do("mul", value, x), coefficient)
    return value


_BY_NAME: dict[str, tuple[tuple[str, ...], Callable[..., None]]] = {
    "relu": ((), lambda do: do("max", 0, 0.0)),
    "relu6": ((), lambda do: _clamp(do, 0.0, 6.0)),
    "leaky": (("slope",), _leaky),
    "clamp": (("low", "high"), _clamp),
    "silu": ((), _silu),
    "gelu": ((), _gelu),
}


def _float32(number: object) -> float:
    """A number, or text of one, rounded to float32."""
    if isinstance(number, str):
        try:
            number = Fraction(number.strip())
        except (ValueError, ZeroDivisionError):
            raise NotationError(f"{quoted(number)} is no number of an activation; {_EXAMPLE}") from None
    return real_number("a number of an activation", float(np.float32(real_number("a number", number))))
