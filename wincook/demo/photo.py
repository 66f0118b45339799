"""The photo: the one that matplotlib ships with its sample data, or the user's own.

Pixels are R'G'B' in 0..1 as the file has them: no colour profile is applied and no gamma undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from PIL import Image

from wincook.arrays import Array
from wincook.data.image import pixels, read_image
from wincook.errors import DataError, one_line
from wincook.files import given_path, path_text

CAPTION = (
    "Commodore Grace M. Hopper, US Navy Reserve; official portrait, 20 January 1984. "
    "US Navy photograph, a work of the US federal government: public domain"
)

_SAMPLE = "mpl-data/sample_data/grace_hopper.jpg"
_SHORTEST = 32
_SLIMMEST = 4
_LONGEST = 800  # pixels a side: some thirty float64 outputs of it fit in little memory


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
        path: a JPEG, PNG, WebP, TIFF, GIF, BMP, PPM or JPEG 2000 file; if left out, matplotlib's portrait of Grace
            Hopper.

    Raises:
        NotationError: no path.
        OutputError: the file cannot be read.
        DataError: it holds no image, a broken one, or one too small, too large, too slim or all of one grey.
    """
    if path is not None:
        path = given_path("path", path)
        return Photo(_read(path), f"Photo: {one_line(path.name, 80)}")
    with as_file(files("matplotlib").joinpath(_SAMPLE)) as sample:
        return Photo(_read(sample), CAPTION)


def _read(path: Path) -> Array:
    upright = read_image(path)
    width, height = upright.size
    if min(width, height) < _SHORTEST or max(width, height) > _SLIMMEST * min(width, height):
        raise DataError(
            f"{path_text(path)} is {width} × {height} pixels; each side must have at least {_SHORTEST}, and the longer "
            f"at most {_SLIMMEST} times the shorter"
        )
    upright.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
    shown = pixels(upright)
    if shown.min() == shown.max():
        raise DataError(f"{path_text(path)} is all of one grey; give a photo that shows something")
    return shown
