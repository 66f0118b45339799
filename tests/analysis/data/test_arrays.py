from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.data.arrays import law_of, read_array
from wincook.analysis.data.distributions import NORMAL
from wincook.analysis.measurement.measure import measure
from wincook.arrays import Array
from wincook.errors import DataError, OutputError, ShapeError


def some(seed: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.normal(2, 1, (3, 4, 7, 9)).astype(np.float32), rng.normal(size=(5, 4, 3, 3))


def test_tiles_are_windows_and_filters_are_filters() -> None:
    """Each number is its own place: so every tile must be a window, and all windows come up."""
    images = np.arange(2 * 3 * 5 * 6).reshape(2, 3, 5, 6)
    weights = np.arange(4 * 3 * 2 * 3).reshape(4, 3, 2, 3)
    law, rng = law_of(images, weights), np.random.default_rng(0)
    seen = set()
    for tile in law.draw_input(rng, (500, 3, 4, 5)):
        n, _, i, j = np.unravel_index(int(tile[0, 0, 0]), images.shape)
        np.testing.assert_array_equal(tile, images[n, :, i : i + 4, j : j + 5])
        seen.add((int(n), int(i), int(j)))
    assert len(seen) == 2 * 2 * 2
    filters = law.draw_filter(rng, (100, 3, 2, 3), 18)
    assert {int(one[0, 0, 0]) // 18 for one in filters} == {0, 1, 2, 3}
    for one in filters:
        np.testing.assert_array_equal(one, weights[int(one[0, 0, 0]) // 18])


def test_moments_are_those_of_the_arrays() -> None:
    images, weights = some()
    law = law_of(images, weights)
    assert law.mean == near(images.mean(dtype=float), rel=1e-9)
    assert law.variance == near(images.var(dtype=float), rel=1e-9)
    assert law.filter_variance(9) == near(np.mean(weights**2), rel=1e-12)
    assert law.input_moments is not None
    assert law.filter_moments is not None
    moments = law.input_moments((2, 3))
    for place, other in [((0, 0), (0, 0)), ((0, 1), (1, 0)), ((1, 2), (0, 0))]:
        (a, b), (c, d) = place, other
        product = images[:, :, a : a + 6, b : b + 7].astype(float) * images[:, :, c : c + 6, d : d + 7]
        assert moments[(*place, *other)] == near(product.mean(), rel=1e-9)
    expected = np.einsum("kcij,kcxy->ijxy", weights, weights) / 20
    np.testing.assert_allclose(law.filter_moments((3, 3)), expected, rtol=1e-12)


def test_what_is_left_out_comes_from_a_known_law() -> None:
    images, weights = some()
    assert law_of(images, rest="normal").draw_tap == NORMAL.draw_tap
    assert law_of(weights=weights, rest="normal").variance == 1.0
    assert law_of(images).gain == 2.0


def test_own_arrays_are_measured_and_seeds_repeat() -> None:
    images, weights = some()
    law, algorithm = law_of(images, weights), wc.algorithm("F(2x2,3x3)")
    found = measure(algorithm, "float32", 4, law, samples=300, seed=1)
    assert found == measure(algorithm, "float32", 4, law, samples=300, seed=1)
    assert 0 < found.rms < 1e-4
    # Independent places: so the prediction holds, but for the few filters that there are.
    report = wc.analyse(algorithm, "float32", 4, law, samples=300)
    assert 0.7 < report.predicted.rms / report.measured.rms < 1.4


@pytest.mark.parametrize(
    ("inputs", "weights", "error", "named"),
    [
        (np.full((1, 1, 4, 4), np.nan), None, DataError, r"inputs\[0.*0.*0.*0\]"),
        (np.ones((1, 1, 4, 4)), np.array([[[[1.0, np.inf]]]]), DataError, r"weights\[0.*0.*0.*1\]"),
        (np.ones((1, 1, 4, 4), complex), None, DataError, "complex128"),
        (np.array([[["a"]]]), None, DataError, "<U1"),
        (np.array([[[None]]]), None, DataError, None),
        (np.zeros((1, 1, 4, 4)), None, DataError, None),
        (np.full((1, 1, 4), 1e200), None, DataError, "1e"),
        (np.ones((4, 4)), None, ShapeError, r"\(4.*4\)"),
        (np.ones((0, 1, 4)), None, ShapeError, r"\(0.*1.*4\)"),
        (np.ones((1, 2, 4, 4)), np.ones((1, 3, 3, 3)), ShapeError, None),
    ],
)
def test_unfit_arrays_are_refused(
    inputs: Array, weights: Array | None, error: type[Exception], named: str | None, golden: Golden
) -> None:
    with golden.raises(error, match=named):
        law_of(inputs, weights)


@pytest.mark.parametrize(
    ("tile", "channels", "named"),
    [
        ("F(2x2,3x3)", 3, "4"),
        ("F(6x6,3x3)", 4, r"\(8.*8\)"),
        ("F(2,3)", 4, r"\(4,\)"),
        ("F(2x2,3x5)", 4, r"\(4.*3.*5\)"),
    ],
)
def test_arrays_that_do_not_fit_the_tile_are_refused(tile: str, channels: int, named: str, golden: Golden) -> None:
    with golden.raises(ShapeError, match=named):
        measure(wc.algorithm(tile), "float32", channels, law_of(*some()), samples=20, seed=0)


def test_files_are_read(tmp_path: Path) -> None:
    images, weights = some()
    np.save(tmp_path / "x.npy", images)
    np.savez(tmp_path / "two.npz", a=images, b=weights)
    np.savez(tmp_path / "one.npz", only=weights)
    Image.fromarray(np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)).save(tmp_path / "photo.png")
    np.testing.assert_array_equal(read_array(tmp_path / "x.npy"), images)
    np.testing.assert_array_equal(read_array(f"{tmp_path}/two.npz:b"), weights)
    np.testing.assert_array_equal(read_array(tmp_path / "one.npz"), weights)
    photo = read_array(tmp_path / "photo.png")
    assert photo.shape == (1, 3, 4, 5)
    assert photo[0, 2, 3, 4] == np.float32(59 / 255)


def test_unfit_files_are_named(tmp_path: Path, golden: Golden) -> None:
    pickled, broken, text, cut = (tmp_path / name for name in ("o.npy", "b.npz", "t.txt", "c.npy"))
    np.save(pickled, np.array([{}], object), allow_pickle=True)
    broken.write_bytes(b"PK\x03\x04 no archive")
    text.write_text("no image", encoding="utf-8")
    np.save(cut, np.ones(1000))
    cut.write_bytes(cut.read_bytes()[:500])
    np.savez(tmp_path / "two.npz", a=np.ones(1), b=np.ones(1))
    with zipfile.ZipFile(tmp_path / "odd.npz", "w") as archive:
        archive.writestr("a.npy", b"no array")
    for place in (pickled, broken, text, cut, f"{tmp_path}/odd.npz:a"):
        with golden.raises(DataError, match=str(place).partition(":")[0]):
            read_array(place)
    for name, named in (("", "has 2 arrays; name one as FILE:NAME, of a, b"), (":c", "no array 'c'; it has a, b")):
        with golden.raises(DataError, match=named):
            read_array(f"{tmp_path}/two.npz{name}")
    for missing in ("none.npy", "none.npz:a", "none.png"):
        with golden.raises(OutputError):
            read_array(tmp_path / missing)
