"""What a scheme of quantisation costs on layers that are drawn: the ratio of signal to noise, in decibels.

    SNR = 10 log₁₀ (Σ y² / Σ (y_q - y)²)

over all outputs; y is the exact convolution of the data before any quantisation. The noise is predicted for normal v:
quantised to q(v), with levels q_i and thresholds between them, E[q²] and E[v q] are sums of normal integrals over
the levels. Where steps Δ are fine and reach far this is the well known E[(q - v)²] = Δ²/12, else clipping adds to it
(Gersho and Gray, *Vector Quantization and Signal Compression* (1992), chapter 5). U and V are independent, so

    E[(q_U q_V - U V)²] = E[q_U²] E[q_V²] - 2 E[U q_U] E[V q_V] + E[U²] E[V²]

for each product; errors add up over the channels, and AT² carries them to y, as if independent from tap to tap.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, pi, prod, sqrt
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from wincook.analysis.data.distributions import Law
from wincook.analysis.dynamic_range.extent import Extents, Spread, spread_of_filters, spread_of_inputs
from wincook.analysis.measurement.measure import Progress, asked
from wincook.analysis.quantisation.scheme import FILTER_SCALES, INPUT_SCALES, Scales, Scheme, quantise, scales_of
from wincook.analysis.quantisation.snr import decibels, gains_of
from wincook.arguments import instance, whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.ceiling import check_work
from wincook.construct.subject import Subject, correlation_of
from wincook.formats import FLOAT32
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.programs import programs_of, sizes
from wincook.quantisation.quantise import whole_sums
from wincook.quantisation.transform import transformed as through
from wincook.shown import Shown, brief

Index = tuple[Any, ...]

_PER_PRODUCT, _PER_DRAWN, _PER_CALIBRATED, _PER_LEVEL = 1 / 200, 1 / 10, 1 / 2, 1 / 2  # operations: see `ceiling`
_BYTES, _PATIENCE = 48, 10  # bytes a number; minutes


@dataclass(frozen=True, slots=True)
class QuantisationReport(Shown):
    """SNR in decibels: `predicted` by theory for the scales that calibration gave, `measured` over sampled layers.

    `direct` is that of direct convolution of the same layers with d quantised by tensor and g by filter, likewise
    calibrated. Each layer is one of so many tiles, channels and filters, and is calibrated on itself.
    """

    algorithm: BilinearAlgorithm
    scheme: Scheme
    channels: int
    filters: int
    tiles: int
    layers: int
    law: Law
    seed: int
    predicted: float
    measured: float
    direct: float

    __repr__ = brief

    def __str__(self) -> str:
        return (
            f"{self.algorithm.name}, {self.scheme}: {self.measured:.1f} dB measured ({self.layers} layers, C = "
            f"{self.channels}, {self.law.name} data, seed {self.seed}), {self.predicted:.1f} predicted, direct "
            f"{self.direct:.1f}"
        )


def analyse_quantisation(
    algorithm: Subject,
    scheme: Scheme = Scheme(),  # noqa: B008 (a frozen value)
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    filters: int = 32,
    tiles: int = 64,
    layers: int = 4,
    seed: int = 0,
    progress: Progress | None = None,
) -> QuantisationReport:
    """Predict and measure the SNR of a quantised layer.

    Args:
        algorithm: any correlation of real numbers. A tile without points takes those of the atlas for int8.
        scheme: bits, scales and clipping.
        channels: C, over which products are summed.
        law: how data are drawn; relu means normal inputs after a ReLU, and He weights.
        filters: of each layer.
        tiles: of each layer; the more data share a scale, the larger is their maximum, and the coarser the scale.
        layers: sampled.
        seed: of the random numbers.
        progress: called after each layer with the number of layers done; if it says no, they are the sample.

    Raises:
        ShapeError: no channels, filters, tiles or layers, or a seed below 0.
        FormatError: more channels than int32 can sum.
        AlgorithmError: the algorithm is no correlation of real numbers.
        NotationError: a progress that is no function.
        LimitError: so much data that it would take more than some ten minutes, or more than 1 GiB.

    >>> report = analyse_quantisation("F(2x2,3x3)", channels=64, law="relu")
    >>> 34 < report.measured < 37, abs(report.predicted - report.measured) < 1
    (True, True)
    """
    algorithm = correlation_of(algorithm, "are quantised", format="int8")
    scheme = instance("scheme", scheme, Scheme, "make it with Scheme(bits=8)")
    channels, filters = whole_number("channels", channels), whole_number("filters", filters)
    tiles, layers = whole_number("tiles", tiles), whole_number("layers", layers)
    seed = whole_number("seed", seed, 0, None)
    scheme.check_channels(channels)
    law, rng, tile = Law.of(law), np.random.default_rng(seed), algorithm.tile
    go_on = None if progress is None else asked(progress)
    _check_size(algorithm, scheme, channels, filters, tiles, layers)
    taps = channels * prod(tile.taps)
    signal = noise = direct_noise = predicted_noise = 0.0
    for layer in range(layers):
        d = law.draw_input(rng, (tiles, channels, *tile.inputs))
        g = law.draw_filter(rng, (filters, channels, *tile.taps), taps)
        U, V = transformed(algorithm, d, g)
        scales = scheme.scales_of_filters(U), scheme.scales_of_inputs(V)
        y = correlate_layer(d, g, tile.strides)
        signal += float(np.square(y).sum())
        noise += float(np.square(quantised(algorithm, U, V, *scales, scheme) - y).sum())
        direct_noise += float(np.square(_quantised_direct(d, g, tile.strides, scheme) - y).sum())
        predicted_noise += predict_noise(algorithm, *scales, scheme, channels, law)
        if go_on is not None and not go_on(layer + 1):
            layers = layer + 1
            break
    predicted_signal = taps * law.filter_variance(taps) * (law.variance + law.mean**2)
    return QuantisationReport(
        algorithm=algorithm,
        scheme=scheme,
        channels=channels,
        filters=filters,
        tiles=tiles,
        layers=layers,
        law=law,
        seed=seed,
        predicted=decibels(predicted_signal, predicted_noise / layers),
        measured=decibels(signal, noise),
        direct=decibels(signal, direct_noise),
    )


def _check_size(
    algorithm: BilinearAlgorithm, scheme: Scheme, channels: int, filters: int, tiles: int, layers: int
) -> None:
    """See that the layers can be drawn, calibrated, multiplied and predicted.

    Raises:
        LimitError: it would take too long, or too much memory.
    """
    tile, taps = algorithm.tile, algorithm.multiplications
    transformed_numbers = channels * (filters + tiles) * taps
    numbers = transformed_numbers + filters * tiles * prod(tile.outputs)
    products = tiles * filters * channels * tile.direct_multiplications
    groups = taps * (1 + (filters if "filter" in scheme.filter_scales else 1))
    work = products * _PER_PRODUCT + numbers * _PER_DRAWN + groups * 2 * scheme.most * _PER_LEVEL
    if scheme.clipping == "mse":
        work += transformed_numbers * _PER_CALIBRATED
    what = f"measuring layers of {filters} filters and {tiles} tiles, {channels} channels each,"
    check_work(what, layers * work, numbers * _BYTES, patience=_PATIENCE)


def transformed(algorithm: BilinearAlgorithm, d: Array, g: Array) -> tuple[Array, Array]:
    """U (K, C, R) and V (tiles, C, R) of g (K, C, r per axis) and d (tiles, C, n per axis), in float32."""
    programs = programs_of(algorithm)
    U, V = through(programs.filter, g), through(programs.input, d)
    return U.astype(float), V.astype(float)


def quantised(
    algorithm: BilinearAlgorithm, U: Array, V: Array, U_scales: Scales, V_scales: Scales, scheme: Scheme
) -> Array:
    """y (tiles, K, m per axis) from quantised U and V; the sums of integers are exact, the output transform float32."""
    programs = programs_of(algorithm)
    U, V = quantise(U, U_scales.steps, scheme), quantise(V, V_scales.steps, scheme)
    M = whole_sums(U, V).astype(np.float32) * (U_scales.steps[:, 0] * V_scales.steps[:, 0]).astype(np.float32)
    y = evaluate_axes(programs.output, M.reshape(*M.shape[:2], *sizes(programs.output)), Rounded(FLOAT32))
    return y.reshape(*y.shape[:2], *algorithm.tile.outputs)


def correlate_layer(d: Array, g: Array, strides: tuple[int, ...]) -> Array:
    """Direct convolution in float64: y (tiles, K, m per axis)."""
    windows = sliding_window_view(d, g.shape[2:], axis=tuple(range(2, d.ndim)))
    apart: Index = (..., *(slice(None, None, step) for step in strides), *(slice(None),) * len(strides))
    windows = windows[apart]  # (tiles, C, m per axis, r per axis)
    channels_and_taps = [1, *range(d.ndim, windows.ndim)]
    y = np.tensordot(windows, g, axes=(channels_and_taps, range(1, g.ndim)))
    return np.moveaxis(y, -1, 1)


def predict_noise(
    algorithm: BilinearAlgorithm, U_scales: Scales, V_scales: Scales, scheme: Scheme, channels: int, law: Law
) -> float:
    """The mean of (y_q - y)² over the outputs of a tile, for given scales."""
    programs, extents = programs_of(algorithm), Extents.of(programs_of(algorithm))
    U = _moments(spread_of_filters(extents.U, law, channels * prod(algorithm.tile.taps)), U_scales, scheme.most)
    V = _moments(spread_of_inputs(extents.V, law), V_scales, scheme.most)
    of_products = U.quantised * V.quantised - 2 * U.mixed * V.mixed + U.value * V.value
    return float(channels * (gains_of(programs.output) * of_products.mean(axis=0)).sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """E[v²], E[v q] and E[q²]."""

    value: Array
    mixed: Array
    quantised: Array


def _moments(spread: Spread, scales: Scales, most: int) -> _Moments:
    """Those of normal numbers, up to the largest met, and of what they are quantised to: (filters or 1, taps)."""
    mean, deviation = spread.mean[..., None], np.sqrt(spread.variance)[..., None]
    steps, largest = scales.steps[:, 0, :, None], scales.largest[:, 0, :, None]
    levels = np.arange(-most, most + 1)
    thresholds = np.concatenate([[-np.inf], levels[:-1] + 0.5, [np.inf]])
    edges = np.clip(thresholds * steps, -largest, largest)
    normed = (edges - mean) / deviation
    below = np.frompyfunc(erf, 1, 1)(normed / sqrt(2)).astype(float) / 2
    density = np.exp(-np.square(normed) / 2) / sqrt(2 * pi)
    chance = np.diff(below)
    first = mean * chance - deviation * np.diff(density)
    second = (mean**2 + deviation**2) * chance - deviation * np.diff((edges + mean) * density)
    reached, whole = levels * steps, chance.sum(axis=-1)
    return _Moments(
        value=second.sum(axis=-1) / whole,
        mixed=(reached * first).sum(axis=-1) / whole,
        quantised=(np.square(reached) * chance).sum(axis=-1) / whole,
    )


def _quantised_direct(d: Array, g: Array, strides: tuple[int, ...], scheme: Scheme) -> Array:
    """Direct convolution of quantised data: one scale for all inputs, one for each filter."""
    inputs = d.reshape(*d.shape[:2], -1)
    steps = scales_of(inputs, INPUT_SCALES["tensor"], scheme).steps
    filters = rounded_by_filter(g.reshape(*g.shape[:2], -1), scheme)
    return correlate_layer(
        (quantise(inputs, steps, scheme) * steps).reshape(d.shape), filters.reshape(g.shape), strides
    )


def rounded_by_filter(weights: Array, scheme: Scheme = Scheme()) -> Array:  # noqa: B008 (a frozen value)
    """Weights (K, C, taps) as direct convolution of integers has them: with one scale for each filter."""
    steps = scales_of(weights, FILTER_SCALES["filter"], scheme).steps
    return quantise(weights, steps, scheme) * steps
