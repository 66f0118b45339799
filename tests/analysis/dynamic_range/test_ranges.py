from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.data.distributions import LAWS, Law
from wincook.analysis.dynamic_range.extent import Spread
from wincook.analysis.dynamic_range.ranges import Range, _beyond, ranges
from wincook.analysis.dynamic_range.remedies import Remedy, remedies
from wincook.construct.rescale.named import balance
from wincook.errors import AlgorithmError, FormatError, NotationError, ShapeError
from wincook.formats import EXACT, FLOAT16, FORMATS
from wincook.precision import Precision

BARABASZ = {8: "0, ±1, ±1/2, ±2, -1/4, 4, ∞", 10: "0, ±1, ±1/2, ±2, -1/4, 4, 3/4, -4/3, ∞"}  # by m, for r = 3


@pytest.mark.slow
def test_float16_is_too_narrow_for_large_tiles_and_balance_mends_it() -> None:
    """F(8x8,3x3): V overflows once |d| reaches 13; U underflows always, and AT multiplies what is lost."""
    algorithm = wc.algorithm("F(8x8,3x3)", BARABASZ[8])
    found = ranges(algorithm, "float16", d_max=16)
    assert found["V"].fault == "V overflows float16: up to 8.3e+04 > 65504"
    assert found["U"].fault == "U underflows float16: typically 7e-08 < 6.1e-05, its normal numbers"
    assert remedies(found).remedies[0] == Remedy("balance")
    assert remedies(ranges(balance(algorithm), "float16", d_max=16)).fits
    before, after = (wc.analyse(one, "float16", samples=200).measured.mean for one in (algorithm, balance(algorithm)))
    assert before > 2
    assert after < 0.1


@pytest.mark.slow
def test_a_constant_may_overflow_where_data_do_not() -> None:
    found = ranges(wc.algorithm("F(10x10,3x3)", BARABASZ[10]), "float16")
    assert found["output"].fault == "output (AT M) overflows float16: its constant 262144 > 65504"
    assert found["output"].largest < 65504
    assert Precision.of("bfloat16") in {remedy.change for remedy in remedies(found).remedies}


@pytest.mark.slow
def test_remedies_are_tried_before_they_are_named() -> None:
    found = ranges(wc.algorithm("F(10x10,3x3)", BARABASZ[10]), "float16", channels=64)
    assert remedies(found).remedies[0] == Remedy("balance", ("output (AT M) overflows float16: up to 6.6e+04 > 65504",))
    assert remedies(ranges(wc.algorithm("F(2x2,3x3)"), "float16")).remedies == ()


@pytest.mark.slow
@pytest.mark.parametrize("tile", ["F(8x8,3x3)", "F(10x10,3x3)", "F(6,3)"])
@pytest.mark.parametrize(
    "policy", ["float16", "float16-winograd-domain", "float16-accumulate-float32", "float8_e4m3fn"]
)
@pytest.mark.parametrize("d_max", [1, 100])
def test_every_remedy_can_be_fed_back(tile: str, policy: str, d_max: int) -> None:
    """As it is printed: to Python, and to the command line."""
    algorithm = wc.algorithm(tile, format=policy)
    before = ranges(algorithm, policy, 16, d_max=d_max)
    found = remedies(before).remedies
    assert bool(before.faults) == bool(found)
    for remedy in found:
        if isinstance(remedy.change, Precision):
            after = ranges(algorithm, str(remedy.change), 16, d_max=d_max)
        else:
            after = ranges(wc.gauge(algorithm, remedy.change), policy, 16, d_max=d_max)
        assert tuple(stage.fault for stage in after.faults) == remedy.remaining
        assert len(after.faults) < len(before.faults)


def test_only_stored_products_have_a_format() -> None:
    assert ranges(wc.algorithm("F(2,3)"), "float16")["product"].format == FORMATS["exact"]
    policy = "float32, U=float16, V=float16, product=tf32"
    assert ranges(wc.algorithm("F(2,3)"), policy)["product"].format == FORMATS["tf32"]


