from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.axis import Axis
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from tests.golden import Golden
from wincook.errors import NotationError, OutputError
from wincook.report.figures import canvas
from wincook.report.figures.canvas import Picture, contents, draw
from wincook.report.figures.theme import DARK, LIGHT, THEMES, Theme


@pytest.mark.slow
def test_a_png_is_1000_pixels_wide_and_nothing_is_cut_off(picture: Picture) -> None:
    with Image.open(io.BytesIO(contents(picture, ".png", "dark"))) as image:
        assert image.width == 1000
        pixels = np.asarray(image.convert("RGB"))
    paper = tuple(bytes.fromhex(DARK.paper[1:]))
    assert pixels.std() > 10
    for edge in (pixels[:3], pixels[-3:], pixels[:, :3], pixels[:, -3:]):
        assert (edge == paper).all(), "something is cut off"


@pytest.mark.slow
def test_words_are_large_and_do_not_overlap(picture: Picture) -> None:
    with matplotlib.style.context(["default", LIGHT.style]):
        figure = picture.compose(LIGHT)
        figure.draw_without_rendering()
        ticks = {
            text for axis in figure.findobj(Axis) for tick in axis.get_major_ticks() for text in tick.findobj(Text)
        }
        drawn = {
            label
            for axes in figure.axes
            for axis in (axes.xaxis, axes.yaxis)
            for tick in axis._update_ticks()  # type: ignore[union-attr]
            for label in (tick.label1, tick.label2)
        }
        texts = [
            text
            for text in figure.findobj(Text)
            if text.get_visible() and text.get_text().strip() and (text not in ticks or text in drawn)
        ]
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    assert len(texts) > 5
    assert min(float(text.get_fontsize()) for text in texts) >= 9
    for (word, first), (other, second) in combinations(boxes, 2):
        overlap = Bbox.intersection(first, second)
        assert overlap is None or min(overlap.width, overlap.height) < 1, f"{word!r} overlaps {other!r}"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["curve", "map 1-D", "stages"])
def test_an_svg_is_drawn_alone_and_leaves_the_style_as_it_was(
    pictures: dict[str, Picture], name: str, tmp_path: Path
) -> None:
    before = dict(mpl.rcParams)
    path = draw(pictures[name], tmp_path / "picture.SVG", "light")
    assert dict(mpl.rcParams) == before
    assert list(tmp_path.iterdir()) == [path]
    root = ET.fromstring(path.read_bytes())  # noqa: S314 (our own text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    images = root.findall(".//{http://www.w3.org/2000/svg}image")  # colour bars
    assert all(image.attrib["{http://www.w3.org/1999/xlink}href"].startswith("data:image/png") for image in images)


@pytest.mark.slow
@pytest.mark.parametrize("kind", canvas.ENDINGS)
def test_the_same_picture_has_the_same_bytes(pictures: dict[str, Picture], kind: str) -> None:
    assert contents(pictures["ulps"], kind) == contents(pictures["ulps"], kind)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_colours_differ_and_stand_out(theme: Theme) -> None:
    """Contrast with the paper as in WCAG 2.2: at least 4.5 for text, 3 for signs."""

    def luminance(colour: str) -> float:
        channels = np.frombuffer(bytes.fromhex(colour[1:]), dtype=np.uint8) / 255
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    def contrast(colour: str) -> float:
        low, high = sorted((luminance(colour), luminance(theme.paper)))
        return (high + 0.05) / (low + 0.05)

    assert len(set(theme.colours.values())) == len(theme.colours)
    assert min(contrast(colour) for colour in (theme.ink, theme.faint, *theme.series)) >= 4.5
    assert contrast(theme.frame) >= 3


def test_bad_input_is_named(pictures: dict[str, Picture], tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "file").write_text("")
    with golden.raises(OutputError, match=r"'\.gif'"):
        draw(pictures["ulps"], tmp_path / "x.gif")
    with golden.raises(OutputError):
        draw(pictures["ulps"], tmp_path / "file" / "x.svg")
    with golden.raises(NotationError, match="'sepia'"):
        draw(pictures["ulps"], tmp_path / "x.png", "sepia")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
