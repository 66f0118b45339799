"""Numbers on and beside axes."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import (
    FuncFormatter,
    LogFormatterMathtext,
    LogLocator,
    MaxNLocator,
    NullLocator,
    ScalarFormatter,
)

_OCTAVES = 4.0  # a range in which the largest is so many times the smallest is read by factors of two


def logarithmic(axis: Any, ticks: int = 8) -> None:
    """Name at most so many powers of ten of an axis that has been made logarithmic."""
    axis.set_major_locator(LogLocator(numticks=ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(LogFormatterMathtext())


def logarithmic_in_detail(axis: Any, values: Collection[float]) -> None:
    """The same where values may be so close that no power of ten, or only one, lies among them."""
    low, high = min(values), max(values)
    if high > 100 * low:
        logarithmic(axis)
        return
    several = high > 5 * low
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)) if several else MaxNLocator(6, steps=[1, 2, 5, 10]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: number_text(value)) if several else ScalarFormatter(useMathText=True)
    )


def is_octaves(values: Collection[float]) -> bool:
    """Whether values are to lie on a logarithmic axis: all are positive, and the largest is 4 times the smallest."""
    return min(values) > 0 and max(values) >= _OCTAVES * min(values)


def fractional(axes: Axes, name: str, values: Collection[float]) -> None:
    """The axis of a name, x or y, for fractions: with powers of two on it where values span octaves, else linear."""
    axis = axes.xaxis if name == "x" else axes.yaxis
    if not is_octaves(values):
        axis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
        return
    axes.set(**{f"{name}scale": "log"})
    axis.set_major_locator(LogLocator(base=2, numticks=10))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: str(Fraction(value))))


def number_text(value: float, plain: float = 100.0) -> str:
    r"""A number in two digits as matplotlib sets it: as a decimal between 1/plain and plain, else with a power of ten.

    >>> [number_text(value) for value in (0.25, 1e-7, 2.5e-7, 10, 65504)]
    ['0.25', '$10^{−7}$', '$2.5 \\times 10^{−7}$', '10', '$6.6 \\times 10^{4}$']
    """
    if value == 0 or 1 / plain < abs(value) < plain:
        return f"{value:.2g}"
    return f"${ScalarFormatter(useMathText=True).format_data(float(f'{value:.1e}'))}$"
