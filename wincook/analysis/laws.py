"""Data laws: how inputs and filters are drawn, and the second moments that the prediction needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.errors import NotationError

Array = NDArray[Any]
Draw = Callable[[np.random.Generator, tuple[int, ...]], Array]


@dataclass(frozen=True, slots=True)
class Law:
    """Independent inputs d and filters g; the filters have mean zero.

    `mean` and `variance` are those of an input. `gain` says how filters are scaled: not at all (none), or so that
    the variance of a tap is gain / (taps over all channels).
    """

    name: str
    draw_input: Draw
    mean: float
    variance: float
    draw_tap: Draw
    tap_variance: float
    gain: float | None = None

    @classmethod
    def of(cls, name: Law | str) -> Law:
        """The law itself, or the one of that name.

        Raises:
            NotationError: the name is unknown; the message lists the known ones.
        """
        if isinstance(name, Law):
            return name
        try:
            return LAWS[name]
        except KeyError:
            raise NotationError(f"unknown data law {name!r}; known are {', '.join(LAWS)}") from None

    def draw_filter(self, rng: np.random.Generator, shape: tuple[int, ...], taps: int) -> Array:
        """Filters of a given shape, each with so many taps over all channels."""
        drawn = self.draw_tap(rng, shape)
        return drawn if self.gain is None else drawn * sqrt(self.gain / taps / self.tap_variance)

    def filter_variance(self, taps: int) -> float:
        """The variance of one tap of such filters."""
        return self.tap_variance if self.gain is None else self.gain / taps


def _uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.uniform(-1.0, 1.0, shape)


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.standard_normal(shape)


def _relu(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.maximum(rng.standard_normal(shape), 0.0)


UNIFORM = Law("uniform", _uniform, 0.0, 1 / 3, _uniform, 1 / 3)
NORMAL = Law("normal", _normal, 0.0, 1.0, _normal, 1.0)
# Activations after a ReLU, and weights as He et al. (arXiv 1502.01852, section 2.2) initialise them.
RELU = Law("relu", _relu, sqrt(1 / (2 * pi)), 1 / 2 - 1 / (2 * pi), _normal, 1.0, gain=2.0)

LAWS = {law.name: law for law in (UNIFORM, NORMAL, RELU)}
