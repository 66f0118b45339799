"""The photo: the one that matplotlib ships with its sample data, or the user's own.

Pixels are R'G'B' in 0..1 as the file has them: no colour profile is applied and no gamma undone.
"""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from wincook.errors import DataError, OutputError

Array = NDArray[Any]

CAPTION = (
    "Commodore Grace M. Hopper, US Navy Reserve; official portrait, 20 January 1984. "
    "US Navy photograph, a work of the US federal government: public domain"
)

_SAMPLE = "mpl-data/sample_data/grace_hopper.jpg"
_SHORTEST = 32
_SLIMMEST = 4
_LONGEST = 800  # pixels a side: some thirty float64 outputs of it fit in little memory
_EIGHT_BITS = 255
_DEEP = ("I", "F")  # Pillow's modes of 16 and 32 bits, which it would cut to 8 without scaling


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """`pixels`, float32 of shape (3, H, W) in 0..1, and the line that says whose picture it is."""

    pixels: Array
    caption: str

    @property
    def size(self) -> tuple[int, int]:
        """(H, W)."""
        _, height, width = self.pixels.shape
        return height, width


def load(path: str | Path | None = None) -> Photo:
    """Read a photo, upright and with its longer side at most 800 pixels.

    Args:
        path: any image that Pillow reads; matplotlib's portrait of Grace Hopper if left out.

    Raises:
        OutputError: the file cannot be read.
        DataError: it holds no image, a broken one, or one too small, too large, too slim or all of one grey.
    """
    if path is not None:
        return Photo(_read(Path(path)), f"Photo: {Path(path).name}")
    with as_file(files("matplotlib").joinpath(_SAMPLE)) as sample:
        return Photo(_read(sample), CAPTION)


def _read(path: Path) -> Array:
    try:
        with path.open("rb") as file:
            return _decode(file, path)
    except OSError as error:
        raise OutputError(
            f"cannot read {path}: {error.strerror or error}; name an image file that can be read"
        ) from error


def _decode(file: Any, path: Path) -> Array:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                mode = image.mode
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise DataError(f"{path} has more than {Image.MAX_IMAGE_PIXELS:,} pixels; shrink it first") from None
    except UnidentifiedImageError:
        raise DataError(f"{path} is no image that Pillow knows; give a JPEG, PNG, WebP or TIFF file") from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error) as error:  # what Pillow's readers raise
        raise DataError(f"{path} is a broken image: {error}") from error
    if mode.startswith(_DEEP):
        raise DataError(f"{path} has more than 8 bits per pixel and channel; save it with 8")
    width, height = upright.size
    if min(width, height) < _SHORTEST or max(width, height) > _SLIMMEST * min(width, height):
        raise DataError(
            f"{path} is {width} × {height} pixels; each side must have at least {_SHORTEST}, and the longer at "
            f"most {_SLIMMEST} times the shorter"
        )
    upright.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
    pixels = np.asarray(upright, np.float32).transpose(2, 0, 1) / np.float32(_EIGHT_BITS)
    if pixels.min() == pixels.max():
        raise DataError(f"{path} is all of one grey; give a photo that shows something")
    return np.ascontiguousarray(pixels)
