from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.golden import Golden
from tests.near import near
from wincook.demo import run as demo
from wincook.demo.photo import CAPTION, Photo, load
from wincook.demo.run import DemoResult, run, square
from wincook.direct import convolve
from wincook.errors import ShapeError, WincookError
from wincook.formats import BFLOAT16, FLOAT16, FLOAT32, Format
from wincook.tile import Tile


def small() -> Photo:
    return Photo(np.ascontiguousarray(load().pixels[:, 100:177, 200:290]), CAPTION)


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def result(said: list[str]) -> Iterator[DemoResult]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "KERNELS", {3: (2, 4), 5: (2,), 7: (2,)})
        yield run(small(), samples=100, repeats=1, progress=lambda words, so_far: said.append(words))


@pytest.mark.slow
def test_kernels_are_wrong_but_within_their_bounds(result: DemoResult) -> None:
    for bank in result.banks:
        for kernel in bank.kernels:
            assert 0 < kernel.rms_error < kernel.max_error < kernel.bound
            assert kernel.relative_rms < 1e-5
            assert kernel.error_map.shape == result.photo.size
            assert np.sqrt(np.mean(np.square(kernel.error_map))) == near(kernel.rms_error, rel=1e-4)


@pytest.mark.slow
def test_outputs_are_those_of_the_filters(result: DemoResult) -> None:
    for bank in result.banks:
        for entry in bank.filters:
            y = bank.output(entry.name)
            pad = (bank.size // 2,) * 2
            expected = convolve(result.photo.pixels[None].astype(np.float64), entry.weights, (pad, pad))[0]
            assert y.shape == (entry.outputs, *result.photo.size)
            np.testing.assert_allclose(y, expected, rtol=0, atol=bank.kernels[-1].bound)


def test_an_unknown_filter_is_named(result: DemoResult, golden: Golden) -> None:
    with golden.raises(ShapeError, match="'nothing'"):
        result.banks[0].output("nothing")


def test_times_are_there(result: DemoResult) -> None:
    for bank in result.banks:
        assert all(kernel.seconds > 0 and kernel.seconds_one_thread > 0 for kernel in bank.kernels)
        assert bank.quickest_scipy.seconds == min(way.seconds for way in bank.scipy)
        assert bank.quickest_kernel.seconds_one_thread == min(kernel.seconds_one_thread for kernel in bank.kernels)


def test_theory_agrees_with_samples_unless_float16_underflows(result: DemoResult) -> None:
    assert len(result.reports) == len(set(result.reports)) == 3 * (8 + 2)
    for report in result.reports:
        assert report.channels == 3
        if str(report.precision) == "float16" and report.algorithm.tile == Tile.parse("F(8x8,3x3)"):
            continue
        assert 0.7 < report.predicted.rms / report.measured.rms < 1.5
        assert report.measured.max < report.bound


@pytest.mark.parametrize("fmt", [FLOAT32, FLOAT16, BFLOAT16])
def test_the_curve_grows_with_m(result: DemoResult, fmt: Format) -> None:
    curve = result.curve(fmt)
    assert [report.algorithm.tile.outputs for report in curve] == [(m, m) for m in range(1, 9)]
    assert curve[0].predicted.rms < curve[3].predicted.rms < curve[7].predicted.rms


def test_emulations_get_worse(result: DemoResult) -> None:
    fine, coarse, coarsest = result.emulations
    assert fine.rms_error < coarse.rms_error < coarsest.rms_error
    height, width = result.photo.size
    assert fine.gradient.shape == (2, height // 2 - 2, width // 2 - 2)


def test_progress_is_told(result: DemoResult, said: list[str]) -> None:
    assert result.banks
    assert len(said) == 10 + 3 + 4 + 1  # algorithms, scipy, kernels, emulations
    assert any("F(4x4,3x3)" in line for line in said)


def test_direct_convolution_is_an_algorithm() -> None:
    assert square(1, 3).multiplications == square(1, 3).tile.direct_multiplications == 9


@pytest.mark.parametrize(
    ("arguments", "named"),
    [({"photo": None}, "photo"), ({"samples": 0}, "samples"), ({"repeats": 1.5}, "repeats"), ({"seed": None}, "seed")],
)
def test_wrong_arguments_are_named_at_once(arguments: dict[str, Any], named: str, golden: Golden) -> None:
    photo = Photo(np.zeros((3, 40, 40), np.float32), "")
    with golden.raises(WincookError, match=f"^{named} = "):
        run(**({"photo": photo} | arguments))
