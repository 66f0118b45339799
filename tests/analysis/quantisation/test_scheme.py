from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.analysis.quantisation.scheme import FILTER_SCALES, INPUT_SCALES, Scheme, quantise, scales_of
from wincook.errors import DataError, FormatError, NotationError


@pytest.fixture
def U() -> Any:
    """(K, C, taps) of taps that differ in size."""
    return np.random.default_rng(0).standard_normal((3, 5, 4)) * [1, 10, 100, 0.1]


def test_scales_reach_the_largest_magnitude_of_what_shares_them(U: Any) -> None:
    groups: dict[str, list[Any]] = {
        "tensor": [np.s_[:, :, :]],
        "tap": [np.s_[:, :, r] for r in range(4)],
        "filter": [np.s_[k] for k in range(3)],
        "filter and tap": [np.s_[k, :, r] for k in range(3) for r in range(4)],
    }
    assert groups.keys() == FILTER_SCALES.keys()
    for kind, places in groups.items():
        scales = Scheme(filter_scales=kind).scales_of_filters(U)
        assert scales.steps.size == len(places)
        everywhere = np.broadcast_to(scales.steps, U.shape)
        for place in places:
            assert (everywhere[place] == np.abs(U[place]).max() / 127).all()
    assert Scheme(input_scales="tensor").scales_of_inputs(U).steps.size == 1
    assert INPUT_SCALES.keys() < FILTER_SCALES.keys()


def test_percentiles_are_numpys(U: Any) -> None:
    scales = Scheme(filter_scales="tap", clipping="percentile", percentile=80).scales_of_filters(U)
    assert np.allclose(scales.steps[0, 0], [np.percentile(np.abs(U[..., r]), 80) / 127 for r in range(4)])
    assert (scales.largest[0, 0] == np.abs(U).max(axis=(0, 1))).all()


@pytest.mark.parametrize("bits", [3, 4, 8])
def test_the_least_squares_are_less_than_those_of_any_other_reach(bits: int) -> None:
    values = np.random.default_rng(1).standard_normal((1, 2000, 1))
    scheme = Scheme(bits=bits, clipping="mse")

    def error(step: Any) -> float:
        return float(np.square(quantise(values, step, scheme) * step - values).sum())

    best = error(scheme.scales_of_filters(values).steps)
    tried = [error(np.abs(values).max() * part / scheme.most) for part in np.linspace(0.05, 1, 77)]
    assert best < 1.05 * min(tried)
    assert best <= error(Scheme(bits=bits).scales_of_filters(values).steps)


@pytest.mark.parametrize("clipping", ["max", "percentile", "mse"])
def test_powers_of_two_are_rounded_up(U: Any, clipping: Any) -> None:
    free = Scheme(clipping=clipping).scales_of_filters(U).steps
    rounded = Scheme(clipping=clipping, powers_of_two=True).scales_of_filters(U).steps
    assert (np.frexp(rounded)[0] == 0.5).all()
    if clipping != "mse":
        assert ((free <= rounded) & (rounded < 2 * free)).all()


@pytest.mark.slow
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.integers(2, 8))
def test_no_error_is_larger_than_half_a_step(values: list[float], bits: int) -> None:
    v, scheme = np.array(values).reshape(1, -1, 1), Scheme(bits=bits)
    steps = scheme.scales_of_inputs(v).steps
    q = quantise(v, steps, scheme)
    assert np.abs(q).max() <= scheme.most
    assert (q == np.rint(q)).all()
    assert (np.abs(q * steps - v) <= steps / 2 * (1 + 1e-12)).all()


@pytest.mark.parametrize("clipping", ["max", "percentile", "mse"])
def test_zeros_are_exact(clipping: Any) -> None:
    values = np.zeros((2, 3, 2))
    values[..., 1] = 5
    scheme = Scheme(clipping=clipping)
    steps = scheme.scales_of_filters(values).steps
    assert steps[0, 0, 0] == 1
    assert np.allclose(quantise(values, steps, scheme) * steps, values)


def test_bad_input_is_refused_by_name(golden: Golden) -> None:
    with golden.raises(FormatError, match="V = 1"):
        Scheme(bits=1)
    for percentile in (0, 101, float("nan")):
        with golden.raises(FormatError):
            Scheme(percentile=percentile)
    for arguments in ({"filter_scales": "channel"}, {"input_scales": "channel and tap"}):
        with golden.raises(FormatError):
            Scheme(**arguments)  # type: ignore[arg-type]
    with golden.raises(NotationError, match="'filter'"):
        Scheme(input_scales="filter")
    with golden.raises(NotationError, match="'entropy'"):
        Scheme(clipping="entropy")  # type: ignore[arg-type]
    with golden.raises(FormatError, match=r"133145.*8.*int32.*133144"):
        Scheme().check_channels(133145)


def test_data_that_cannot_calibrate_are_refused(golden: Golden) -> None:
    sparse = np.zeros((1, 100, 1))
    sparse[0, 0] = 1
    with golden.raises(DataError, match="50"):
        scales_of(sparse, (0, 1), Scheme(clipping="percentile", percentile=50))
    with golden.raises(DataError):
        scales_of(np.array([[[np.nan]]]), (0, 1), Scheme())
