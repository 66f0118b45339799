"""An array in a file: numpy's own, or a photo."""

from __future__ import annotations

import os
from pathlib import Path

from wincook.arrays import Array
from wincook.data.image import pixels, read_image
from wincook.data.npy import npy_array, npz_array
from wincook.data.stored import LARGEST_ARRAY, file_and_name
from wincook.files import given_path, open_regular, path_text

_LARGEST_HEADERS = 1 << 20  # bytes, beside those of the numbers


def read_array(path: str | Path) -> Array:
    """Read .npy, .npz (`file.npz:name` if it holds several), or an image as (1, 3, H, W) in 0..1.

    Raises:
        NotationError: something else than a path.
        OutputError: the file cannot be read.
        DataError: it holds no array of that name, none of real numbers, no image, or is damaged; or the array is larger
            than `wincook.data.stored.LARGEST_ARRAY` bytes.
    """
    file, name = file_and_name(str(given_path("path", path)))
    kind = file.suffix.lower()
    if kind not in {".npy", ".npz"}:
        return pixels(read_image(file))[None]
    with open_regular(file, LARGEST_ARRAY + _LARGEST_HEADERS) as stream:
        if kind == ".npz":
            return npz_array(stream, file, name)
        return npy_array(stream, os.fstat(stream.fileno()).st_size, path_text(file))
