"""One algorithm in one precision: what its report makes of its parts."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import wincook as wc
from tests.golden import Golden
from wincook.analysis.analyse import analyse
from wincook.errors import ShapeError
from wincook.stages import PerStage


def test_the_ratio_to_direct_convolution_is_one_where_both_are_exact_and_infinite_where_it_alone_is() -> None:
    report = analyse("F(2,3)", "float32", 3, samples=8)
    assert report.error_ratio == report.predicted.rms / report.direct.predicted.rms
    exact = replace(report, direct=replace(report.direct, predicted=replace(report.direct.predicted, rms=0.0)))
    assert exact.error_ratio == inf
    assert replace(exact, predicted=replace(exact.predicted, rms=0.0)).error_ratio == 1.0


def test_a_sample_of_one_tile_and_a_seed_of_zero_are_enough_and_no_less(golden: Golden) -> None:
    assert analyse("F(2,3)", samples=1, seed=0).measured.samples == 1
    for samples, seed in ((0, 0), (1, -1)):
        with golden.raises(ShapeError, match="must be a whole number"):
            analyse("F(2,3)", samples=samples, seed=seed)


def test_parts_are_those_of_the_single_functions() -> None:
    algorithm = wc.algorithm("F(4,3)")
    report = analyse(algorithm, "bfloat16", 5, "relu", samples=20, seed=3)
    assert report.predicted == wc.predict(algorithm, "bfloat16", 5, "relu")
    assert report.measured == wc.analysis.measure(algorithm, "bfloat16", 5, "relu", samples=20, seed=3)


def test_what_was_lost_in_the_sample_is_told() -> None:
    report = analyse("F(2,3)", "float32", samples=10)
    none = PerStage.uniform(0)

    def told(**changes: Any) -> list[str]:
        other = replace(report, measured=replace(report.measured, **changes))
        return [warning for warning in other.warnings if warning not in report.warnings]

    assert told() == []
    assert told(samples=9) == ["Stopped after 9 of 10 tiles."]
    assert told(saturated=none.replace(V=3, output=1)) == [
        "Tiles of 10 that reached the end of a format's range: V 3, output 1."
    ]
    assert told(overflows=5, overflowed=none.replace(U=4, accumulate=1)) == [
        "5 of 20 outputs (0.25) overflowed, and are in no other figure; by the stage where it began: U 4, accumulate 1."
    ]
    (all_lost,) = told(overflows=20, overflowed=none.replace(output=20))
    assert all_lost == (
        "All 20 outputs overflowed, so that there is nothing to hold the prediction against; by the stage where it "
        "began: output 20."
    )
