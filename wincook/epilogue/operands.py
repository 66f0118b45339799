"""The arrays that an epilogue takes beside the convolution, checked against a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from wincook.arrays import Array, real_array
from wincook.epilogue.epilogue import Epilogue
from wincook.errors import ShapeError
from wincook.layers import Layer


@dataclass(frozen=True, slots=True, eq=False)
class Operands:
    """A factor and a summand for each filter, (K,), and a residual, (N, K, *out); None where the epilogue has none."""

    scale: Array | None = None
    shift: Array | None = None
    residual: Array | None = None


def given_operands(epilogue: Epilogue, layer: Layer, scale: Any, shift: Any, residual: Any) -> Operands:
    """Operands of any real type; a scale left out is ones, a shift zeros. The residual is in the layout of the layer.

    Raises:
        ShapeError: operands that the epilogue does not have, or a residual that it has and is not given; other shapes.
        DataError: no real numbers.
    """
    scale, shift = scale_and_shift(epilogue, layer, scale, shift)
    residual = given_residual(epilogue, layer, residual)
    if residual is not None and layer.layout == "NHWC":
        residual = np.moveaxis(residual, -1, 1)
    return Operands(scale, shift, residual)


def scale_and_shift(epilogue: Epilogue, layer: Layer, scale: Any, shift: Any) -> tuple[Array | None, Array | None]:
    """Those of an epilogue, for each filter; errors as `given_operands`."""
    if not epilogue.scale:
        if scale is not None or shift is not None:
            raise ShapeError(f"a scale or shift is given, but the epilogue is {epilogue}; give it scale=True")
        return None, None
    read = []
    for name, values, fill in (("scale", scale, 1), ("shift", shift, 0)):
        array = np.full(layer.filters, fill) if values is None else real_array(name, values, exact=True)
        if array.shape != (layer.filters,):
            raise ShapeError(
                f"{name} has shape {array.shape}; it must be {(layer.filters,)}, one number for each filter"
            )
        read.append(array)
    return read[0], read[1]


def given_residual(epilogue: Epilogue, layer: Layer, residual: Any) -> Array | None:
    """The residual of an epilogue, in the layout of the layer; errors as `given_operands`."""
    if not epilogue.residual:
        if residual is not None:
            raise ShapeError(f"a residual is given, but the epilogue is {epilogue}; give it residual=True")
        return None
    if residual is None:
        raise ShapeError(f"the epilogue is {epilogue}; give a residual of shape {layer.output_shape}")
    array = real_array("residual", residual, exact=True)
    if array.shape != layer.output_shape:
        raise ShapeError(f"residual has shape {array.shape}; it must be {layer.output_shape}")
    return array
