import numpy as np
import pytest
from numpy.typing import NDArray

from tests.golden import Golden
from tests.near import near
from wincook.demo.filters import LUMA, ORIENTATIONS, SIZES, Filter, bank, place, weights
from wincook.direct import correlate
from wincook.errors import ShapeError

Array = NDArray[np.float64]
ALL = [pytest.param(entry, id=str(entry)) for size in SIZES for entry in bank(size)]
KEEP_THE_MEAN = {"sharpen", "Gaussian", "box", "emboss", "unsharp mask", "motion blur", "L5L5"}


def taps(size: int, name: str) -> Array:
    (entry,) = (entry for entry in bank(size) if entry.name == name)
    return np.array(entry.taps)


def ramp(size: int, expression: str) -> Array:
    axis = np.arange(size, dtype=float) - size // 2
    x, y = axis[None, :], axis[:, None]
    return {"x": x + 0 * y, "y": y + 0 * x, "xx": x**2 + 0 * y, "xy": x * y, "yy": y**2 + 0 * x}[expression]


@pytest.mark.parametrize("size", SIZES)
def test_a_bank_holds_different_filters_of_its_size(size: int) -> None:
    filters = bank(size)
    assert {entry.size for entry in filters} == {size}
    assert len({entry.name for entry in filters}) == len(filters)
    assert len({entry.taps for entry in filters}) == len(filters)
    assert all(entry.source for entry in filters)


@pytest.mark.parametrize("entry", ALL)
def test_derivatives_sum_to_0_and_smoothers_to_1(entry: Filter) -> None:
    expected = 1 if entry.name in KEEP_THE_MEAN else 0
    assert np.sum(entry.taps) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("entry", ALL)
def test_weights_act_on_luma_or_on_each_colour(entry: Filter) -> None:
    g = entry.weights
    assert g.shape == (entry.outputs, 3, entry.size, entry.size)
    if entry.colour:
        for k in range(3):
            np.testing.assert_array_equal(g[k, k], entry.taps)
            assert not g[k, np.arange(3) != k].any()
    else:
        np.testing.assert_allclose(g.sum(axis=1)[0], entry.taps, rtol=0, atol=1e-15)
        np.testing.assert_allclose(g[0, :, 0, 0], np.array(LUMA) * entry.taps[0][0])


def test_luma_keeps_grey() -> None:
    assert sum(LUMA) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("size", SIZES)
def test_weights_stack_in_order(size: int) -> None:
    filters = bank(size)
    g = weights(filters)
    assert g.dtype == np.float32
    assert g.shape == (sum(entry.outputs for entry in filters), 3, size, size)
    for entry in filters:
        np.testing.assert_array_equal(g[place(filters, entry.name)], entry.weights.astype(np.float32))


def test_unknown_sizes_and_names_list_the_known_ones(golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"3.*5.*7"):
        bank(4)
    with golden.raises(ShapeError):
        place(bank(3), "Sobel")


@pytest.mark.parametrize("name", ["Sobel", "Scharr", "Prewitt"])
@pytest.mark.parametrize("axis", ["x", "y"])
def test_gradients_of_a_ramp_are_1(name: str, axis: str) -> None:
    g = taps(3, f"{name} ∂{axis}")
    assert np.sum(g * ramp(3, axis)) == near(1)
    assert np.sum(g * ramp(3, "y" if axis == "x" else "x")) == near(0)


@pytest.mark.parametrize("name", ["Laplacian 4", "Laplacian 8"])
def test_laplacians_know_no_direction(name: str) -> None:
    g = taps(3, name)
    np.testing.assert_array_equal(g, np.rot90(g))
    np.testing.assert_array_equal(g, g.T)


def test_sharpening_takes_the_laplacian_away() -> None:
    delta = np.zeros((3, 3))
    delta[1, 1] = 1
    np.testing.assert_array_equal(taps(3, "sharpen"), delta - taps(3, "Laplacian 4"))


@pytest.mark.parametrize(("wind", "turns"), [("N", 0), ("W", 1), ("S", 2), ("E", 3)])
def test_kirsch_goes_round_the_compass(wind: str, turns: int) -> None:
    np.testing.assert_allclose(taps(3, f"Kirsch {wind}"), np.rot90(taps(3, "Kirsch N"), turns))
    assert taps(3, "Kirsch N")[0].sum() == near(1)


def test_laws_masks_are_every_product_of_two() -> None:
    names = [entry.name for entry in bank(5) if "Laws" in entry.source]
    assert len(names) == 25
    for name in names:
        g = taps(5, name)
        assert np.linalg.matrix_rank(g) == 1
        assert np.abs(g).sum() == near(1)
        np.testing.assert_allclose(g.T, taps(5, name[2:] + name[:2]))


@pytest.mark.parametrize("size", [5, 7])
def test_gaussians_are_positive_and_fall_off(size: int) -> None:
    g = taps(size, "Gaussian")
    assert g.min() > 0
    np.testing.assert_allclose(g, np.rot90(g))
    assert (np.diff(g[size // 2, size // 2 :]) < 0).all()


@pytest.mark.parametrize(("size", "sigma"), [(5, 0.9), (7, 1.4)])
def test_a_log_is_negative_within_its_zero_crossing(size: int, sigma: float) -> None:
    g = taps(size, "LoG")
    radius = np.hypot(ramp(size, "x"), ramp(size, "y"))
    assert (g[radius < sigma] < 0).all()
    assert (g[radius > 2 * sigma] > 0).all()


@pytest.mark.parametrize("wanted", ["x", "y", "xx", "xy", "yy"])
@pytest.mark.parametrize("polynomial", ["x", "y", "xx", "xy", "yy"])
def test_gaussian_derivatives_are_right_for_polynomials(wanted: str, polynomial: str) -> None:
    value = np.sum(taps(7, f"Gaussian ∂{wanted}") * ramp(7, polynomial))
    factor = 2 if wanted in {"xx", "yy"} else 1
    assert value == pytest.approx(factor if wanted == polynomial else 0, abs=1e-12)


@pytest.mark.parametrize("turn", range(ORIENTATIONS))
def test_gabor_filters_are_even_odd_and_strongest_across_their_stripes(turn: int) -> None:
    angle = 180 * turn / ORIENTATIONS
    even, odd = taps(7, f"Gabor {angle:g}° even"), taps(7, f"Gabor {angle:g}° odd")
    np.testing.assert_allclose(even, even[::-1, ::-1], rtol=0, atol=1e-15)
    np.testing.assert_allclose(odd, -odd[::-1, ::-1], rtol=0, atol=1e-15)
    assert np.abs(even).sum() == near(1)
    energies = []
    for other in range(ORIENTATIONS):
        direction = np.pi * other / ORIENTATIONS
        stripes = np.cos(2 * np.pi / 5 * (ramp(21, "x") * np.cos(direction) + ramp(21, "y") * np.sin(direction)))
        energies.append(np.sum(correlate(stripes, even) ** 2 + correlate(stripes, odd) ** 2))
    assert int(np.argmax(energies)) == turn
