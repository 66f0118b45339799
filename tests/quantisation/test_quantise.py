"""Filters as integers: sums of their products fit into 32 bits, and are no coarser than they must be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.program.programs import programs_of
from wincook.quantisation.calibrate import calibrate
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.quantise import quantised_filters
from wincook.quantisation.subject import ALONE

FIT = (2**31 - 1 - 2**20) // 2047  # magnitudes of a filter whose sums with numbers of 12 bits leave no int32
OUTPUTS = programs_of(ALONE).output


@pytest.fixture(scope="module")
def even() -> Calibration:
    """Of one channel, whose terms are those of direct convolution, all with the same multiplier."""
    layer = wc.Layer(1, 1, (4, 4), (3, 3))
    return calibrate(layer, "direct", np.random.default_rng(0).random((1, 1, 4, 4)), format="int16")


@settings(max_examples=16)
@given(st.integers(1, 5000), st.floats(0, 6), st.booleans(), st.integers(0, 1000))
def test_no_filter_is_larger_than_sums_allow(
    even: Calibration, terms: int, unevenness: float, are_powers: bool, seed: int
) -> None:
    W = np.random.default_rng(seed).random((2, terms, 1)).astype(np.float32) ** np.float32(unevenness) - np.float32(0.2)
    made = replace(even, powers_of_two=are_powers)
    filters = quantised_filters(W, made, OUTPUTS)
    magnitudes = np.abs(filters.integers)
    assert magnitudes.sum(axis=1).max() <= FIT
    assert magnitudes.max() <= 2047
    finest = np.abs(W / made.multiplier[0]).max(axis=1) / 2047
    wanted = np.abs(W / made.multiplier[0]).sum(axis=1) / (FIT - terms)  # with a half lost and a half gained by each
    slack = 2.001 if are_powers else 1.001
    assert (filters.scales <= slack * np.maximum(finest, wanted)).all()


def test_eight_bits_of_x_leave_room_for_larger_filters(even: Calibration) -> None:
    ones: Any = np.ones((1, 4112, 1), np.float32)
    assert (quantised_filters(ones, even, OUTPUTS, takes_x=True).integers == 2047).all()
    assert (quantised_filters(ones, even, OUTPUTS).integers == FIT // 4112 - 1).all()  # a half each for lost and gained
    assert (quantised_filters(np.ones((1, 4200, 1), np.float32), even, OUTPUTS, takes_x=True).integers < 2047).all()
