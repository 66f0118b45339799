from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.data.arrays import law_of
from wincook.analysis.data.distributions import LAWS, NORMAL, UNIFORM, Law, with_signs
from wincook.analysis.measurement.measure import measure
from wincook.analysis.measurement.tiles import Sampler, compute, tiles_at_once, trace
from wincook.analysis.problem import Problem
from wincook.arrays import Array
from wincook.errors import DataError, FormatError, NotationError, ShapeError
from wincook.formats import FLOAT16, FLOAT32, FLOATS
from wincook.precision import Precision
from wincook.program import round_to
from wincook.stages import PerStage


def by_definition(d: Array, g: Array) -> list[list[Fraction]]:
    """One-dimensional convolution summed over the channels, output by output, in Python's fractions."""
    tiles, channels, taps = g.shape
    outputs = d.shape[2] - taps + 1
    return [
        [
            sum(
                (
                    Fraction(float(d[t, c, i + j])) * Fraction(float(g[t, c, j]))
                    for c in range(channels)
                    for j in range(taps)
                ),
                Fraction(0),
            )
            for i in range(outputs)
        ]
        for t in range(tiles)
    ]


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_same_seed_gives_the_same_figures(law: Law) -> None:
    algorithm = wc.algorithm("F(4x4,3x3)")
    first, again, other = (measure(algorithm, FLOAT32, 4, law, samples=200, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_tiles_are_the_same_in_whatever_portions_they_are_taken() -> None:
    algorithm, precision = wc.algorithm("F(2x3,3x2)"), Precision.of("float32")
    rng = np.random.default_rng(0)
    own = law_of(rng.normal(size=(5, 3, 9, 8)), rng.normal(size=(7, 3, 3, 2)))
    for law in (*LAWS.values(), own):
        whole = Sampler(Problem.of(algorithm, precision, 3, law), 7).take(60)
        sampler = Sampler(Problem.of(algorithm, precision, 3, law), 7)
        parts = [sampler.take(number) for number in (1, 16, 40, 3)]
        for index in range(2):
            np.testing.assert_array_equal(np.concatenate([part[index] for part in parts]), whole[index])


@pytest.mark.parametrize("name", FLOATS)
def test_the_reference_is_far_better_than_what_it_judges(name: str) -> None:
    found = measure(wc.algorithm("F(4x4,3x3)"), FLOATS[name], 16, UNIFORM, samples=64, seed=0)
    assert found.certified == 16
    assert found.reference_error < 1e-6 * found.rms
    assert (found.samples, found.outputs, found.overflows) == (64, 64 * 16, 0)
    assert found.mean < found.rms < found.max


@pytest.mark.parametrize("name", ["float32", "float64", "float16", "bfloat16, output=float64"])
def test_errors_are_those_of_plain_fractions(name: str) -> None:
    """Of more tiles than are certified, so the reference stands the test too."""
    algorithm, precision, tiles = wc.algorithm("F(4,3)"), Precision.of(name), 100
    d, g = Sampler(Problem.of(algorithm, precision, 2, NORMAL), 5).take(tiles)
    y = compute(algorithm, precision, d, g)
    exact = by_definition(d, g)
    errors = np.array([[float(Fraction(float(y[t, i])) - exact[t][i]) for i in range(4)] for t in range(tiles)])
    found = measure(algorithm, precision, 2, NORMAL, samples=tiles, seed=5)
    assert found.max == near(np.abs(errors).max(), rel=1e-7)
    assert found.mean == near(np.abs(errors).mean(), rel=1e-7)
    assert found.rms == near(np.sqrt(np.mean(errors**2)), rel=1e-7)
    assert found.bias == pytest.approx(errors.mean(), abs=1e-7 * found.mean)
    np.testing.assert_allclose(found.position_rms, np.sqrt(np.mean(errors**2, axis=0)), rtol=1e-7)
    relative = np.sqrt(np.sum(errors**2) / sum(float(value) ** 2 for row in exact for value in row))
    assert found.relative_rms == near(relative, rel=1e-7)


def test_channels_in_blocks_are_all_the_channels_in_order() -> None:
    algorithm, precision = wc.algorithm("F(2,3)"), Precision.of("float32")
    d, g = Sampler(Problem.of(algorithm, precision, 7, UNIFORM), 0).take(4000)
    assert tiles_at_once(wc.programs_of(algorithm)) // len(d) == 3
    np.testing.assert_array_equal(compute(algorithm, precision, d, g), trace(algorithm, precision, d, g).y)


def test_exact_arithmetic_has_no_errors() -> None:
    found = measure(wc.algorithm("F(2x2,3x3)"), "exact", 3, NORMAL, samples=20, seed=0)
    assert (found.mean, found.rms, found.max, found.bias, found.relative_rms) == (0, 0, 0, 0, 0)
    assert found.ulps is None
    assert found.certified == 20
    assert set(found.position_rms) == {0.0}
    assert all(quantile.value == 0 for quantile in found.quantiles)


def test_an_exact_transform_of_rounded_sums_is_judged_exactly() -> None:
    found = measure(wc.algorithm("F(2,3)"), "float32, output=exact", 3, NORMAL, samples=20, seed=0)
    assert 1e-9 < found.rms < 1e-6


@pytest.mark.slow
def test_progress_is_told_and_can_stop_the_sample_where_it_is() -> None:
    algorithm, seen = wc.algorithm("F(4x4,3x3)"), list[int]()

    def twice(done: int) -> bool:
        seen.append(done)
        return len(seen) < 3

    with wc.no_limit():
        stopped = measure(algorithm, FLOAT32, 512, UNIFORM, samples=10**9, seed=3, progress=twice)
    assert seen == sorted(set(seen))
    assert stopped.samples == seen[-1]
    assert stopped == measure(algorithm, FLOAT32, 512, UNIFORM, samples=stopped.samples, seed=3)


@pytest.mark.slow
def test_overflow_is_counted_by_stage_and_kept_out_of_the_statistics() -> None:
    large = Law("large", lambda rng, shape: 3e3 * rng.standard_normal(shape), 0, 9e6, NORMAL.draw_tap, 1)
    found = measure(wc.algorithm("F(4x4,3x3)"), "float16", 4, large, samples=64, seed=0)
    began = found.overflowed
    assert 0 < found.overflows < found.outputs
    assert (began.U, sum(began.values())) == (0, found.overflows)
    assert min(began.V, began.accumulate) > 0
    assert np.isfinite([found.mean, found.rms, found.max, *found.position_rms]).all()
    report = wc.analyse(wc.algorithm("F(4x4,3x3)"), "float16", 4, large, samples=64)
    assert f"{found.overflows} of 1024 outputs" in " ".join(report.warnings)
    assert f"V {began.V}, accumulate {began.accumulate}" in " ".join(report.warnings)


@pytest.mark.parametrize(
    ("policy", "stage"),
    [
        ("float32, U=float16, V=float16", "V"),
        ("float32, U=float16, V=float16, product=float16, accumulate=float16", "accumulate"),
        ("float32, output=float16", "output"),
    ],
)
def test_each_overflow_is_laid_to_the_stage_where_it_began(policy: str, stage: str) -> None:
    size = {"V": 6e4, "accumulate": 2e3, "output": 2e3}[stage]
    big = with_signs(
        Law("big", lambda rng, shape: np.full(shape, size), 0, 1, lambda rng, shape: rng.uniform(25, 50, shape), 1),
        np.ones(1),
        np.ones(1),
    )
    found = measure(wc.algorithm("F(2,3)"), policy, 1, big, samples=20, seed=0)
    assert found.overflows == found.overflowed[stage] > 0
    assert found.outputs == 40


def test_a_sample_in_which_all_overflows_has_no_figures() -> None:
    huge = Law("huge", lambda rng, shape: np.full(shape, 6e4), 0, 1, lambda rng, shape: np.full(shape, 6e4), 1)
    found = measure(wc.algorithm("F(2,3)"), "float16", 1, huge, samples=20, seed=0)
    assert found.overflows == found.outputs == 40
    figures = [found.mean, found.rms, found.max, found.bias, found.relative_rms, *found.position_rms]
    assert set(figures) == {float("inf")}


def test_saturation_is_counted_by_stage() -> None:
    ten = Law("ten", lambda rng, shape: 10 * rng.standard_normal(shape), 0, 100, UNIFORM.draw_tap, 1 / 3)
    found = measure(wc.algorithm("F(4x4,3x3)"), "float8_e4m3fn-winograd-domain", 4, ten, samples=100, seed=0)
    assert found.overflows == 0
    assert found.saturated == PerStage.uniform(0)
    thousand = Law("thousand", lambda rng, shape: 1e3 * rng.standard_normal(shape), 0, 1e6, UNIFORM.draw_tap, 1 / 3)
    found = measure(wc.algorithm("F(4x4,3x3)"), "float8_e4m3fn-winograd-domain", 4, thousand, samples=100, seed=0)
    assert found.saturated == PerStage.uniform(0).replace(V=100)


def test_given_signs_are_those_of_the_tiles(golden: Golden) -> None:
    inputs, filters = np.array([[1, -1, 0, 1], [-1, 1, 1, -1]]), np.array([1, -1, -1])
    problem = Problem.of("F(2,3)", "float32", 2, with_signs(UNIFORM, inputs, filters))
    d, g = Sampler(problem, 0).take(9)
    np.testing.assert_array_equal(np.sign(d), np.broadcast_to(inputs, d.shape))
    np.testing.assert_array_equal(np.sign(g), np.broadcast_to(filters, g.shape))
    with golden.raises(ShapeError, match=r"\(5,\)"):
        measure(wc.algorithm("F(2,3)"), FLOAT32, 2, with_signs(UNIFORM, np.ones(5), filters), samples=1, seed=0)


@pytest.mark.parametrize(
    ("value", "fmt", "named"),
    [
        (1e5, FLOAT16, "float16"),
        (np.nan, FLOAT32, "NaN"),
        (np.inf, FLOAT32, "infinite"),
        (1e40, FLOAT32, "1e"),
        (1e-40, FLOAT32, "1e-40"),
    ],
)
def test_data_that_cannot_be_judged_are_refused(value: float, fmt: Any, named: str, golden: Golden) -> None:
    law = Law("odd", lambda rng, shape: np.full(shape, value), 0, 1, UNIFORM.draw_tap, 1)
    with golden.raises(DataError, match=f"law odd.*{named}"):
        measure(wc.algorithm("F(2,3)"), fmt, 1, law, samples=1, seed=0)


def test_constants_that_a_format_cannot_hold_are_named(golden: Golden) -> None:
    with golden.raises(FormatError, match="float16"):
        wc.analyse(wc.algorithm("F(4,3)", "0, 1, 50, -60, 70, ∞"), "float16", samples=1)
    with golden.raises(FormatError):
        measure(wc.algorithm("F(4,3)"), "int16", 1, UNIFORM, samples=1, seed=0)


@pytest.mark.parametrize(("samples", "channels"), [(0, 1), (1, 0), (-1, 1)])
def test_no_samples_and_no_channels_are_refused(samples: int, channels: int, golden: Golden) -> None:
    with golden.raises(ShapeError, match=f"(samples|channels) = {min(samples, channels)} must"):
        wc.analyse(wc.algorithm("F(2,3)"), samples=samples, channels=channels)


def test_a_sample_ends_where_a_progress_says_no() -> None:
    """Fractions are measured 16 tiles at a time."""
    told: list[int] = []

    def below_40(done: int) -> bool:
        told.append(done)
        return done < 40

    assert measure("F(2,3)", "exact", samples=100, progress=below_40).samples == 48
    assert told == [16, 32, 48]
    assert measure("F(2,3)", "exact", samples=20, progress=lambda _: True).samples == 20


@pytest.mark.parametrize("seed", [-1, -(2**64)])
def test_a_seed_is_no_less_than_zero(seed: int, golden: Golden) -> None:
    with golden.raises(ShapeError, match=f"seed = {seed} must be a whole number"):
        measure(wc.algorithm("F(2,3)"), samples=1, seed=seed)


def test_too_many_channels_are_refused_with_the_number_that_is_possible(golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"channels = 1000000.*116508"):
        measure(wc.algorithm("F(4x4,3x3)"), FLOAT32, 1_000_000, UNIFORM, samples=1, seed=0)


def test_engines_and_progresses_that_fail_are_named() -> None:
    def failing(*_: Any) -> Any:
        raise RuntimeError("out of paper")

    for name in ("engine", "progress"):
        arguments: dict[str, Any] = {name: failing}
        with pytest.raises(NotationError, match=f"{name} must be a function .* it failed: .*out of paper"):
            measure("F(2,3)", samples=8, **arguments)
    with pytest.raises(ShapeError, match=r"what the engine computed has shape \(8,\); it must be \(8, 2\)"):
        measure("F(2,3)", samples=8, engine=lambda d, _: np.ones(len(d)))
    with pytest.raises(DataError, match="what the engine computed"):
        measure("F(2,3)", samples=8, engine=lambda *_: np.array(["a"]))


def test_tiles_are_rounded_to_their_stages_before_they_are_computed() -> None:
    d, g = np.full((1, 1, 4), 1 / 3), np.full((1, 1, 3), 1 / 3)
    rounded = [round_to(values, "float16") for values in (d, g)]
    np.testing.assert_array_equal(compute("F(2,3)", "float16", d, g), compute("F(2,3)", "float16", *rounded))
    with pytest.raises(ShapeError, match=r"do not fit F\(2,3\); give d of shape \(tiles, C, 4\)"):
        compute("F(2,3)", "float16", d, g[:, :, :2])
    assert trace("F(2,3)", "float16", d, g).U.shape == (1, 1, 4)
