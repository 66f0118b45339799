"""The ratio of signal to noise in decibels, and how errors of products reach y."""

from __future__ import annotations

from math import log10

import numpy as np

from wincook.analysis.kronecker import outer
from wincook.arrays import Array
from wincook.errors import DataError
from wincook.program.ir import Program
from wincook.program.linear_forms import matrix_of


def decibels(signal: float, noise: float) -> float:
    """10 log₁₀ of the ratio; infinite without noise.

    Raises:
        DataError: there is no signal.
    """
    if not signal:
        raise DataError("all outputs are zero, so there is no signal to compare noise with; give other data")
    return 10 * log10(signal / noise) if noise else float("inf")


def gains_of(programs: tuple[Program, ...]) -> Array:
    """The mean over the outputs of AT², for each product: of programs of the output transform."""
    per_axis = [np.square(np.array(matrix_of(program), dtype=float)).mean(axis=0) for program in programs]
    return outer(per_axis).ravel()
