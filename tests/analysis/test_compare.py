from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from wincook.analysis.compare import Comparison, candidates, compare, compared, pareto
from wincook.errors import AlgorithmError, FormatError, NotationError, PointsError, ShapeError

# Speed-ups 1.5, 1.8, 2, 2; and 25/9 for other taps, which is no rival of theirs.
ALGORITHMS = candidates(["F(2,3)", "F(3,3)", "F(4,3)", "F(5,5)"], ["default", "0,±1,±2,inf"])
ROWS = compare(ALGORITHMS, ["float32", "float16"])


def test_transforms_take_as_many_operations_as_published() -> None:
    """Lavin and Gray, arXiv 1509.09308, section 4.1: 32 for the input and 24 for the output of F(2x2,3x3)."""
    (row,) = compare(candidates(["F(2x2,3x3)"], ["0,±1,inf"]))
    assert (row.operations.input, row.operations.output) == (32 / 4, 24 / 4)
    assert row.products == 16 / 4


def test_rows_hold_what_analysis_finds() -> None:
    algorithm = wc.algorithm("F(4x4,3x3)")
    report = wc.analyse(algorithm, "bfloat16", channels=8, law="relu", samples=20, seed=3)
    (row,) = compare([algorithm], ["bfloat16"], channels=8, law="relu", samples=20, seed=3)
    assert row == compared(report)
    assert row.measured == report.measured
    assert row.error == report.measured.relative_rms
    (predicted,) = compare([algorithm], ["bfloat16"], channels=8, law="relu")
    assert predicted.measured is None
    assert predicted.error == report.predicted.relative_rms


def with_error(row: Comparison, error: float) -> Comparison:
    return replace(row, predicted=replace(row.predicted, relative_rms=error))


@given(st.lists(st.tuples(st.sampled_from(ROWS), st.integers(1, 4).map(float)), max_size=8))
def test_the_front_is_what_a_sweep_from_the_quickest_finds(chosen: list[tuple[Comparison, float]]) -> None:
    """By descending speed-up, then ascending error: on the front is whoever is below all before, or equals the last."""
    rows = [with_error(row, error) for row, error in chosen]
    expected: dict[int, bool] = {}
    for group in {(row.algorithm.tile.taps, row.precision) for row in rows}:
        numbered = [(n, row) for n, row in enumerate(rows) if (row.algorithm.tile.taps, row.precision) == group]
        best: tuple[float, float] | None = None
        for n, row in sorted(numbered, key=lambda pair: (-pair[1].algorithm.speedup, pair[1].error)):
            at = (row.error, row.algorithm.speedup)
            expected[n] = best is None or at == best or row.error < best[0]
            best = at if best is None or row.error < best[0] else best
    assert pareto(rows) == tuple(expected[n] for n in range(len(rows)))


def test_what_overflows_is_on_no_front() -> None:
    quick, slow = compare(candidates(["F(4,3)", "F(2,3)"]), ["float16"], samples=8)
    assert quick.measured is not None
    lost = replace(quick, measured=replace(quick.measured, overflows=1))
    assert lost.error == float("inf")
    assert pareto([quick, slow]) == (True, True)
    assert pareto([lost, slow]) == (False, True)
    assert pareto([lost]) == (False,)


def test_every_tile_meets_every_set_that_fits() -> None:
    made = candidates(["F(4,3)", "F(2x4,1x3)", "F(6,3)"], ["0,±1,±2,inf", "0,inf;0,±1,±1/2,inf", "default"])
    assert [(str(one.tile), one.point_names) for one in made] == [
        ("F(4,3)", "0, ±1, ±2, ∞"),
        ("F(4,3)", "0, ±5/8, ±3/2, ∞"),
        ("F(2x4,1x3)", "0, ∞; 0, ±1, ±1/2, ∞"),
        ("F(2x4,1x3)", "0, ∞; 0, ±5/8, ±3/2, ∞"),
        ("F(6,3)", wc.algorithm("F(6,3)").point_names),
    ]
    assert len(candidates(["F(2,3)"], ["default", "0,±1,inf"])) == 1


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        (["0,1,inf"], r"F\(4,3\).*6"),
        (["default", "0,1,inf"], r"0,1,inf.*F\(4,3\)"),
        (["default", "0,1,1,inf"], "1"),
    ],
    ids=["no set for the tile", "no tile for the set", "no set at all"],
)
def test_sets_that_fit_nothing_are_named(sets: list[str], said: str, golden: Golden) -> None:
    with golden.raises(PointsError, match=said):
        candidates(["F(4,3)"], sets)


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ({"channels": 0}, ShapeError, "channels = 0"),
        ({"samples": -1}, ShapeError, "samples = -1"),
        ({"law": "cauchy"}, NotationError, None),
        ({"formats": ["float99"]}, FormatError, "float99"),
    ],
)
def test_bad_input_is_named(words: dict[str, Any], error: type[Exception], said: str | None, golden: Golden) -> None:
    with golden.raises(error, match=said):
        compare(ALGORITHMS[:1], **words)


def test_the_algorithm_at_fault_is_named(golden: Golden) -> None:
    with golden.raises(FormatError, match=r"F\(4,3\) on {0, 1, 50, -60, 70, ∞}: .* too large for float16"):
        compare([ALGORITHMS[0], wc.algorithm("F(4,3)", "0, 1, 50, -60, 70, ∞")], ["float16"])
    with golden.raises(AlgorithmError, match=r"F\(2,3\)"):
        compare([wc.algorithm("F(2,3)").transpose()])
