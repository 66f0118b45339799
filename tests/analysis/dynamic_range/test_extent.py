from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.near import near
from wincook.analysis.dynamic_range.extent import Extents, Spread
from wincook.analysis.dynamic_range.ranges import ranges
from wincook.bilinear import BilinearAlgorithm
from wincook.program.ir import Add, Fma, Mul, Neg, Program, Sub
from wincook.program.programs import programs_of

SMALL = [
    ("F(2,3)", None),
    ("F(3,2)", "0,±1,∞"),
    ("F(2,4)", "0,±1,2,∞"),
    ("F(3,3)", "0,±1,x^2+1"),
    ("F(2x2,2x2)", "0,2,∞"),
]
STAGES = ("filter", "U", "input", "V", "product", "output", "y")


def values_of(program: Program, inputs: list[Any]) -> list[Any]:
    """All values of a program, by the plainest of interpreters."""
    values = list(inputs)
    for op in program.ops:
        match op:
            case Add(a, b):
                values.append(values[a] + values[b])
            case Sub(a, b):
                values.append(values[a] - values[b])
            case Neg(a):
                values.append(-values[a])
            case Mul(a, constant):
                values.append(values[a] * constant)
            case Fma(a, constant, b):
                values.append(values[a] * constant + values[b])
    return values


def transform(programs: tuple[Program, ...], x: Any) -> tuple[Any, Any]:
    """What the programs give, and the largest magnitude they hold: x is (axes..., samples)."""
    largest = Fraction(0)
    for axis, program in enumerate(programs):
        values = values_of(program, list(np.moveaxis(x, axis, 0)))
        largest = max(largest, *(np.abs(value).max() for value in values))
        x = np.moveaxis(np.array([values[output] for output in program.outputs], dtype=object), 0, axis)
    return x, largest


def magnitudes(algorithm: BilinearAlgorithm, d: Any, g: Any) -> dict[str, Any]:
    """The largest magnitude at each stage: d is (n..., inputs), g is (r..., filters), each of one with each other."""
    programs = programs_of(algorithm)
    U, filters = transform(programs.filter, g)
    V, inputs = transform(programs.input, d)
    M = (U[..., :, None] * V[..., None, :]).reshape(*U.shape[:-1], -1)
    y, outputs = transform(programs.output, M)
    ends = {"U": U, "V": V, "product": M, "y": y}
    return {"filter": filters, "input": inputs, "output": outputs} | {k: np.abs(v).max() for k, v in ends.items()}


def sign_patterns(shape: tuple[int, ...]) -> Any:
    """All of them, but for the sign of the whole."""
    one = Fraction(1)
    number = int(np.prod(shape))
    patterns = np.array(list(product([one], *[[one, -one]] * (number - 1))), dtype=object)
    return patterns.T.reshape(*shape, -1)


@pytest.mark.slow
@pytest.mark.parametrize(("tile", "points"), SMALL, ids=[tile for tile, _ in SMALL])
def test_the_largest_magnitudes_are_attained_by_signs_and_never_exceeded(tile: str, points: str | None) -> None:
    """A bilinear form is largest at a corner, so that all corners are an oracle."""
    algorithm = wc.algorithm(tile, points)
    extents = Extents.of(programs_of(algorithm))
    reached = magnitudes(algorithm, sign_patterns(algorithm.tile.inputs), sign_patterns(algorithm.tile.taps))
    assert {stage: getattr(extents, stage).largest for stage in STAGES} == reached


@pytest.mark.slow
@settings(max_examples=15)
@given(data=st.data())
@pytest.mark.parametrize("tile", ["F(4,3)", "F(2x2,3x3)", "F(3x2,2x3)"])
def test_no_data_exceed_the_ranges(tile: str, data: st.DataObject) -> None:
    algorithm = wc.algorithm(tile)
    number = st.fractions(-1, 1, max_denominator=64)

    def drawn(shape: tuple[int, ...]) -> Any:
        count = int(np.prod(shape))
        numbers = data.draw(st.lists(number, min_size=count, max_size=count))
        return np.array(numbers, dtype=object).reshape(*shape, 1)

    reached = magnitudes(algorithm, drawn(algorithm.tile.inputs), drawn(algorithm.tile.taps))
    extents = Extents.of(programs_of(algorithm))
    for stage in STAGES:
        assert reached[stage] <= getattr(extents, stage).largest, stage


@pytest.mark.slow
def test_a_joint_set_is_measured_like_one_axis() -> None:
    algorithm = wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True)
    extents = Extents.of(programs_of(algorithm))
    flat_d, flat_g = sign_patterns((9,)), sign_patterns((4,))
    reached = magnitudes(algorithm, flat_d, flat_g)
    assert {stage: getattr(extents, stage).largest for stage in STAGES} == reached


def test_irrational_matrices_have_exact_ranges_too() -> None:
    algorithm = wc.algorithm("F(2,3)", "0, ±√2, ∞")
    largest = Extents.of(programs_of(algorithm)).V.largest
    BT = np.array(algorithm.axes[0].BT.tolist(), dtype=float)
    assert float(largest) == near(np.abs(BT).sum(axis=1).max())
    assert not isinstance(largest, float)


def test_the_ranges_scale_with_data_and_channels() -> None:
    algorithm = wc.algorithm("F(4x4,3x3)")
    single = ranges(algorithm, "exact")
    many = ranges(algorithm, "exact", channels=5, d_max="3/2", g_max=7)
    factors: dict[str, Any] = {
        "filter": 7,
        "V": Fraction(3, 2),
        "product": Fraction(21, 2),
        "output": Fraction(105, 2),
    }
    for stage, factor in factors.items():
        assert many[stage].largest == factor * single[stage].largest


def test_more_taps_than_can_be_tried_get_a_bound() -> None:
    """F(2,13) has 2^12 sign patterns and more: the sum of magnitudes stands for them, and y is exact all the same."""
    extents = Extents.of(programs_of(wc.algorithm("F(2,13)")))
    y, products, on_the_way = (float(extent.largest) for extent in (extents.y, extents.product, extents.output))
    assert y == 13
    assert on_the_way >= products


@pytest.mark.parametrize("point", ["3", "65537", "262147", "8589934609"])
def test_numbers_beyond_int64_are_exact(point: str) -> None:
    """Fourth powers of the larger ones go beyond 2^63: the largest product and output, in Python's integers."""
    algorithm = wc.algorithm("F(2,3)", f"0, {point}, -{point}, ∞")
    (axis,) = algorithm.axes
    AT, G, BT = (
        np.array([[Fraction(int(x.p), int(x.q)) for x in row] for row in m.tolist()])
        for m in (axis.AT, axis.G, axis.BT)
    )
    found = Extents.of(programs_of(algorithm))
    assert found.product.largest == max(np.abs(G).sum(axis=1) * np.abs(BT).sum(axis=1))
    assert found.V.largest == max(np.abs(BT).sum(axis=1))
    assert found.y.largest == 3
    products = AT[:, :, None, None] * G[:, :, None] * BT[:, None, :]
    signs = [np.array(each) for each in product((1, -1), repeat=3)]
    scaled = [np.abs(s @ T).sum() for T in products.reshape(-1, 3, 4) for s in signs]
    assert found.output.largest >= max(scaled)


def test_the_rms_is_of_mean_and_variance() -> None:
    spread = Spread(np.array([-3.0, 0.5, 0.0]), np.array([16.0, 0.0, 4.0]))
    np.testing.assert_allclose(spread.rms, [5.0, 0.5, 2.0], rtol=1e-15)
