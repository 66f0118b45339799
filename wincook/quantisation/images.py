"""Images as callers give them: an array, a file of one, or batches in turn; one by one, in float32."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from wincook.arrays import Array, real_array
from wincook.data.array_file import read_array
from wincook.errors import DataError, NotationError, ShapeError, quoted
from wincook.layers import Layer
from wincook.quantisation.affine import KINDS, Affine

Images = Array | str | Path | Iterable[Array]


def images_of(layer: Layer, images: Images, x: Affine | None = None) -> Iterator[Array]:
    """One image (1, …) of a layer after the other; integers are what the scale x makes of them.

    Raises:
        ShapeError: images of another layer.
        DataError: NaN or infinities, or integers without a scale.
        NotationError: no images.
        OutputError: a file that cannot be read.
    """
    if isinstance(images, (str, Path)):
        images = read_array(images)
    for batch in [images] if hasattr(images, "shape") else _in_turn(images):
        array = real_array("images", batch)
        if array.ndim != layer.dimension + 2 or array.shape[1:] != layer.input_shape[1:]:
            wanted = ("N", *map(str, layer.input_shape[1:]))
            raise ShapeError(f"images have shape {array.shape}; {layer} takes ({', '.join(wanted)})")
        if array.dtype.name in KINDS:
            if x is None:
                raise DataError(f"images of {array.dtype} need a scale; give x = Affine(scale, zero_point)")
            array = x.real(array)
        with np.errstate(over="ignore"):  # what overflows is told below
            numbers = array.astype(np.float32, copy=False)
        for image in numbers:
            if not np.isfinite(image).all():
                raise DataError("images must be finite in float32; these hold NaN or infinities")
            yield image[None]


def _in_turn(batches: Iterable[Array]) -> Iterator[Array]:
    try:
        if isinstance(batches, Iterable):
            return iter(batches)
    except Exception:  # noqa: BLE001, S110 (whatever a caller's own object raises)
        pass
    raise NotationError(f"images = {quoted(batches)} must be an array (N, C, *size), or batches of them in turn")
