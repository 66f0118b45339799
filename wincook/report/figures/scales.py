"""Numbers on and beside axes."""

from __future__ import annotations

from typing import Any

from matplotlib.ticker import LogFormatterMathtext, LogLocator, NullLocator, ScalarFormatter


def logarithmic(axis: Any, ticks: int = 8) -> None:
    """Name at most so many powers of ten of an axis that has been made logarithmic."""
    axis.set_major_locator(LogLocator(numticks=ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(LogFormatterMathtext())


def number_text(value: float, plain: float = 100.0) -> str:
    r"""A number in two digits as matplotlib sets it: as a decimal between 1/plain and plain, else with a power of ten.

    >>> [number_text(value) for value in (0.25, 1e-7, 2.5e-7, 10, 65504)]
    ['0.25', '$10^{−7}$', '$2.5 \\times 10^{−7}$', '10', '$6.6 \\times 10^{4}$']
    """
    if value == 0 or 1 / plain < abs(value) < plain:
        return f"{value:.2g}"
    return f"${ScalarFormatter(useMathText=True).format_data(float(f'{value:.1e}'))}$"
