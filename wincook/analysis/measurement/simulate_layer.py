"""A whole layer through the interpreter: what a kernel gives, operation for operation, in any format.

Slow and plain. In float32 the kernels must agree with it bit for bit; in the other formats it shows a layer for
which there is no kernel.
"""

from __future__ import annotations

import numpy as np

from wincook.analysis.measurement.quantised import check_format, quantised_tiles, read_input
from wincook.analysis.measurement.tiles import computed
from wincook.arguments import instance
from wincook.arrays import Array, real_array
from wincook.construct.subject import Subject, correlation_of
from wincook.epilogue.activation import Activation
from wincook.epilogue.epilogue import Epilogue
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import given_operands
from wincook.errors import ShapeError
from wincook.formats import Format
from wincook.layers import Layer
from wincook.layers.tiling import tiles_of, untiled
from wincook.precision import Precision
from wincook.program import rounding
from wincook.program.programs import programs_of
from wincook.quantisation.calibration import Calibration


def simulate(  # noqa: PLR0913 (a layer and what follows it)
    algorithm: Subject,
    format: Precision | Format | str = "float32",
    *,
    layer: Layer,
    x: Array,
    weights: Array,
    bias: Array | None = None,
    epilogue: Epilogue | Activation | str | None = None,
    scale: Array | None = None,
    shift: Array | None = None,
    residual: Array | None = None,
    calibration: Calibration | None = None,
) -> Array:
    """Convolve a batch with every operation rounded.

    Args:
        algorithm: any whose tile has the layer's kernel and stride.
        format: of every stage, or a precision policy; x, weights and bias are rounded first.
        layer: the sizes; x and the result are in its layout.
        x: the layer's input shape.
        weights: (K, C, *kernel).
        bias: (K,), added last, or nothing.
        epilogue: what follows, in the format of the output.
        scale: (K,), if the epilogue has a scale; 1 if left out.
        shift: (K,), likewise; 0 if left out.
        residual: of the layer's output shape, if the epilogue has a residual.
        calibration: the scales of V, for products of integers; all else is in float32 then, which is the only format
            to go with it. x may be uint8 or int8, in the calibration's scale of x.

    Returns:
        y of the epilogue's output shape, in the carrier of the format (float32 for the 16-bit formats).

    Raises:
        ShapeError: the layer has dilation or the like, or arrays or tile do not fit it.
        DataError: arrays of other things than real numbers, or a calibration of another algorithm.
        AlgorithmError: the algorithm is no correlation of real numbers.
        NotationError: no epilogue, or no calibration.
        FormatError: an activation that is made for float32, in a larger format; a format beside a calibration.
    """
    layer = instance("layer", layer, Layer, "make it with wincook.Layer(channels, filters, size, kernel)", ShapeError)
    precision = Precision.of(format)
    if calibration is not None:
        calibration = instance("calibration", calibration, Calibration, "wincook.quantisation.calibrate makes one")
        check_format(precision)
    algorithm = correlation_of(algorithm, "simulate a layer", format=precision)
    tile = algorithm.tile
    x, weights = real_array("x", x, exact=True), real_array("weights", weights, exact=True)
    if not layer.dense:
        raise ShapeError(
            f"cannot simulate the layer {layer}: it must have no dilation and one group, and not be transposed; "
            "wincook.layers.reduce gives such parts"
        )
    shapes = (tile.taps, tile.strides, x.shape, weights.shape)
    if shapes != (layer.kernel, layer.strides, layer.input_shape, layer.weight_shape):
        raise ShapeError(
            f"{tile}, x {x.shape} and weights {weights.shape} do not fit a layer of kernel {layer.kernel}, stride "
            f"{layer.strides}, input {layer.input_shape} and weights {layer.weight_shape}"
        )
    after = Epilogue.of(epilogue)
    given = given_operands(after, layer, scale, shift, residual)
    y_shape = after.output_shape(layer)
    zeros = np.zeros(layer.filters)
    added = zeros if bias is None else real_array("bias", bias, exact=True)
    if added.shape != (layer.filters,):
        raise ShapeError(f"bias has shape {added.shape}; it must be {(layer.filters,)}")
    if not layer.batch:
        return np.zeros(y_shape, rounding.carrier(precision.output))
    programs = programs_of(algorithm)
    if calibration is None:
        d = tiles_of(rounding.round_to(x, precision.input), layer, tile)
        g = rounding.round_to(weights, precision.filter)[:, None]
        y = np.stack([computed(programs, tile.outputs, precision, d, each) for each in g], axis=1)
    else:
        calibration.check(layer, algorithm)
        centred, factors = read_input(x, calibration, programs)
        y = quantised_tiles(programs, tiles_of(centred, layer, tile), weights, calibration, factors)
    result = finish(after, untiled(y, layer, tile), given, bias=added, format=precision.output)
    return np.moveaxis(result, 1, -1) if layer.layout == "NHWC" else result
