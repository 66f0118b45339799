"""A layer by sums of products, through the interpreter: what direct and depthwise kernels give, to the last bit.

Each output is one chain of fmas over its terms, from zero: the products of a group's channels and taps, in the order in
which x has them, which is channel, row, column with the channels first, and row, column, channel with them last. Pairs
of bfloat16 are two channels of one tap, in the latter order. Then comes the bias.
"""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np

from wincook.analysis.measurement.quantised import check_format, quantised_tiles, read_input
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.arrays import Array, real_array
from wincook.errors import ShapeError
from wincook.formats import FLOAT32, Format
from wincook.layers import Axis, Layer, layer_of
from wincook.precision import Precision
from wincook.program import rounding
from wincook.program.programs import programs_of
from wincook.quantisation.affine import KINDS
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.quantise import quantised_filters, sums_of_products
from wincook.quantisation.subject import ALONE


def simulate_direct(
    format: Precision | Format | str = "float32",
    *,
    layer: Layer,
    x: Array,
    weights: Array,
    bias: Array | None = None,
    calibration: Calibration | None = None,
) -> Array:
    """Convolve a batch with every operation rounded, without a transform.

    Args:
        format: of every stage, or a precision policy; x, weights and bias are rounded first.
        layer: any that is not transposed; x and the result are in its layout.
        x: the layer's input shape.
        weights: (K, C/groups, *kernel).
        bias: (K,), added last, or nothing.
        calibration: as for `simulate`, of the algorithm `direct`.

    Returns:
        y of the layer's output shape, in the carrier of the format (float32 for the 16-bit formats).

    Raises:
        ShapeError: a transposed layer, or arrays that do not fit it.
        DataError: arrays of other things than real numbers, or a calibration of another algorithm.
        FormatError: a format beside a calibration.
    """
    layer = layer_of(layer)
    x, weights = real_array("x", x, exact=True), real_array("weights", weights, exact=True)
    if layer.transposed or x.shape != layer.input_shape or weights.shape != layer.weight_shape:
        raise ShapeError(
            f"x {x.shape} and weights {weights.shape} must have the shapes {layer.input_shape} and "
            f"{layer.weight_shape} of a layer that is not transposed"
        )
    is_last = layer.layout == "NHWC"
    shift = np.zeros(layer.filters) if bias is None else real_array("bias", bias, exact=True)
    if shift.shape != (layer.filters,):
        raise ShapeError(f"bias has shape {shift.shape}; it must be {(layer.filters,)}")
    first = np.moveaxis(x, -1, 1) if is_last else x
    if calibration is not None:
        check_format(Precision.of(format))
        sums = _quantised(layer, first, weights, calibration)
        y = rounding.add(sums, rounding.round_to(shift, FLOAT32), FLOAT32).reshape(layer.batch, *layer.output_size, -1)
        return y if is_last else np.moveaxis(y, -1, 1)
    terms = _terms(first, layer)
    taps = weights.reshape(*weights.shape[:2], -1)
    in_pairs = Precision.of(format).in_pairs
    if is_last or in_pairs:
        terms, taps = terms.swapaxes(2, 3), taps.swapaxes(1, 2)
    if in_pairs:
        terms, taps = (_even(values, axis) for values, axis in ((terms, 3), (taps, 2)))
    filters, pixels = layer.filters // layer.groups, prod(layer.output_size)
    length = prod(taps.shape[1:])
    pointwise = Layer(length, filters, (pixels,), (1,), batch=layer.batch)
    y = np.concatenate(
        [
            simulate(
                "F(1,1)",
                format,
                layer=pointwise,
                x=terms[:, group].reshape(layer.batch, length, pixels),
                weights=taps[group * filters : (group + 1) * filters].reshape(filters, length, 1),
                bias=shift[group * filters : (group + 1) * filters],
            )
            for group in range(layer.groups)
        ],
        axis=1,
    ).reshape(layer.batch, layer.filters, *layer.output_size)
    return np.moveaxis(y, 1, -1) if is_last else y


def _even(values: Array, axis: int) -> Array:
    """With zeros behind an odd number of channels."""
    more = [(0, values.shape[axis] % 2 if number == axis else 0) for number in range(values.ndim)]
    return np.pad(values, more)


def _quantised(layer: Layer, x: Array, weights: Array, calibration: Calibration) -> Array:
    """Sums of integers (N * outputs, K) in float32, without the bias, group by group."""
    calibration.check(layer, ALONE)
    if layer.groups > 1:
        images, taps = np.split(x, layer.groups, 1), np.split(weights, layer.groups)
        groups = zip(images, taps, map(calibration.of_channels, layer.channels_of_groups), strict=True)
        return np.concatenate([_quantised(layer.of_group, *of_group) for of_group in groups], axis=1)
    programs = programs_of(ALONE)
    centred, factors = read_input(x, calibration, programs)
    terms = _terms(centred, layer)
    d = np.moveaxis(terms.reshape(layer.batch, terms.shape[2] * terms.shape[3], -1), 1, 2)
    g = weights.reshape(layer.filters, -1, 1)
    if x.dtype.name in KINDS:  # summed as they are
        scale = np.float32(calibration.x.scale)
        divisors = np.full_like(calibration.multiplier, 1 / scale)
        filters = quantised_filters(g.astype(np.float32), calibration, programs.output, divisors, takes_x=True)
        return sums_of_products(filters, d.reshape(-1, g.shape[1], 1))[:, :, 0]
    return quantised_tiles(programs, d.reshape(-1, g.shape[1], 1), g, calibration, factors)[:, :, 0]


def _terms(image: Array, layer: Layer) -> Array:
    """What each tap of each channel reads, (N, groups, C/groups, taps, *out), zeros outside the image."""
    padded = np.pad(image, ((0, 0), (0, 0), *layer.pads))
    everything = (slice(None), slice(None))
    views = [
        padded[everything + tuple(_reads(axis, tap) for tap, axis in zip(taps, layer.axes, strict=True))]
        for taps in product(*map(range, layer.kernel))
    ]
    terms = np.stack(views, axis=2)
    return terms.reshape(layer.batch, layer.groups, layer.channels // layer.groups, *terms.shape[2:])


def _reads(axis: Axis, tap: int) -> slice:
    """Where a tap reads the padded image along an axis."""
    first = tap * axis.dilation
    return slice(first, first + axis.stride * (axis.output_size - 1) + 1, axis.stride)
