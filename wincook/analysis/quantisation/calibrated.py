"""What a layer loses by a calibration: its signal-to-noise ratio, predicted, and measured on images."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from wincook.analysis.measurement.quantised import read_input, saturated
from wincook.analysis.measurement.simulate_direct import simulate_direct
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.analysis.quantisation.of_scheme import rounded_by_filter
from wincook.analysis.quantisation.predict_snr import INPUT_FORMATS, checked_weights, predict_snr
from wincook.analysis.quantisation.snr import decibels
from wincook.arguments import choice, instance
from wincook.arrays import Array, real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject
from wincook.errors import DataError, ShapeError
from wincook.layers import Layer, layer_of
from wincook.layers.tiling import tiles_of
from wincook.program.programs import programs_of
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.images import Images, images_of
from wincook.quantisation.subject import DIRECT, is_direct, subject_for
from wincook.quantisation.transform import transformed_inputs
from wincook.shown import Shown, brief
from wincook.tile import Tile


@dataclass(frozen=True, slots=True)
class CalibrationReport(Shown):
    """The decibels of a calibrated layer on images: `measured`, and `predicted` of the noise by its calibration.

    `direct` is direct convolution in int8 on the same images, with the calibration's scale for x and one for each
    filter. `saturated` is the share of V that reached beyond its range.
    """

    algorithm: BilinearAlgorithm
    layer: Layer
    calibration: Calibration
    input_format: str
    images: int
    predicted: float
    measured: float
    direct: float
    saturated: float

    __repr__ = brief

    @property
    def name(self) -> str:
        """Of the algorithm."""
        return DIRECT if is_direct(self.algorithm) else self.algorithm.name

    @property
    def speedup(self) -> float:
        """Multiplications of direct convolution over those of the algorithm."""
        return 1.0 if is_direct(self.algorithm) else self.algorithm.speedup

    def __str__(self) -> str:
        return (
            f"{self.calibration}: {self.measured:.1f} dB measured on {self.images} images, {self.predicted:.1f} "
            f"predicted, direct int8 {self.direct:.1f}; {self.saturated:.2g} of V saturated"
        )


def analyse_calibration(
    calibration: Calibration,
    algorithm: Subject,
    *,
    layer: Layer,
    images: Images,
    weights: Array,
    input_format: str = "float32",
) -> CalibrationReport:
    """Predict and measure what a layer loses by a calibration.

    Args:
        calibration: of the layer and algorithm.
        algorithm: as for `wincook.quantisation.calibrate`.
        layer: its batch does not matter.
        images: as for `wincook.quantisation.calibrate`; others than it was calibrated with tell more.
        weights: (K, C/groups, *kernel).
        input_format: of x: float32, or uint8 or int8 by the calibration's scale.

    Raises:
        ShapeError: images or weights of another layer, or a calibration of one.
        DataError: no images, NaN or infinities, nothing but zeros, weights so large that y overflows float32, or a
            calibration of another algorithm.
        NotationError: no calibration, or an unknown format of x.

    >>> import wincook as wc
    >>> from wincook.quantisation import calibrate
    >>> layer, rng = wc.Layer(16, 16, (12, 12), (3, 3), padding=1), np.random.default_rng(0)
    >>> images = np.maximum(rng.standard_normal((6, 16, 12, 12)), 0)
    >>> calibration = calibrate(layer, "F(2x2,3x3)", images)
    >>> weights = rng.standard_normal(layer.weight_shape)
    >>> report = analyse_calibration(calibration, "F(2x2,3x3)", layer=layer, images=images, weights=weights)
    >>> 34 < report.measured < 38, abs(report.predicted - report.measured) < 1
    (True, True)
    """
    calibration = instance("calibration", calibration, Calibration, "wincook.quantisation.calibrate makes one")
    layer = replace(layer_of(layer), batch=1)
    exact, given = subject_for(layer, algorithm), real_array("weights", weights)
    calibration.check(layer, exact)
    if given.shape != layer.weight_shape:
        raise ShapeError(f"weights have shape {given.shape}; {layer} takes {layer.weight_shape}")
    given = checked_weights(given, calibration)
    kind = choice("format of x", input_format, INPUT_FORMATS)
    counted, count = np.zeros(5), 0
    for image in images_of(layer, images, calibration.x):
        first = np.moveaxis(image, -1, 1) if layer.layout == "NHWC" else image
        for number, channels in enumerate(layer.channels_of_groups):
            of_group = replace(layer.of_group, layout="NCHW")
            part, filters = first[:, channels.start : channels.stop], np.split(given, layer.groups)[number]
            with np.errstate(over="ignore", invalid="ignore"):  # what overflows is told below
                counted += _of_image(calibration.of_channels(channels), exact, of_group, part, filters, kind)
        count += 1
    signal, noise, direct_noise, beyond, numbers = counted.tolist()
    if not count:
        raise DataError("there are no images to measure with; give at least one")
    if not np.isfinite(counted).all():
        raise DataError("weights are so large that y overflows float32; scale them")
    if not signal:
        raise DataError("all outputs are zero, so there is no signal to compare noise with; give other images")
    shaped, y_size = given.reshape(layer.weight_shape), prod(layer.output_shape)
    return CalibrationReport(
        algorithm=exact,
        layer=layer,
        calibration=calibration,
        input_format=kind,
        images=int(count),
        predicted=predict_snr(calibration, exact, shaped, input_format=kind, signal=signal / (count * y_size)),
        measured=decibels(signal, noise),
        direct=decibels(signal, direct_noise),
        saturated=beyond / numbers,
    )


def _of_image(
    calibration: Calibration, algorithm: BilinearAlgorithm, layer: Layer, image: Array, weights: Array, kind: str
) -> Array:
    """Of a group of an image: Σ y², Σ (y_q - y)², that of direct int8; how many of V saturate, and of how many."""
    shaped = weights.reshape(layer.weight_shape)
    x = image if kind == INPUT_FORMATS[0] else calibration.x.quantised(image, kind)
    y = _convolved(image, weights, layer)
    if is_direct(algorithm):
        y_q = simulate_direct(layer=layer, x=x, weights=shaped, calibration=calibration)
    else:
        y_q = simulate(algorithm, layer=layer, x=x, weights=shaped, calibration=calibration)
    in_int8 = calibration.x.real(calibration.x.quantised(image, "int8" if kind == "int8" else "uint8"))
    centred, factors = read_input(x, calibration, programs_of(algorithm))
    V = transformed_inputs(centred, layer, algorithm)
    is_taken_as_it_is = is_direct(algorithm) and x.dtype.kind in "iu"
    beyond = 0 if is_taken_as_it_is else saturated(V, calibration, factors)
    errors = (_by_pixel(y_q, layer) - y, _convolved(in_int8, rounded_by_filter(weights), layer) - y)
    return np.array([*(np.square(each).sum() for each in (y, *errors)), beyond, V.size])


def _convolved(image: Array, weights: Array, layer: Layer) -> Array:
    """Direct convolution in float64: (outputs, K)."""
    windows = tiles_of(image, layer, Tile((1,) * layer.dimension, layer.kernel, layer.strides))
    terms = windows.reshape(len(windows), -1).astype(np.float64)
    return np.asarray(terms @ weights.reshape(len(weights), -1).T)


def _by_pixel(y: Array, layer: Layer) -> Array:
    """An output of the layer as (outputs, K)."""
    return np.moveaxis(y, 1, -1).reshape(prod(layer.output_size), layer.filters)
