"""Data laws: how inputs and filters are drawn, and the second moments that the prediction needs.

A law of one's own arrays is made in `wincook.analysis.data.arrays`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import pi, sqrt

import numpy as np

from wincook.analysis.data.draws import Draw, Normal, Signed, Uniform
from wincook.arguments import choice
from wincook.arrays import Array, real_array
from wincook.errors import DataError

# Within these limits neither the reference nor the fourth powers of errors leave the range of float64.
_LEAST, _LARGEST = 2.0**-100, 2.0**100
Moments = Callable[[tuple[int, ...]], Array]  # E[a_i a_j] for the places i, j of so many: (*places, *places)


@dataclass(frozen=True, slots=True)
class Law:
    """Inputs d and filters g that do not depend on one another; the filters have mean zero.

    `mean` and `variance` are those of an input. `gain` says how filters are scaled: not at all (none), or so that
    the variance of a tap is gain / (taps over all channels). Places of a tile do not depend on one another either,
    unless `input_moments` or `filter_moments` says how they do.
    """

    name: str
    draw_input: Draw
    mean: float
    variance: float
    draw_tap: Draw
    tap_variance: float
    gain: float | None = None
    input_moments: Moments | None = None
    filter_moments: Moments | None = None

    @classmethod
    def of(cls, name: Law | str) -> Law:
        """The law itself, or the one of that name.

        Raises:
            NotationError: the name is unknown; the message lists the known ones.
        """
        if isinstance(name, Law):
            return name
        return LAWS[choice("data law", name, LAWS)]

    def draw_filter(self, rng: np.random.Generator, shape: tuple[int, ...], taps: int) -> Array:
        """Filters of a given shape, each with so many taps over all channels."""
        drawn = self.draw_tap(rng, shape)
        return drawn if self.gain is None else drawn * self.filter_scale(taps)

    def filter_scale(self, taps: int) -> float:
        """What such filters are, over what `draw_tap` draws."""
        return 1.0 if self.gain is None else sqrt(self.gain / taps / self.tap_variance)

    def filter_variance(self, taps: int) -> float:
        """The variance of one tap of such filters."""
        return self.tap_variance if self.gain is None else self.gain / taps


def with_signs(law: Law | str, inputs: Array, filters: Array) -> Law:
    """Magnitudes as in a law, signs as given: for inputs that are meant to be hard.

    The law's moments are those of magnitudes with random signs: the prediction does not know the pattern.

    Args:
        law: uniform, normal or relu.
        inputs: +1, -1 or 0, of the shape (C, n_1, ...) or one that broadcasts to it.
        filters: likewise for (C, r_1, ...).

    Raises:
        NotationError: an unknown law.
        DataError: signs that are none.

    >>> signs = with_signs(UNIFORM, np.array([1, -1, 1, -1]), np.array([1, 1, -1]))
    >>> np.sign(signs.draw_input(np.random.default_rng(0), (2, 1, 4))).tolist()
    [[[1.0, -1.0, 1.0, -1.0]], [[1.0, -1.0, 1.0, -1.0]]]
    """
    law, inputs, filters = Law.of(law), _signs("inputs", inputs), _signs("filters", filters)
    return replace(
        law,
        name=f"{law.name} with given signs",
        draw_input=Signed(law.draw_input, inputs),
        mean=0.0,
        variance=law.variance + law.mean**2,
        draw_tap=Signed(law.draw_tap, filters),
    )


def _signs(name: str, values: Array) -> Array:
    signs = real_array(name, values)
    if not np.isin(signs, (-1, 0, 1)).all():
        raise DataError(f"{name} must hold signs, +1, -1 or 0, and nothing else")
    return signs


def check_range(values: Array, what: str) -> None:
    """See that errors on such data can be judged.

    Raises:
        DataError: the largest magnitude is far from 1.
    """
    largest = max(float(values.max()), -float(values.min()))
    if largest and not _LEAST <= largest <= _LARGEST:
        raise DataError(
            f"{what} go up to {largest:.3g}; scale them so that this is between 2^-100 and 2^100: errors scale along"
        )


UNIFORM = Law("uniform", Uniform(), 0.0, 1 / 3, Uniform(), 1 / 3)
NORMAL = Law("normal", Normal(), 0.0, 1.0, Normal(), 1.0)
# Activations after a ReLU, and weights as He et al. (arXiv 1502.01852, section 2.2) initialise them.
RELU = Law("relu", Normal(rectified=True), sqrt(1 / (2 * pi)), 1 / 2 - 1 / (2 * pi), Normal(), 1.0, gain=2.0)

LAWS = {law.name: law for law in (UNIFORM, NORMAL, RELU)}
