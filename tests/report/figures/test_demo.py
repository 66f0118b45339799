from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from tests.golden import Golden
from wincook.demo import run as demo
from wincook.demo.photo import CAPTION, Photo, load
from wincook.demo.run import DemoResult, run
from wincook.errors import OutputError
from wincook.report.figures.canvas import draw
from wincook.report.figures.demo import DemoPicture


@pytest.fixture(scope="module")
def result() -> Iterator[DemoResult]:
    photo = Photo(np.ascontiguousarray(load().pixels[:, 100:160, 200:280]), CAPTION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "KERNELS", {3: (2, 4), 5: (2,), 7: (2,)})
        yield run(photo, samples=10, repeats=1)


@pytest.mark.slow
def test_a_picture_is_drawn(result: DemoResult, tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    path = draw(DemoPicture(result), tmp_path / "demo.png")
    assert path == tmp_path / "demo.png"
    assert dict(mpl.rcParams) == before
    assert list(tmp_path.iterdir()) == [path]
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert image.width == 2000
        assert image.height > 1000
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.std() > 20
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert np.ptp(edge, axis=0).max() == 0, "something is cut off"


@pytest.mark.slow
def test_an_old_picture_is_replaced(result: DemoResult, tmp_path: Path) -> None:
    (tmp_path / "demo.png").write_text("old")
    draw(DemoPicture(result), str(tmp_path / "demo.png"))
    assert (tmp_path / "demo.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_place_that_cannot_be_written_is_named(result: DemoResult, tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "file").write_text("")
    with golden.raises(OutputError):
        draw(DemoPicture(result), tmp_path / "file" / "demo.png")


@pytest.mark.slow
def test_a_folder_is_left_alone(result: DemoResult, tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "folder.png").mkdir()
    with golden.raises(OutputError):
        draw(DemoPicture(result), tmp_path / "folder.png")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_it_is_drawn_for_print_and_in_the_dark_too(result: DemoResult, kind: str, tmp_path: Path) -> None:
    path = draw(DemoPicture(result), tmp_path / f"demo.{kind}", "dark")
    assert path.read_bytes()[:5] == {"svg": b"<?xml", "pdf": b"%PDF-"}[kind]
