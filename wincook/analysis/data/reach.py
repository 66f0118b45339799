"""For what data a bound holds: |d| and |g| up to the reach of a law, and how likely a sample leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, inf, isnan, log1p, prod

import numpy as np

from wincook.analysis.data.draws import Reaching, known
from wincook.analysis.problem import Problem
from wincook.exact.rounded_up import rounded_up
from wincook.formats import Format
from wincook.program.rounding import round_to


@dataclass(frozen=True, slots=True)
class Reach:
    """|d| ≤ `d_max` and |g| ≤ `g_max`, both numbers of their formats.

    `beyond` is the probability that a sample has some number outside: 0 where the law has an end, NaN where the law
    only draws; the reach is then that of the sample.
    """

    d_max: float
    g_max: float
    beyond: float

    @classmethod
    def of(cls, problem: Problem, samples: int = 0, drawn: tuple[float, float] = (0.0, 0.0)) -> Reach:
        """That of a law, or further where numbers that were drawn go further.

        Args:
            problem: its law draws, its tile says how many numbers a sample has, and its formats hold them.
            samples: tiles that are drawn.
            drawn: the largest |d| and |g| among them.
        """
        tile, law, precision, taps = problem.algorithm.tile, problem.law, problem.precision, problem.taps
        d_max, far_inputs = _widest(known(law.draw_input), 1.0, precision.input, drawn[0])
        g_max, far_filters = _widest(known(law.draw_tap), law.filter_scale(taps), precision.filter, drawn[1])
        inputs = problem.channels * prod(tile.inputs)
        outside = samples * (inputs * _logarithm(far_inputs) + taps * _logarithm(far_filters)) if samples else 0.0
        return cls(d_max, g_max, -expm1(outside))

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
        return f"{self.d_max:.8g}", f"{self.g_max:.8g}"

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