@pytest.mark.parametrize("law", LAWS)
def test_typical_magnitudes_are_those_of_a_sample(law: str) -> None:
    algorithm, channels, drawn = wc.algorithm("F(3x2,3x2)"), 3, LAWS[law]
    found, rng = ranges(algorithm, "float32", channels, law), np.random.default_rng(0)
    d = drawn.draw_input(rng, (20_000, channels, *algorithm.tile.inputs))
    g = drawn.draw_filter(rng, (20_000, channels, *algorithm.tile.taps), channels * 6)
    AT, G, BT = (
        [np.array(getattr(axis, name).tolist(), float) for axis in algorithm.axes] for name in ("AT", "G", "BT")
    )
    U, V = (np.einsum("ai,bj,scij->scab", *pair, x) for pair, x in ((G, g), (BT, d)))
    M = (U * V).sum(axis=1)
    y = np.einsum("ai,bj,sij->sab", *AT, M)
    stages = {"U": (found["U"], U), "V": (found["V"], V), "product": (found["product"], U * V)}
    stages |= {"accumulate": (found["accumulate"], M), "y": (found.y, y)}
    for stage, values in stages.values():
        rms = np.sqrt((values**2).mean(axis=tuple(range(values.ndim - 2))))
        assert stage.least == near(rms.min(), rel=0.05)
        assert stage.typical == near(np.sqrt((rms**2).mean()), rel=0.03)


def test_chances_are_those_of_a_sample() -> None:
    """Points as large as these bring V to a third of 448."""
    algorithm, rng = wc.algorithm("F(7,3)", "0,±1,±2,±3,4,∞"), np.random.default_rng(0)
    found = ranges(algorithm, "float8_e4m3fn-winograd-domain", law="normal")["V"]
    BT = np.array(algorithm.axes[0].BT.tolist(), float)
    V = rng.standard_normal((100_000, 9)) @ BT.T
    tiles = np.mean((np.abs(V) > 448).any(axis=1))
    assert 0.01 < tiles <= found.overflow < 1
    alone = np.mean(np.abs(V) > 448, axis=0).sum()  # what the union bound adds up
    assert found.overflow == near(min(1.0, alone), rel=0.05)
    narrow = ranges(algorithm, "float16", law="normal")["U"]
    U = rng.standard_normal((20_000, 3)) @ np.array(algorithm.axes[0].G.tolist(), float).T
    assert narrow.underflow == pytest.approx(np.mean(np.abs(U) < narrow.format.smallest_normal), rel=0.1, abs=2e-5)


def test_chances_are_those_of_scipy_and_add_up_over_channels() -> None:
    means, deviations = np.array([0.0, 2.0, 30.0]), np.array([1.0, 3.0, 0.5])
    expected = norm.sf(4, means, deviations) + norm.cdf(-4, means, deviations)
    assert np.allclose(_beyond(Spread(means, deviations**2), 4.0), expected, rtol=1e-12)
    wide = wc.algorithm("F(7,3)", "0,±1,±2,±3,4,∞")
    one, three = (
        ranges(wide, "float8_e4m3fn-winograd-domain", channels, "normal")["V"].overflow for channels in (1, 3)
    )
    assert three == near(3 * one)


def test_bits_are_just_enough() -> None:
    found = ranges(wc.algorithm("F(2x2,3x3)"), "exact", channels=64, d_max=127, g_max=127)
    assert found["V"].largest == 4 * 127
    assert found["V"].bits == 10
    assert 2 ** (found.y.bits - 2) <= found.y.largest == 64 * 9 * 127**2 < 2 ** (found.y.bits - 1)


def test_bad_input_is_refused_by_name(golden: Golden) -> None:
    algorithm = wc.algorithm("F(2,3)")
    with golden.raises(FormatError, match="d_max = 0"):
        ranges(algorithm, d_max=0)
    strange: list[Any] = ["1e999999999", "1/0", "1/3/5", float("nan")]
    for beyond in strange:
        with golden.raises(FormatError):
            ranges(wc.algorithm("F(2,3)"), d_max=beyond)
    with golden.raises(NotationError, match="'W'"):
        ranges(wc.algorithm("F(2,3)"))["W"]
    with golden.raises(FormatError, match="g_max = 'wide'"):
        ranges(algorithm, g_max="wide")
    with golden.raises(ShapeError, match="channels = 0"):
        ranges(algorithm, channels=0)
    with golden.raises(AlgorithmError):
        ranges(algorithm.transpose())


