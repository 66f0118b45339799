from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from tests.near import near
from tests.quantisation.conftest import LAYER, TILE
from wincook.analysis import analyse_calibration
from wincook.errors import DataError, FormatError, NotationError, ShapeError, WincookError
from wincook.quantisation.affine import Affine
from wincook.quantisation.calibrate import calibrate
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.noise.ranges import EXPONENTS
from wincook.quantisation.observed import SCALES


def V_of(images: Any) -> Any:
    """V (tiles, C, P) in float64, by the matrices and plain loops over tiles."""
    BT = np.array(wc.algorithm(TILE).axes[0].BT.tolist(), float)
    padded = np.pad(images.astype(float), ((0, 0), (0, 0), (1, 2), (1, 2)))  # the last tiles overhang by one output
    tiles = [padded[:, :, i : i + 4, j : j + 4] for i in range(0, 9, 2) for j in range(0, 7, 2)]
    return np.concatenate([BT @ tile @ BT.T for tile in tiles]).reshape(-1, 6, 16)


def test_scales_by_tap_and_channel_are_those_of_the_recipe(images: Any, calibration: Calibration) -> None:
    V = V_of(images)
    rms = np.sqrt(np.square(V).mean(axis=0)).T
    e = calibration.equaliser
    exponents = np.log(e[:, 0] / e[:, 1]) / np.log(rms[:, 0] / rms[:, 1])
    assert set(exponents.round(3)) <= set(EXPONENTS)
    np.testing.assert_allclose(e, rms ** exponents[:, None], rtol=1e-4)
    low, high = calibration.lowest, calibration.highest
    reached = np.abs(V / e.T).max(axis=(0, 1))
    assert (np.maximum(-low, high) <= 2.11 * reached).all()  # margin included
    assert (np.maximum(-low, high) >= 0.25 * reached).all()
    np.testing.assert_allclose(calibration.step, (high - low) / 255, rtol=1e-5)
    np.testing.assert_allclose(calibration.multiplier, 255 / (high - low)[:, None] / e, rtol=1e-5)
    np.testing.assert_array_equal(calibration.zero_point, np.rint(-low / (high - low) * 255))
    assert calibration.multiplier.dtype == np.float32
    centred = (V - V.mean(axis=0)).reshape(-1, 16)
    together = centred.T @ centred
    sizes = np.sqrt(np.diag(together))
    np.testing.assert_allclose(calibration.statistics.correlations, together / sizes / sizes[:, None], atol=1e-5)
    np.testing.assert_allclose(calibration.centres, V.mean(axis=0).T, atol=1e-5)
    np.testing.assert_allclose(calibration.spreads, V.std(axis=0).T, rtol=1e-4)
    assert calibration.x == Affine(float(images.max()) / 255, 0)
    assert calibration.statistics.images == 4
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), (2, 3))
    assert calibration.statistics.zeros_of_x == near((windows == 0).mean())
    np.testing.assert_allclose(calibration.statistics.means, windows.mean(axis=(0, 2, 3, 4, 5)), rtol=1e-5)
    np.testing.assert_allclose(
        calibration.statistics.products[:, 0], (windows**2).mean(axis=(0, 2, 3, 4, 5)), rtol=1e-5
    )


def test_scales_by_tap_reach_as_far_above_zero_as_below(images: Any) -> None:
    plain = calibrate(LAYER, TILE, images, input_scales="tap")
    assert (plain.equaliser == 1).all()
    assert (plain.zero_point == 128).all()
    np.testing.assert_allclose(plain.lowest, -plain.highest * 128 / 127, rtol=1e-5)
    wide = calibrate(LAYER, TILE, images, format="int16")
    assert not wide.zero_point.any()
    np.testing.assert_allclose(wide.lowest, -wide.highest)
    assert (
        wide.highest >= np.abs(V_of(images) / wide.equaliser.T).max(axis=(0, 1))
    ).all()  # finer steps, longer ranges


def test_a_margin_makes_ranges_as_much_longer(images: Any) -> None:
    short, long = (calibrate(LAYER, TILE, images, margin=margin) for margin in (1, 1.5))
    np.testing.assert_allclose(long.step, 1.5 * short.step, rtol=1e-5)
    assert (long.clipped <= short.clipped).all()


def test_powers_of_two_reach_no_less_far(images: Any, calibration: Calibration) -> None:
    twos = calibrate(LAYER, TILE, images, powers_of_two=True)
    for numbers in (twos.step, twos.equaliser, twos.multiplier):
        assert (np.frexp(numbers)[0] == 0.5).all()
    steps = calibrate(LAYER, TILE, images).step
    assert ((twos.step / steps > 0.7) & (twos.step / steps < 2.9)).all()  # e is another, by up to √2


def test_images_may_come_in_any_batches_layout_and_file(images: Any, calibration: Calibration, tmp_path: Path) -> None:
    def batches() -> Iterator[Any]:
        yield images[:1]
        yield images[1:1]
        yield images[1:]

    np.savez(tmp_path / "x.npz", x=images)
    last = replace(LAYER, layout="NHWC")
    for layer, given in (
        (LAYER, batches()),
        (LAYER, [image[None] for image in images]),
        (LAYER, tmp_path / "x.npz"),
        (LAYER, f"{tmp_path}/x.npz:x"),
        (replace(LAYER, batch=64, filters=2), images.astype(float)),
        (last, np.moveaxis(images, 1, -1)),
    ):
        assert calibrate(layer, TILE, given) == calibration


