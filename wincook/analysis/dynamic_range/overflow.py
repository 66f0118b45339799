"""Magnitudes beyond float64, in which averages are computed: refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from wincook.errors import FormatError


@contextmanager
def within_float64(name: str) -> Iterator[None]:
    """Within, a number that overflows is the fault of the algorithm of that name.

    Raises:
        FormatError: one does.
    """
    try:
        with np.errstate(over="raise"):
            yield
    except (OverflowError, FloatingPointError):
        raise FormatError(
            f"the numbers of {name} exceed float64, in which they are averaged; take a smaller tile, or points near 1"
        ) from None