def test_a_report_prints_itself() -> None:
    assert str(ranges(wc.algorithm("F(2,3)"), "float16")).endswith("|g| ≤ 1, C = 1: every stage fits")
    assert str(ranges(wc.algorithm("F(2,3)"), d_max=Fraction(5, 2))["V"]) == "V fits float32: up to 5"


def test_sets_whose_common_denominators_exceed_float64_have_ranges() -> None:
    nines = "9" * 40
    beside = wc.algorithm("F(4,3)", f"0, 1+1/{nines}, -1+1/{nines}8, 2+1/{nines}7, -2+1/{nines}1, ∞")
    plain = ranges(wc.algorithm("F(4,3)", "0, ±1, ±2, ∞"), "exact")
    measured = ranges(beside, "exact")
    pairs = [(measured[stage], plain[stage]) for stage in ("U", "V", "product", "accumulate")]
    for found, expected in [*pairs, (measured.y, plain.y)]:
        assert float(found.largest) == near(float(expected.largest))
        assert found.typical == near(expected.typical)


def test_numbers_beyond_float64_are_refused(golden: Golden) -> None:
    with golden.raises(FormatError, match="float64"):
        ranges(wc.algorithm("F(4,3)", "0, ±1e90, 1, 1e80, ∞"))


def test_a_value_that_is_always_zero_does_not_underflow() -> None:
    """Blocks that overhang the filter are zeros."""
    iterated = ranges(wc.construct.iterated("F(4,3)", (2,)), "float32")
    assert iterated.faults == ()
    assert iterated["filter"].underflow == 0
    assert iterated["filter"].least == near(3**-0.5)


def test_stages_of_nothing_but_zeros_lose_nothing() -> None:
    nothing = Law("zeros", lambda _, shape: np.zeros(shape), 0.0, 0.0, lambda _, shape: np.zeros(shape), 0.0)
    of_zeros = ranges(wc.algorithm("F(2,3)"), "float16", law=nothing)
    for stage in (of_zeros[name] for name in ("filter", "U", "input", "V", "product", "accumulate", "output")):
        assert (stage.underflow, stage.overflow, stage.typical) == (0.0, 0.0, 0.0)


def one_range(**changes: Any) -> Range:
    """A stage that fits float16 in every way."""
    fitting: dict[str, Any] = {
        "stage": "V",
        "format": FLOAT16,
        "largest": Fraction(100),
        "constant": Fraction(3),
        "typical": 1.0,
        "least": 0.5,
        "overflow": 0.0,
        "underflow": 0.0,
    }
    return Range(**fitting | changes)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, ""),
        ({"largest": Fraction(65504)}, ""),
        ({"largest": Fraction(65505)}, "V overflows float16: up to 6.6e+04 > 65504"),
        ({"constant": Fraction(65505), "largest": Fraction(70000)}, "V overflows float16: its constant 65505 > 65504"),
        ({"least": 2.0**-14}, ""),
        ({"least": 2.0**-15}, "V underflows float16: typically 3e-05 < 6.1e-05, its normal numbers"),
        ({"format": EXACT, "largest": Fraction(10) ** 400}, ""),
    ],
    ids=str,
)
def test_a_stage_fits_up_to_the_ends_of_its_format(changes: dict[str, Any], fault: str) -> None:
    found = one_range(**changes)
    assert found.fault == fault
    assert (found.overflows, found.underflows) == ("overflows" in fault, "underflows" in fault)


@pytest.mark.parametrize(("largest", "bits"), [("0", 1), ("1", 2), ("127", 8), ("128", 9), ("255/2", 8), ("256", 10)])
def test_bits_hold_a_magnitude_of_either_sign(largest: str, bits: int) -> None:
    assert one_range(largest=Fraction(largest)).bits == bits
