"""For what data a bound holds: |d| and |g| up to the reach of a law, and how likely a sample leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, inf, isnan, log1p, prod

import numpy as np

from wincook.analysis.bounds.worst_case import rounded_up
from wincook.analysis.data.distributions import Law
from wincook.analysis.data.draws import Reaching, known
from wincook.analysis.measurement.measure import Measurement
from wincook.bilinear import BilinearAlgorithm
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program.rounding import round_to


@dataclass(frozen=True, slots=True)
class Reach:
    """|d| ≤ `inputs` and |g| ≤ `filters`, both numbers of their formats.

    `beyond` is the probability that a sample has some number outside: 0 where the law has an end, NaN where the law
    only draws; the reach is then that of the sample.
    """

    inputs: float
    filters: float
    beyond: float

    @classmethod
    def of(
        cls,
        algorithm: BilinearAlgorithm,
        precision: Precision,
        channels: int,
        law: Law,
        samples: int,
        measured: Measurement,
    ) -> Reach:
        """That of a law, or further where the numbers measured go further.

        Args:
            algorithm: its tile says how many numbers a sample has.
            precision: numbers are rounded to its formats before they are used.
            channels: C.
            law: what draws.
            samples: tiles that were asked for.
            measured: what was drawn.
        """
        tile = algorithm.tile
        taps = channels * prod(tile.taps)
        inputs, far_inputs = _widest(known(law.draw_input), 1.0, precision.input, measured.largest_input)
        filters, far_filters = _widest(
            known(law.draw_tap), law.filter_scale(taps), precision.filter, measured.largest_filter
        )
        outside = samples * (channels * prod(tile.inputs) * _logarithm(far_inputs) + taps * _logarithm(far_filters))
        return cls(inputs, filters, -expm1(outside))

    @property
    def chance(self) -> str:
        """The probability in words.

        >>> [Reach(8.0, 8.0, beyond).chance for beyond in (0.0, 1.23e-9, float("nan"))]
        ['never', '1.2e-09', 'unknown']
        """
        return "unknown" if isnan(self.beyond) else f"{self.beyond:.2g}" if self.beyond else "never"

    @property
    def limits(self) -> tuple[str, str]:
        """Both in so many digits that no other number of float32 is as near."""
        return f"{self.inputs:.8g}", f"{self.filters:.8g}"

    def __str__(self) -> str:
        return "|d| ≤ {}, |g| ≤ {}".format(*self.limits)


def _widest(draw: Reaching, scale: float, fmt: Format, drawn: float) -> tuple[float, float]:
    """The reach in a format, of a law's numbers times a scale and of those drawn; and the chance to lie beyond."""
    reach = draw.reach * scale
    if draw.beyond(draw.reach):  # no end, but a choice: a short number will do
        reach = float(rounded_up(reach))
    held = float(round_to(np.array([reach]), fmt)[0])  # rounding keeps the order: nothing up to the reach gets further
    widest = max(held if held < inf else reach, drawn)
    return widest, draw.beyond(max(widest, reach) / scale)


def _logarithm(probability: float) -> float:
    """That of what is left of 1."""
    return -inf if probability >= 1 else log1p(-probability)
