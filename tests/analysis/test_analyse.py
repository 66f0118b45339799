"""One algorithm in one precision: what its report makes of its parts."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

import wincook as wc
from wincook.analysis.analyse import analyse
from wincook.errors import ShapeError


def test_the_ratio_to_direct_convolution_is_one_where_both_are_exact_and_infinite_where_it_alone_is() -> None:
    report = analyse("F(2,3)", "float32", 3, samples=8)
    assert report.error_ratio == report.predicted.rms / report.direct.predicted.rms
    exact = replace(report, direct=replace(report.direct, predicted=replace(report.direct.predicted, rms=0.0)))
    assert exact.error_ratio == inf
    assert replace(exact, predicted=replace(exact.predicted, rms=0.0)).error_ratio == 1.0


def test_a_sample_of_one_tile_and_a_seed_of_zero_are_enough_and_no_less() -> None:
    assert analyse("F(2,3)", samples=1, seed=0).measured.samples == 1
    for samples, seed in ((0, 0), (1, -1)):
        with pytest.raises(ShapeError, match="must be a whole number"):
            analyse("F(2,3)", samples=samples, seed=seed)


def test_parts_are_those_of_the_single_functions() -> None:
    algorithm = wc.algorithm("F(4,3)")
    report = analyse(algorithm, "bfloat16", 5, "relu", samples=20, seed=3)
    assert report.predicted == wc.predict(algorithm, "bfloat16", 5, "relu")
    assert report.measured == wc.analysis.measure(algorithm, "bfloat16", 5, "relu", samples=20, seed=3)
