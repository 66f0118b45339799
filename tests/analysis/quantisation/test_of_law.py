from __future__ import annotations

import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.quantisation.of_law import FLOATS, snr_of_law
from wincook.errors import FormatError
from wincook.quantisation.integers import INTEGERS

# Measured by a prototype in numpy on relu(normal) data (bfloat16), and on half-normal data that it was calibrated on.
PROTOTYPE = {
    ("F(2x2,3x3)", "0, ±1, ∞"): {"bfloat16": 49.0, "int8": 35.4},
    ("F(4x4,3x3)", "0, ±5/8, ±3/2, ∞"): {"bfloat16": 40.3, "int8": 27.7},
    ("F(4x4,3x3)", "0, ±1, x^2+1, ∞"): {"bfloat16": 48.2, "int8": 35.4},
    ("F(6x6,3x3)", "0, ±2/3, ±3/2, x^2+1, ∞"): {"int8": 31.4},
}


@pytest.mark.parametrize(("tile", "points"), PROTOTYPE)
def test_ratios_are_those_of_a_prototype(tile: str, points: str) -> None:
    algorithm = wc.algorithm(tile, points)
    for format, decibels in PROTOTYPE[tile, points].items():
        assert snr_of_law(algorithm, format, 128, "relu") == pytest.approx(decibels, abs=1.6)
    several = [snr_of_law(algorithm, format, 128, "relu") for format in ("int8", "bfloat16", "int16", "float32")]
    assert several == sorted(several)


def test_every_format_of_products_has_a_ratio(golden: Golden) -> None:
    for format in (*FLOATS, *INTEGERS):
        assert snr_of_law("direct", format, 16, "normal") > 30
    with golden.raises(FormatError):
        snr_of_law("F(2,3)", "float16")
