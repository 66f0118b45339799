"""What draws the numbers of a data law: how far they reach, and how likely one lies further out.

A law may draw by any function; one that also tells its `reach`, as those here do, lets a bound say for what data it
holds. The normal law has no end: its reach is so many deviations that of 10¹⁴ numbers hardly one lies beyond.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import erfc, inf, nan, sqrt
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from wincook.arrays import Array
from wincook.errors import ShapeError

Draw = Callable[[np.random.Generator, tuple[int, ...]], Array]  # of shape (tiles, C, *places)

_DEVIATIONS = 8.0  # a normal number lies beyond with probability 1.2e-15


@runtime_checkable
class Reaching(Protocol):
    """A draw that knows how large its numbers are, and whether all are whole."""

    @property
    def whole(self) -> bool | None:
        """Whether all numbers are whole; nothing where it is not known."""

    @property
    def reach(self) -> float:
        """A magnitude that no number exceeds, or hardly one."""

    def beyond(self, limit: float) -> float:
        """The probability that the magnitude of one number exceeds a limit."""


@dataclass(frozen=True, slots=True)
class Uniform:
    """Numbers in (-1, 1)."""

    whole: ClassVar[bool] = False

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw an array."""
        return rng.uniform(-1.0, 1.0, shape)

    @property
    def reach(self) -> float:
        """No number exceeds it."""
        return 1.0

    def beyond(self, limit: float) -> float:
        """The probability that the magnitude of one number exceeds a limit.

        >>> Uniform().beyond(0.75)
        0.25
        """
        return min(1.0, max(0.0, 1.0 - limit))


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal numbers of variance 1; `rectified`, those below 0 become 0."""

    whole: ClassVar[bool] = False
    rectified: bool = False

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw an array."""
        drawn = rng.standard_normal(shape)
        return np.maximum(drawn, 0.0) if self.rectified else drawn

    @property
    def reach(self) -> float:
        """Hardly a number exceeds it."""
        return _DEVIATIONS

    def beyond(self, limit: float) -> float:
        """The probability that the magnitude of one number exceeds a limit.

        >>> f"{Normal().beyond(2.0):.4f} {Normal(rectified=True).beyond(2.0):.4f}"
        '0.0455 0.0228'
        """
        return erfc(limit / sqrt(2)) / (2 if self.rectified else 1)


@dataclass(frozen=True, slots=True, eq=False)
class Signed:
    """The magnitudes of another draw with given signs: +1, -1 or 0, of a shape that broadcasts to (C, *places)."""

    draw: Draw
    pattern: Array

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw an array.

        Raises:
            ShapeError: the pattern does not fit.
        """
        try:
            signs = np.broadcast_to(np.sign(self.pattern), shape)
        except ValueError:
            raise ShapeError(
                f"a pattern of shape {self.pattern.shape} does not fit tiles of shape {shape[1:]}"
            ) from None
        signed: Array = np.abs(self.draw(rng, shape)) * signs
        return signed

    @property
    def whole(self) -> bool | None:
        """Whether all numbers are whole."""
        return known(self.draw).whole

    @property
    def reach(self) -> float:
        """That of the magnitudes."""
        return known(self.draw).reach

    def beyond(self, limit: float) -> float:
        """The probability that the magnitude of one number exceeds a limit; where the sign is 0 none does."""
        return known(self.draw).beyond(limit) * float(np.mean(self.pattern != 0))


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is known of a function that only draws: nothing."""

    reach: float = 0.0
    whole: bool | None = None

    def beyond(self, limit: float) -> float:
        """NaN, whatever the limit, but that nothing exceeds infinity."""
        return 0.0 if limit == inf else nan


def known(draw: Draw) -> Reaching:
    """What a draw knows of its own numbers."""
    return draw if isinstance(draw, Reaching) else Unknown()
