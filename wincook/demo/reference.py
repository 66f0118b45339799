"""The judge of the kernels, and their competition: the same dense layer by scipy, on one thread.

`scipy.ndimage.correlate` sums directly in float64; its result is what everything is compared with. Spectra
(`scipy.fft`, the convolution theorem) are quicker, all the more for large filters; they run in float32 as the kernels
do, and have the spectra of the filters made beforehand as the kernels have theirs packed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import scipy.fft
import scipy.ndimage

from wincook.arrays import Array
from wincook.formats import FLOAT32, FLOAT64, Format

_REPEATS = 2


@dataclass(frozen=True, slots=True)
class ScipyRun:
    """One way of scipy: seconds for the whole layer, and its error against float64 (none for the judge)."""

    name: str
    format: Format
    seconds: float
    max_error: float
    rms_error: float


def scipy_runs(x: Array, weights: Array) -> tuple[Array, tuple[ScipyRun, ...]]:
    """Correlate with zeros outside, y[k] = Σ_c correlate(x[c], weights[k, c]).

    Args:
        x: (C, H, W), float32.
        weights: (K, C, r, r), float32, r odd.

    Returns:
        The reference, (K, H, W) in float64, and how each way did.
    """
    shape = (len(weights), *x.shape[1:])
    reference, transformed = np.empty(shape), np.empty(shape, np.float32)
    wide_x, wide_weights = x.astype(np.float64), weights.astype(np.float64)
    padded, spectra = _spectra(x.shape[1:], weights)
    # A linear convolution is n + r - 1 long; the part of the image's size starts r // 2 in.
    middle = tuple(slice(r // 2, r // 2 + n) for n, r in zip(x.shape[1:], weights.shape[2:], strict=True))
    direct_seconds = quickest(lambda: _directly(wide_x, wide_weights, reference), _REPEATS)
    spectra_seconds = quickest(lambda: _by_spectra(x, padded, spectra, middle, transformed), _REPEATS)
    error = transformed - reference
    return reference, (
        ScipyRun("ndimage.correlate", FLOAT64, direct_seconds, 0.0, 0.0),
        ScipyRun("fft", FLOAT32, spectra_seconds, float(np.abs(error).max()), rms(error)),
    )


def quickest(call: Callable[[], object], repeats: int) -> float:
    """Seconds of the quickest call."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return min(times)


def rms(values: Array) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def _directly(x: Array, weights: Array, out: Array) -> None:
    plane = np.empty_like(out[0])
    out[:] = 0
    for k, c in np.ndindex(*weights.shape[:2]):
        out[k] += scipy.ndimage.correlate(x[c], weights[k, c], output=plane, mode="constant")


def _spectra(size: tuple[int, ...], weights: Array) -> tuple[list[int], list[Array]]:
    """The shape to pad to, and the spectra (C, ...) of each mirrored filter, for correlation is meant."""
    padded = [scipy.fft.next_fast_len(n + r - 1, real=True) for n, r in zip(size, weights.shape[2:], strict=True)]
    return padded, [scipy.fft.rfft2(taps[:, ::-1, ::-1], padded) for taps in weights]


def _by_spectra(x: Array, padded: list[int], spectra: list[Array], middle: tuple[slice, ...], out: Array) -> None:
    spectrum = scipy.fft.rfft2(x, padded)
    for total, of_filter in zip(out, spectra, strict=True):
        total[:] = scipy.fft.irfft2((of_filter * spectrum).sum(axis=0), padded)[middle]