def test_integers_are_what_their_scale_makes_of_them(images: Any) -> None:
    x = Affine(2.0**-6, 3)
    q = x.quantised(images)
    assert calibrate(LAYER, TILE, q, x=x) == calibrate(LAYER, TILE, x.real(q), x=x)


def test_direct_convolution_has_x_for_its_only_product(images: Any) -> None:
    for layer in (LAYER, replace(LAYER, stride=2), wc.Layer(6, 5, (9, 7), (3, 3), padding=2)):
        direct = calibrate(layer, "direct", images)
        np.testing.assert_allclose(direct.statistics.squares[0], np.square(images).mean(axis=(0, 2, 3)), rtol=1e-5)
        assert direct.multiplier.shape == (1, 6)
        direct.check(layer, wc.algorithm("F(1x1,1x1)"))


def test_a_channel_without_signal_does_not_spoil_the_others(images: Any) -> None:
    dark = images.copy()
    dark[:, 2] = 0
    e = calibrate(LAYER, TILE, dark).equaliser
    assert (e[:, 2] > e.min(axis=1)).all()
    assert (e[:, 2] < e.max(axis=1)).all()


def test_images_that_cannot_calibrate_are_refused_by_name(images: Any, golden: Golden) -> None:
    broken, constant = images.copy(), np.ones((1, 6, 9, 7))
    broken[1, 2, 3, 4] = np.nan
    wrong: list[tuple[type[WincookError], Any, dict[str, Any]]] = [
        (DataError, images[:0], {}),
        (DataError, [], {}),
        (DataError, np.zeros_like(images), {}),
        (DataError, broken, {}),
        (DataError, (images * 9).astype(np.uint8), {}),
        (ShapeError, images[:, :3], {}),
        (ShapeError, images[..., :-1], {}),
        (ShapeError, images[0], {}),
        (NotationError, 3, {}),
        (NotationError, images, {"margin": 0.5}),
        (NotationError, images, {"input_scales": "channel"}),
        (FormatError, images, {"format": "int4"}),
    ]
    for error, given, options in wrong:
        with golden.raises(error):
            calibrate(LAYER, TILE, given, **options)
    with golden.raises(DataError, match="product 0"):
        calibrate(wc.Layer(6, 5, (9, 7), (3, 3)), TILE, constant)
    with golden.raises(ShapeError, match="5x5"):
        calibrate(LAYER, "F(2x2,5x5)", images)
    with golden.raises(ShapeError, match="dilation"):
        calibrate(replace(LAYER, dilation=2), TILE, images)


@pytest.mark.parametrize("factor", [1e-42, 1e38])
def test_images_beyond_float32_are_refused(images: Any, factor: float) -> None:
    with pytest.raises(DataError, match="float32"):
        calibrate(LAYER, TILE, images.astype(float) * factor)


def test_a_channel_that_is_dead_in_all_images_has_scales(images: Any) -> None:
    dead = images.copy()
    dead[:, 2] = 0
    weights = np.random.default_rng(0).standard_normal(LAYER.weight_shape)
    for format, input_scales in product(("int8", "int16"), SCALES):
        calibration = calibrate(LAYER, TILE, dead, format=format, input_scales=input_scales)
        for measured in (dead[:1], images[:1]):
            report = analyse_calibration(calibration, TILE, layer=LAYER, images=measured, weights=weights)
            assert report.predicted > 25
            assert report.measured > 25


def test_a_calibration_is_of_one_layer_and_algorithm(calibration: Calibration, golden: Golden) -> None:
    calibration.check(replace(LAYER, size=(99, 99), padding=0, filters=1), wc.algorithm(TILE))
    with golden.raises(ShapeError, match="7 -> 5"):
        calibration.check(replace(LAYER, channels=7), wc.algorithm(TILE))
    with golden.raises(ShapeError, match="5x5"):
        calibration.check(replace(LAYER, kernel=(5, 5)), wc.algorithm(TILE))
    for other in (wc.algorithm(TILE, "0, 1, -2, ∞"), wc.algorithm("F(4x4,3x3)")):
        with golden.raises(DataError):
            calibration.check(LAYER, other)


@pytest.mark.parametrize("algorithm", ["F(4,3)", "direct"])
def test_layers_of_one_axis_run_as_layers_of_two(algorithm: str) -> None:
    layer = wc.Layer(3, 2, (30,), (3,), padding=1)
    x = np.random.default_rng(0).standard_normal((2, 3, 30))
    made = calibrate(layer, algorithm if algorithm == "direct" else wc.algorithm(algorithm), x)
    lifted = wc.Layer(3, 2, (1, 30), (1, 3), padding=((0, 0), (1, 1)))
    made.check(lifted, wc.algorithm("F(1x4,1x3)" if algorithm != "direct" else "F(1x1,1x1)"))
