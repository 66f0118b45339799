"""Images: upright, in RGB of eight bits, and of a size that fits.

Pillow asks other programs to read some formats, PostScript for one: only formats that it decodes itself are taken.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from wincook.arrays import Array
from wincook.errors import DataError
from wincook.files import open_regular, path_text

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "PPM", "JPEG2000")
_LARGEST_FILE = 1 << 28  # bytes
_MOST_PIXELS = 40_000_000  # 480 MB of float32
_EIGHT_BITS = 255
_DEEP = ("I", "F")  # Pillow's modes of 16 and 32 bits, which it would cut to 8 without scaling


def read_image(path: Path) -> Image.Image:
    """An image in RGB, turned as its EXIF data say.

    Raises:
        OutputError: the file cannot be read.
        DataError: it holds no image, a broken one, too many pixels, or more than eight bits per pixel and channel.
    """
    name = path_text(path)
    with open_regular(path, _LARGEST_FILE) as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of odd metadata, and of sizes that are judged here
                with Image.open(file, formats=_FORMATS) as image:
                    _check(image, name)
                    ImageOps.exif_transpose(image, in_place=True)
                    image.load()
                    return image if image.mode == "RGB" else image.convert("RGB")
        except Image.DecompressionBombError:
            raise _too_large(name) from None
        except UnidentifiedImageError:
            raise DataError(f"{name} is no image that can be read; give a JPEG, PNG, WebP or TIFF file") from None
        except DataError:
            raise
        except Exception as error:  # Pillow's readers raise whatever their struct, zlib and index operations do
            raise DataError(f"{name} is a broken image; copy it again") from error


def pixels(image: Image.Image) -> Array:
    """Those of an RGB image: float32 of shape (3, H, W) in 0..1."""
    array = np.empty((3, image.height, image.width), np.float32)
    for channel, plane in enumerate(array):
        plane[:] = np.asarray(image.getchannel(channel))
    array /= np.float32(_EIGHT_BITS)
    return array


def _check(image: Image.Image, name: str) -> None:
    """Judge what an image says of itself, before it is decoded."""
    if image.width * image.height > _MOST_PIXELS:
        raise _too_large(name)
    if image.mode.startswith(_DEEP) or ";16" in str(getattr(image, "tile", "")):
        raise DataError(f"{name} has more than 8 bits per pixel and channel; save it with 8")


def _too_large(name: str) -> DataError:
    return DataError(f"{name} has more than {_MOST_PIXELS:,} pixels; shrink it first")
