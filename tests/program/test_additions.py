"""Additions of whole algorithms: the published counts are reached, and passed where this can be."""

from dataclasses import astuple
from functools import partial
from unittest.mock import patch

import pytest
import sympy

from wincook.analysis.data.distributions import UNIFORM
from wincook.analysis.prediction.predict import predict
from wincook.construct import algorithm
from wincook.formats import FLOAT32
from wincook.program.compose import along_axes
from wincook.program.cost import additions_over_axes, cost
from wincook.program.flat import flat_programs, kronecker
from wincook.program.ir import Program
from wincook.program.linear_forms import matrix_of
from wincook.program.programs import Programs, additions, programs_of
from wincook.program.style import BALANCED, FEWEST_ADDITIONS

POINTS = {2: "0, ±1, ∞", 4: "0, ±1, ±2, ∞", 6: "0, ±1, ±2, ±1/2, ∞"}

# Numaro, Winograd transform additions, 2026: numaro.tech/research/winograd-transform-additions-2026
PUBLISHED = {"F(2,3)": 11, "F(4,3)": 27, "F(6,3)": 52, "F(4x4,3x3)": 289, "F(6x6,3x3)": 752}


@pytest.mark.parametrize(
    ("tile", "counts"),
    [
        ("F(2,3)", (3, 4, 4)),
        ("F(4,3)", (5, 12, 10)),
        ("F(6,3)", (8, 22, 18)),
        ("F(2x2,3x3)", (21, 32, 24)),
        ("F(4x4,3x3)", (45, 144, 100)),
        ("F(6x6,3x3)", (88, 352, 252)),
    ],
)
def test_nested_transforms_reach_the_published_counts_or_less(tile: str, counts: tuple[int, int, int]) -> None:
    fewest = additions(programs_of(algorithm(tile, POINTS[int(tile[2])]), FEWEST_ADDITIONS))
    assert astuple(fewest) == counts
    assert (fewest.total, fewest.per_tile) == (sum(counts), sum(counts[1:]))
    assert fewest.total <= PUBLISHED.get(tile, fewest.total)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tile", "counts"),
    [("F(2x2,3x3)", (21, 32, 24)), ("F(4x4,3x3)", (45, 140, 100)), ("F(6x6,3x3)", (88, 343, 252))],
)
def test_flat_transforms_share_between_their_axes(tile: str, counts: tuple[int, int, int]) -> None:
    chosen = algorithm(tile, POINTS[int(tile[2])])
    programs = flat_programs(chosen)
    assert astuple(additions(programs)) == counts
    (axis, _) = chosen.axes
    for (program,), matrix in zip(astuple_of(programs), (axis.G, axis.BT, axis.AT), strict=True):
        assert sympy.Matrix(matrix_of(program)) == sympy.kronecker_product(matrix, matrix)


def astuple_of(programs: Programs) -> tuple[tuple[Program, ...], ...]:
    return programs.filter, programs.input, programs.output


@pytest.mark.slow
def test_points_in_arithmetic_progression_and_of_right_triangles_take_fewer() -> None:
    assert astuple(additions(programs_of(algorithm("F(6,3)", "0, ±1/2, ±1, ±3/2, ∞"), FEWEST_ADDITIONS))) == (7, 22, 20)
    # 3² + 4² = 5²: the squares of the points are 9/16, 1 and their sum.
    assert astuple(additions(programs_of(algorithm("F(6,3)", "0, ±3/4, ±1, ±5/4, ∞"), FEWEST_ADDITIONS))) == (8, 20, 18)


@pytest.mark.slow
@pytest.mark.parametrize(("tile", "most"), [("F(4x4,3x3)", 1.01), ("F(6x6,3x3)", 1.05)])
def test_fewest_additions_cost_little_accuracy(tile: str, most: float) -> None:
    chosen = algorithm(tile, POINTS[int(tile[2])])
    rms = {}
    for style in (BALANCED, FEWEST_ADDITIONS):
        with patch("wincook.analysis.problem.programs_of", partial(programs_of, style=style)):
            rms[style] = predict(chosen, FLOAT32, 64, UNIFORM).rms
    assert 0.95 < rms[FEWEST_ADDITIONS] / rms[BALANCED] < most


def test_the_better_axis_goes_first() -> None:
    programs = programs_of(algorithm("F(4x2,3x3)", "0, ±1, ±2, ∞; 0, ±1, ∞"), FEWEST_ADDITIONS)
    assert additions_over_axes(programs.filter, (0, 1)) == 5 * 3 + 6 * 3
    assert additions_over_axes(programs.filter, (1, 0)) == 3 * 3 + 4 * 5
    assert additions(programs).filter == 29
    for order in ((0, 1), (1, 0)):
        flat = along_axes(programs.filter, order)
        assert cost(flat).sums == additions_over_axes(programs.filter, order)
        assert matrix_of(flat) == kronecker([matrix_of(program) for program in programs.filter])
