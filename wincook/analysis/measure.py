"""Measured errors: the programs run in rounded arithmetic, against arithmetic that is exact or nearly so.

A sample is one tile: C channels of inputs and filters, drawn and rounded to the format, and all its outputs. The
first samples are certified: judged by integer arithmetic, together with the reference that judges the rest
(float64, or double-double where the format itself is float64: Ogita, Rump and Oishi, *Accurate sum and dot
product*, 2005, algorithm 5.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.analysis.laws import Law
from wincook.bilinear import BilinearAlgorithm
from wincook.direct import correlate
from wincook.errors import ShapeError
from wincook.formats import FLOAT32, FLOAT64, Format
from wincook.precision import STAGES, Precision
from wincook.program import rounding
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.schedule import schedule, sizes

Array = NDArray[Any]

_CERTIFIED = 16
_CHUNK = 1 << 21  # input numbers at once


@dataclass(frozen=True, slots=True)
class Measurement:
    """Statistics of |computed - exact| over all outputs of all samples, in the units of y.

    `overflows` counts outputs that were infinite or NaN; they are left out of the statistics. `certified` samples
    were judged exactly, and there the reference was never further off than `reference_error`.
    """

    mean: float
    rms: float
    max: float
    relative_rms: float
    outputs: int
    overflows: int
    certified: int
    reference_error: float


def measure(
    algorithm: BilinearAlgorithm,
    precision: Precision | Format | str,
    channels: int,
    law: Law,
    samples: int,
    seed: int,
) -> Measurement:
    """Draw samples and measure them.

    Raises:
        ShapeError: no samples, or no channels.
    """
    if samples < 1 or channels < 1:
        raise ShapeError(f"samples = {samples} and channels = {channels} must both be at least 1")
    precision, rng = Precision.of(precision), np.random.default_rng(seed)
    chunk = max(1, _CHUNK // (channels * prod(algorithm.tile.inputs)))
    total = squares = largest = size = reference_error = 0.0
    outputs = overflows = certified = done = 0
    while done < samples:
        number = min(chunk if done else min(chunk, _CERTIFIED), samples - done)
        d, g = draw(algorithm, precision, channels, law, rng, number)
        y = compute(algorithm, precision, d, g)
        high, low = _reference(d, g, precision)
        if not done:
            certified = number
            exact = _exact(d, g)
            errors = _differences(y, exact)
            reference_error = float(np.max(np.abs(_differences(high, exact) + low)))
        else:
            errors = (y.astype(np.float64) - high) - low
        finite = np.isfinite(y)
        absolute = np.abs(errors[finite])
        overflows += int(finite.size - np.count_nonzero(finite))
        outputs += finite.size
        total += float(absolute.sum())
        squares += float(np.square(absolute).sum())
        largest = max(largest, float(absolute.max(initial=0.0)))
        size += float(np.square(high).sum())
        done += number
    counted = outputs - overflows
    mean, rms = (total / counted, (squares / counted) ** 0.5) if counted else (float("inf"), float("inf"))
    return Measurement(
        mean=mean,
        rms=rms,
        max=largest if counted else float("inf"),
        relative_rms=rms / (size / outputs) ** 0.5,
        outputs=outputs,
        overflows=overflows,
        certified=certified,
        reference_error=reference_error,
    )


def draw(
    algorithm: BilinearAlgorithm,
    precision: Precision,
    channels: int,
    law: Law,
    rng: np.random.Generator,
    number: int,
) -> tuple[Array, Array]:
    """Inputs (number, C, n_1, ...) and filters (number, C, r_1, ...) rounded to their stages."""
    tile = algorithm.tile
    d = law.draw_input(rng, (number, channels, *tile.inputs))
    g = law.draw_filter(rng, (number, channels, *tile.taps), channels * prod(tile.taps))
    return rounding.round_to(d, precision.input), rounding.round_to(g, precision.filter)


def compute(algorithm: BilinearAlgorithm, precision: Precision | Format | str, d: Array, g: Array) -> Array:
    """y = AT [Σ_c (G g_c) ⊙ (BT d_c)] with every operation rounded: shape (samples, m_1, ...).

    The channels are summed in order from zero, in float32 by fmas: just as the kernels do.
    """
    precision, programs = Precision.of(precision), schedule(algorithm)
    U = evaluate_axes(programs.filter, g.reshape(*g.shape[:2], *sizes(programs.filter)), Rounded(precision.filter))
    V = evaluate_axes(programs.input, d.reshape(*d.shape[:2], *sizes(programs.input)), Rounded(precision.input))
    U, V = rounding.round_to(U, precision.U), rounding.round_to(V, precision.V)
    M = rounding.round_to(np.zeros(V[:, 0].shape), precision.accumulate)
    for channel in range(d.shape[1]):
        M = rounding.accumulate(M, U[:, channel], V[:, channel], precision)
    y = evaluate_axes(programs.output, rounding.round_to(M, precision.output), Rounded(precision.output))
    return y.reshape(len(M), *algorithm.tile.outputs)


def _reference(d: Array, g: Array, precision: Precision) -> tuple[Array, Array]:
    """Direct convolution as high + low: in float64, or as if in twice its precision for stages as wide."""
    wide = any(_is_wide(getattr(precision, stage)) for stage in STAGES)
    d, g = d.astype(np.float64), g.astype(np.float64)
    axes = g.ndim - 2
    shape = [n - r + 1 for n, r in zip(d.shape[2:], g.shape[2:], strict=True)]
    high, low = np.zeros((len(d), *shape)), np.zeros((len(d), *shape))
    for tap in np.ndindex(*g.shape[2:]):
        place: tuple[Any, ...] = (..., *(slice(j, j + m) for j, m in zip(tap, shape, strict=True)))
        window = d[place]
        weights = g[(..., *tap)].reshape(*g.shape[:2], *(1,) * axes)
        if not wide:
            high += (window * weights).sum(axis=1)
            continue
        for channel in range(d.shape[1]):
            product, product_error = rounding.two_product(window[:, channel], weights[:, channel])
            high, sum_error = rounding.two_sum(high, product)
            low += product_error + sum_error
    return high, low


def _is_wide(fmt: Format) -> bool:
    return fmt.is_exact or fmt.precision > FLOAT32.precision


def _exact(d: Array, g: Array) -> Array:
    """Direct convolution in integers, as an object array of fractions: shape (samples, m_1, ...)."""
    d_integers, d_scale = _integers(d)
    g_integers, g_scale = _integers(g)
    axes = g.ndim - 2
    per_channel = [[correlate(d_integers[s, c], g_integers[s, c]) for c in range(d.shape[1])] for s in range(len(d))]
    sums = np.array([sum(channels[1:], channels[0]) for channels in per_channel], dtype=object)
    scale = d_scale * g_scale
    fractions = np.frompyfunc(lambda value: Fraction(int(value), scale), 1, 1)(sums)
    return np.asarray(fractions, dtype=object).reshape(len(d), *sums.shape[1 : 1 + axes])


def _integers(values: Array) -> tuple[Array, int]:
    """Binary numbers as whole multiples of a power of two, exactly: the multiples, and one over that power."""
    _, exponents = np.frexp(values.astype(np.float64))
    shift = max(0, int(FLOAT64.precision - exponents.min(initial=0)))
    integers = np.frompyfunc(lambda value: int(Fraction(float(value)) * 2**shift), 1, 1)(values)
    return np.asarray(integers, dtype=object), 2**shift


def _differences(values: Array, exact: Array) -> Array:
    """values - exact, rounded once, at the end; infinite values stay so."""

    def difference(value: float, fraction: Fraction) -> float:
        return float(Fraction(value) - fraction) if isfinite(value) else value

    subtract = np.frompyfunc(difference, 2, 1)
    return np.asarray(subtract(values.astype(np.float64), exact), dtype=np.float64)
