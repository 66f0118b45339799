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

    `variance` and `mean` describe an input; `filter_variance` is that of a filter tap, for a filter with so many
    taps over all channels.
    """

    name: str
    draw_input: Draw
    draw_filter: Callable[[np.random.Generator, tuple[int, ...], int], Array]
    mean: float
    variance: float
    filter_variance: Callable[[int], float]

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


def _uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.uniform(-1.0, 1.0, shape)


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.standard_normal(shape)


def _relu(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.maximum(rng.standard_normal(shape), 0.0)


UNIFORM = Law("uniform", _uniform, lambda rng, shape, _: _uniform(rng, shape), 0.0, 1 / 3, lambda _: 1 / 3)
NORMAL = Law("normal", _normal, lambda rng, shape, _: _normal(rng, shape), 0.0, 1.0, lambda _: 1.0)
# Activations after a ReLU, and weights as He et al. (arXiv 1502.01852) initialise them.
RELU = Law(
    "relu",
    _relu,
    lambda rng, shape, taps: _normal(rng, shape) * sqrt(2 / taps),
    sqrt(1 / (2 * pi)),
    1 / 2 - 1 / (2 * pi),
    lambda taps: 2 / taps,
)

LAWS = {law.name: law for law in (UNIFORM, NORMAL, RELU)}
