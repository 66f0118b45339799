from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.golden import Golden
from wincook.data import image
from wincook.demo.photo import CAPTION, load
from wincook.errors import DataError, OutputError


def noise(height: int, width: int) -> Image.Image:
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8))


def test_the_sample_is_there() -> None:
    photo = load()
    assert photo.size == (600, 512)
    assert photo.pixels.shape == (3, 600, 512)
    assert photo.pixels.dtype == np.float32
    assert photo.pixels.flags.c_contiguous
    assert photo.pixels.min() == 0
    assert photo.pixels.max() == 1
    assert photo.caption == CAPTION
    assert "public domain" in CAPTION


def test_pixels_are_those_of_the_file(tmp_path: Path) -> None:
    drawn = noise(40, 50)
    drawn.save(tmp_path / "noise.png")
    photo = load(tmp_path / "noise.png")
    np.testing.assert_array_equal(np.round(photo.pixels * 255).transpose(1, 2, 0), np.asarray(drawn))
    assert "noise.png" in photo.caption


@pytest.mark.parametrize(("mode", "name"), [("L", "x.png"), ("P", "x.gif"), ("RGBA", "x.png"), ("CMYK", "x.jpg")])
def test_other_modes_become_three_channels(tmp_path: Path, mode: str, name: str) -> None:
    noise(40, 50).convert(mode).save(tmp_path / name)
    assert load(str(tmp_path / name)).pixels.shape == (3, 40, 50)


def test_a_photo_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90°
    noise(40, 50).save(tmp_path / "turned.jpg", exif=exif)
    assert load(tmp_path / "turned.jpg").size == (50, 40)


def test_a_large_photo_is_shrunk(tmp_path: Path) -> None:
    noise(600, 1600).save(tmp_path / "large.png")
    assert load(tmp_path / "large.png").size == (300, 800)


@pytest.mark.parametrize("place", ["missing.png", "."])
def test_what_cannot_be_read_is_named(tmp_path: Path, place: str, golden: Golden) -> None:
    with golden.raises(OutputError, match=str(tmp_path)):
        load(tmp_path / place)


def test_text_is_no_image(tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    with golden.raises(DataError):
        load(tmp_path / "notes.txt")


def test_a_broken_image_is_named(tmp_path: Path, golden: Golden) -> None:
    noise(100, 100).save(tmp_path / "whole.jpg")
    (tmp_path / "half.jpg").write_bytes((tmp_path / "whole.jpg").read_bytes()[:3000])
    with golden.raises(DataError):
        load(tmp_path / "half.jpg")


def test_sixteen_bits_are_refused_rather_than_cut(tmp_path: Path, golden: Golden) -> None:
    Image.fromarray(np.full((40, 40), 300, np.uint16)).save(tmp_path / "deep.png")
    with golden.raises(DataError, match="8"):
        load(tmp_path / "deep.png")


@pytest.mark.parametrize("size", [(31, 40), (40, 31), (40, 161), (400, 40)])
def test_a_photo_has_a_sensible_shape(tmp_path: Path, size: tuple[int, int], golden: Golden) -> None:
    noise(*size).save(tmp_path / "odd.png")
    with golden.raises(DataError, match=f"{size[1]} × {size[0]} pixels"):
        load(tmp_path / "odd.png")


def test_a_photo_shows_something(tmp_path: Path, golden: Golden) -> None:
    Image.new("RGB", (40, 40), (9, 9, 9)).save(tmp_path / "grey.png")
    with golden.raises(DataError):
        load(tmp_path / "grey.png")


def test_a_huge_image_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    noise(40, 50).save(tmp_path / "huge.png")
    monkeypatch.setattr(image, "_MOST_PIXELS", 1999)
    with golden.raises(DataError, match="1,999"):
        load(tmp_path / "huge.png")
