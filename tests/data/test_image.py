from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.golden import Golden
from wincook.analysis.data.arrays import read_array
from wincook.demo.photo import load
from wincook.errors import DataError


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "size", "named"),
    [("large.png", (13_000, 13_000), "40,000,000"), ("larger.png", (19_000, 19_000), "40")],
)
def test_sizes_are_judged_before_anything_is_decoded(
    tmp_path: Path, name: str, size: tuple[int, int], named: str, golden: Golden
) -> None:
    Image.new("1", size).save(tmp_path / name)
    for read in (read_array, load):
        with golden.raises(DataError, match=named):
            read(tmp_path / name)


def test_sixteen_bits_are_refused_rather_than_cut(tmp_path: Path, golden: Golden) -> None:
    Image.fromarray(np.full((40, 40), 300, np.uint16)).save(tmp_path / "deep.png")
    with golden.raises(DataError, match="8"):
        read_array(tmp_path / "deep.png")


def test_no_other_program_is_asked_to_read_an_image(tmp_path: Path, golden: Golden) -> None:
    Image.new("RGB", (40, 40)).save(tmp_path / "drawing.eps")
    with golden.raises(DataError):
        read_array(tmp_path / "drawing.eps")


def test_images_are_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 50), (255, 0, 0)).save(tmp_path / "turned.jpg", exif=exif)
    assert read_array(tmp_path / "turned.jpg").shape == (1, 3, 40, 50)
