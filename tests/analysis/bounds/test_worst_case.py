from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.bounds.worst_case import _inherited, bound_by_stage, error_bound
from wincook.analysis.data.distributions import NORMAL, Law
from wincook.analysis.measurement.tiles import compute
from wincook.analysis.problem import Problem
from wincook.arrays import Array
from wincook.direct import correlate
from wincook.errors import AlgorithmError, FormatError, NotationError, ShapeError
from wincook.exact.rounded_up import rounded_up
from wincook.formats import FLOAT16, FLOAT32, FLOAT64
from wincook.precision import PRESETS, Precision
from wincook.program.interpret import Exact, evaluate
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub
from wincook.program.rounding import round_to

ALGORITHMS: dict[str, dict[str, Any]] = {
    "F(2,3)": {"tile": "F(2,3)"},
    "F(3,2), three": {"tile": "F(3,2)", "points": "0, 1/3, -3, ∞"},
    "F(4,3)": {"tile": "F(4,3)"},
    "F(6,3)": {"tile": "F(6,3)"},
    "F(2,3), roots": {"tile": "F(2,3)", "points": "0, ±√2, ∞"},
    "F(4,3), factor": {"tile": "F(4,3)", "points": "0, ±1, x^2+1, ∞"},
    "F(2x2,3x3)": {"tile": "F(2x2,3x3)"},
    "F(3x2,2x4)": {"tile": "F(3x2,2x4)"},
    "F(2x2,2x2), joint": {"tile": "F(2x2,2x2)", "points": "0, x^2+1", "joint": True},
    "F(2x2x2,2x2x2)": {"tile": "F(2x2x2,2x2x2)"},
}
POLICIES = [
    *sorted(set(PRESETS) - {"int8", "int16", "int32", "exact"}),
    "float32, accumulate=float64",
    "float16, accumulate=float32, output=bfloat16",
    "bfloat16, U=float16, V=float16, product=float16, accumulate=float16, output=float32",
    "exact, U=float16, V=float8_e4m3fn, product=float32, accumulate=float32, output=float16",
]


@lru_cache
def made(name: str) -> wc.BilinearAlgorithm:
    """Algorithms are slow to prove, and there are few."""
    return wc.algorithm(**ALGORITHMS[name])


def extreme(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Signs at random, magnitudes near one or tiny: what rounding and underflow like least."""
    size = rng.choice([1.0, 0.0, 0.999, 1 / 3, 2.0**-13, 2.0**-24, 2.0**-75], shape)
    mixed: Array = np.where(rng.random(shape) < 0.6, rng.uniform(0.5, 1, shape), size)
    signs: Array = rng.choice([-1.0, 1.0], shape)
    return np.multiply(mixed, signs, dtype=np.float64)


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.sampled_from(sorted(ALGORITHMS)),
    st.sampled_from(POLICIES),
    st.integers(1, 5),
    st.sampled_from([1.0, 2.0**-7, 2.0**-40, 3.0]),
    st.integers(0, 10_000),
)
def test_bound_is_never_exceeded(name: str, policy: str, channels: int, scale: float, seed: int) -> None:
    algorithm, precision = made(name), Precision.of(policy)
    rng, samples = np.random.default_rng(seed), 4
    d = round_to(extreme(rng, (samples, channels, *algorithm.tile.inputs)) * scale, precision.input)
    g = round_to(extreme(rng, (samples, channels, *algorithm.tile.taps)) * scale, precision.filter)
    d_max, g_max = (float(np.abs(values).astype(np.float64).max()) or 1.0 for values in (d, g))
    y = compute(algorithm, precision, d, g)
    bounds = bound_by_stage(Problem.of(algorithm, precision, channels), d_max, g_max).per_output
    for s in range(samples):
        exact: Any = sum(correlate(fractions(d[s, c]), fractions(g[s, c])) for c in range(channels))
        for place in np.ndindex(*algorithm.tile.outputs):
            if np.isfinite(float(y[(s, *place)])):
                error = abs(Fraction(float(y[(s, *place)])) - exact[place])
                assert np.isinf(bounds[place]) or error <= Fraction(float(bounds[place]))


def fractions(values: Array) -> Array:
    return np.asarray(np.frompyfunc(lambda value: Fraction(float(value)), 1, 1)(values), dtype=object)


class Perturbed(Exact):
    """Exact arithmetic in which one operation of many is a relative ε off."""

    def __init__(self, which: int) -> None:
        self.left = which

    def _off(self, value: Any) -> Any:
        self.left -= 1
        return value * (1 + Fraction(1, 2**20)) if self.left == -1 else value

    def add(self, a: Any, b: Any, /) -> Any:
        return self._off(a + b)

    def sub(self, a: Any, b: Any, /) -> Any:
        return self._off(a - b)

    def mul(self, a: Any, constant: Any, /) -> Any:
        is_power = constant.numerator in {1, -1} or constant.denominator == 1 == abs(constant.numerator) % 2 + 1
        return a * constant if is_power else self._off(a * constant)

    def fma(self, a: Any, constant: Any, b: Any, /) -> Any:
        return self._off(a * constant + b)


@pytest.mark.parametrize("tile", ["F(2,3)", "F(3,2)"])
def test_first_order_is_that_of_programs_perturbed_one_operation_at_a_time(tile: str) -> None:
    """Every operation off by ε in turn, for all data of ±1: the largest effects add up to the bound, over u."""
    algorithm = wc.algorithm(tile, "0, ±1, ∞")
    programs = wc.programs_of(algorithm)
    filters, inputs, outputs = programs.filter[0], programs.input[0], programs.output[0]
    grids = np.array(list(product([Fraction(-1), Fraction(1)], repeat=filters.inputs + inputs.inputs)), dtype=object).T
    g, d = list(grids[: filters.inputs]), list(grids[filters.inputs :])
    U, V = evaluate(filters, g, Exact()), evaluate(inputs, d, Exact())
    M = [u * v for u, v in zip(U, V, strict=True)]
    y = np.array(evaluate(outputs, M, Exact()))

    def effect(U: list[Any], V: list[Any]) -> Array:
        after = evaluate(outputs, [u * v for u, v in zip(U, V, strict=True)], Exact())
        return largest(np.array(after) - y)

    def largest(change: Array) -> Array:
        found: Array = np.abs(change).max(axis=1).astype(np.float64) * 2**20
        return found

    by_hand = {
        "filter": sum(effect(evaluate(filters, g, Perturbed(k)), V) for k in range(len(rounding_ops(filters)))),
        "input": sum(effect(U, evaluate(inputs, d, Perturbed(k))) for k in range(len(rounding_ops(inputs)))),
        "product": sum(
            largest(
                np.array(evaluate(outputs, [m * (1 + (j == k) * Fraction(1, 2**20)) for j, m in enumerate(M)], Exact()))
                - y
            )
            for k in range(len(M))
        ),
        "output": sum(
            largest(np.array(evaluate(outputs, M, Perturbed(k))) - y) for k in range(len(rounding_ops(outputs)))
        ),
    }
    stages = bound_by_stage(Problem.of(algorithm, FLOAT32, 1)).stages
    bounds = {"filter": stages.filter, "input": stages.input, "product": stages.product + stages.accumulate}
    for stage, bound in bounds.items():
        assert bound * 2**24 == near(by_hand[stage], rel=1e-5), stage
    # Forms of both g and d are bounded by the sum of their coefficients, which signs cannot always reach.
    assert (by_hand["output"] <= stages.output * 2**24).all()
    assert (stages.output * 2**24 <= 1.2 * by_hand["output"]).all()


@pytest.mark.parametrize("tile", ["F(2x2,3x3)", "F(3x1,2x4)"])
def test_first_order_of_two_axes_is_that_of_programs_perturbed_line_by_line(tile: str) -> None:
    """Every operation on every line off by ε in turn: the 1-norms of what reaches y, of data up to 3 and 5."""
    algorithm = wc.algorithm(tile)
    programs = wc.programs_of(algorithm)
    AT, G, BT = (
        np.kron(*(np.array(getattr(axis, letters), dtype=float) for axis in algorithm.axes))
        for letters in ("AT", "G", "BT")
    )

    def off(stage: tuple[Program, ...], variables: Array) -> Iterator[Array]:
        """What the outputs of the stage change by, over ε, in terms of its variables."""
        counted = Perturbed(10**9)
        right = transformed(stage, variables, counted)
        for k in range(10**9 - counted.left):
            yield (transformed(stage, variables, Perturbed(k)) - right).astype(float) * 2**20

    def in_all(changes: Iterator[Array], other: Array) -> Array:
        return np.asarray(sum(np.abs(np.einsum("ik,kj,kl->ijl", AT, change, other)).sum((1, 2)) for change in changes))

    found = bound_by_stage(Problem.of(algorithm, Precision.of(FLOAT64), 1), 3.0, 5.0)
    by_hand = {"filter": in_all(off(programs.filter, np.eye(G.shape[1], dtype=int)), BT)}
    by_hand["input"] = in_all(off(programs.input, np.eye(BT.shape[1], dtype=int)), G)
    by_hand["product"] = np.abs(AT) @ (np.abs(G).sum(1) * np.abs(BT).sum(1))
    M = np.einsum("kj,kl->kjl", G, BT).reshape(len(G), -1)
    by_hand["output"] = np.asarray(
        sum(np.abs(change @ M).sum(1) for change in off(programs.output, np.eye(len(G), dtype=int)))
    )
    bounds = dict(found.stages.items()) | {"product": found.stages.product + found.stages.accumulate}
    for stage, expected in by_hand.items():
        assert bounds[stage].ravel() * 2**53 == near(15 * expected, rel=1e-5), stage


def transformed(stage: tuple[Program, ...], variables: Array, arithmetic: Perturbed) -> Array:
    """The programs of both axes, on every line of the given forms: shape (all inputs, variables)."""
    first, second = stage
    exact = np.array([Fraction(int(entry)) for entry in variables.flat], dtype=object)
    lines = exact.reshape(first.inputs, second.inputs, -1)
    across = [evaluate(first, list(lines[:, j]), arithmetic) for j in range(second.inputs)]
    along = [evaluate(second, [column[i] for column in across], arithmetic) for i in range(len(first.outputs))]
    return np.array(along, dtype=object).reshape(len(first.outputs) * len(second.outputs), -1)


def rounding_ops(program: Program) -> list[Any]:
    return [op for op in program.ops if not isinstance(op, Neg)]


def test_bound_is_the_sum_of_its_stages_and_grows_with_channels() -> None:
    algorithm = wc.algorithm("F(4x4,3x3)")
    bounds = [error_bound(algorithm, FLOAT32, channels) for channels in (1, 2, 64, 4096)]
    assert bounds == sorted(bounds)
    assert error_bound(algorithm, FLOAT16, 1) > 1000 * bounds[0]
    found = bound_by_stage(Problem.of(algorithm, Precision.of("float32"), 64))
    rounded = {stage for stage, bound in found.stages.items() if (bound > 0).all()}
    assert rounded == {"filter", "input", "accumulate", "output"}  # float32 throughout: fused, and nothing stored anew
    assert (np.minimum(found.constants, found.mixed) > 0).all()
    parts = (*found.stages.values(), found.constants, found.mixed)
    assert np.sum(parts, axis=0) == near(found.per_output)


def test_storing_and_multiplying_are_stages_of_their_own() -> None:
    precision = "float32, U=float16, V=bfloat16, product=tf32, accumulate=float32"
    found = bound_by_stage(Problem.of("F(4x4,3x3)", precision, 64))
    assert all((bound > 0).all() for bound in found.stages.values())
    alone = bound_by_stage(Problem.of("F(4x4,3x3)", "exact, U=float16", 64))
    assert [stage for stage, bound in alone.stages.items() if bound.any()] == ["U"]
    # Storing U rounds what was rounded before by 2^-24, so that it adds a little more.
    assert near(alone.stages.U, rel=1e-5) == found.stages.U


def test_stages_that_round_nothing_add_nothing() -> None:
    algorithm = wc.algorithm("F(4,3)")
    assert error_bound(algorithm, "exact", 7) == 0
    found = bound_by_stage(Problem.of(algorithm, Precision.of("exact, U=float16, product=exact"), 1))
    assert not found.constants.any()
    assert [stage for stage, bound in found.stages.items() if bound.any()] == ["U"]
    # One rounding of U by u = 2^-11 (and the least bit of underflow) reaches every output through AT and BT.
    (axis,) = algorithm.axes
    AT, G, BT = (np.abs(np.array(matrix, dtype=float)) for matrix in (axis.AT, axis.G, axis.BT))
    assert near(AT @ (G.sum(1) * BT.sum(1)), rel=1e-3) == found.stages.U * 2**11


def test_constants_cost_what_their_exact_difference_is() -> None:
    """Only the filter is transformed with constants that bfloat16 lacks; what they change follows from fractions."""
    algorithm = wc.algorithm("F(2,3)", "0, 1/3, -3, ∞")
    (axis,) = algorithm.axes
    programs = wc.programs_of(algorithm)
    held = Precision.of("exact, filter=bfloat16, U=exact").filter

    class Held(Exact):
        def mul(self, a: Any, constant: Any, /) -> Any:
            return a * held.nearest(constant)

        def fma(self, a: Any, constant: Any, b: Any, /) -> Any:
            return a * held.nearest(constant) + b

    taps = [np.array([Fraction(int(i == j)) for j in range(3)], dtype=object) for i in range(3)]
    G = np.array(evaluate(programs.filter[0], taps, Held()))
    AT, BT = (np.array(matrix.tolist(), dtype=object) for matrix in (axis.AT, axis.BT))
    for i, found in enumerate(
        bound_by_stage(Problem.of(algorithm, Precision.of("exact, filter=bfloat16"), 5)).constants
    ):
        tensor = (G * AT[i][:, None]).T @ BT
        wanted = np.array([[int(n == i + s) for n in range(4)] for s in range(3)])
        assert float(found) == near(5 * float(np.abs(tensor - wanted).sum()), rel=1e-9)


def test_bound_of_one_product_is_what_the_definition_says() -> None:
    # F(1,1) on ∞ has transforms that do nothing: one product, rounded once (and the chance of underflow).
    one, u = wc.algorithm("F(1,1)", "∞"), 2.0**-24
    assert error_bound(one, FLOAT32, 1) == near(u, rel=1e-6)
    # Sums of C products: k roundings of the k-th last, C (C + 1) / 2 in all; without end, C² u.
    assert error_bound(one, FLOAT32, 100) == near(5050 * u, rel=1e-4)
    assert error_bound(one, FLOAT16, 2**14) == near(2.0**28 * 2**-11, rel=1e-2)


def test_bound_scales_with_the_data_but_for_underflow() -> None:
    algorithm = wc.algorithm("F(4,3)")
    one, small, tiny = (
        error_bound(algorithm, "float16", 2, d_max=scale, g_max=0.5) for scale in (1.0, 2.0**-4, 2.0**-40)
    )
    assert one / 16 < small < one / 8
    assert tiny > one * 2**-30


def test_formats_that_saturate_have_a_bound_only_where_nothing_can() -> None:
    algorithm = wc.algorithm("F(4,3)")
    assert error_bound(algorithm, "int8-winograd-domain", 1, d_max=1000.0) == np.inf
    assert np.isfinite(error_bound(algorithm, "int8-winograd-domain", 1))
    assert error_bound(algorithm, "int8-winograd-domain", 1) > 0.5


def test_what_cannot_be_bounded_is_refused(golden: Golden) -> None:
    with golden.raises(NotationError):
        error_bound("F(2,3)", law=Law("own", lambda rng, shape: rng.random(shape), 0.5, 1 / 12, NORMAL.draw_tap, 1))
    with golden.raises(ShapeError, match="channels = 0"):
        error_bound(wc.algorithm("F(2,3)"), FLOAT32, 0)
    with golden.raises(FormatError):
        error_bound(wc.algorithm("F(4,3)"), "int32", 1)
    modular = wc.BilinearAlgorithm(wc.Tile.parse("F(2,3)"), (), wc.algorithm("F(2,3)").axes, modulus=101)
    with golden.raises(AlgorithmError):
        error_bound(modular, FLOAT32, 1)


def test_rounding_up_never_rounds_down() -> None:
    assert [rounded_up(value) for value in (0.12341, 0.12, 9.91e-7)] == ["0.13", "0.12", "0.0000010"]


def test_products_of_roundings_and_underflow_are_as_derived_by_hand() -> None:
    """The filters of F(2,3): t = g0 + g2, U1 = (t + g1) / 2, U2 = (t - g1) / 2; t reaches y as d2, U1 as d1 + d2."""
    algorithm = wc.algorithm("F(2,3)")
    found = bound_by_stage(Problem.of(algorithm, Precision.of("exact, filter=float8_e5m2, U=exact"), 1)).stages.filter
    u, eta = 2.0**-3, 2.0**-17
    assert found == near(2 * u * 1 + 2 * u * (3 + 2 * u) / 2 * 2 + 2 * eta * 2, rel=1e-6)


def test_a_fused_product_underflows() -> None:
    """Of multiples of the smallest number, all that d · 1/3 + d' can lose is what underflows."""
    algorithm, precision = wc.algorithm("F(2,2)", "0, 1/3, ∞"), Precision.of("exact, input=float16, V=exact")
    d = np.array(list(product(range(-3, 4), repeat=3)), dtype=np.float32) * np.float32(2.0**-24)
    g = np.broadcast_to(fractions(np.array([1.0, -1.0])), (len(d), 1, 2))
    y = compute(algorithm, precision, d[:, None], g)
    exact = np.array([correlate(fractions(row), g[0, 0]) for row in d])
    worst = float(np.abs(y - exact).max())
    bound = error_bound(algorithm, precision, 1, d_max=3 * 2.0**-24)
    assert 0.2 * bound < worst <= bound


@pytest.mark.parametrize("name", ["F(4,3)", "F(2x2,3x3)", "F(3,2), three"])
@pytest.mark.parametrize("policy", ["float32", "float64, U=bfloat16, V=bfloat16, product=float32, accumulate=float32"])
def test_every_stage_scales_with_both_ranges(name: str, policy: str) -> None:
    """By powers of two, which round nothing, where nothing underflows but far below."""
    algorithm, precision = made(name), Precision.of(policy)
    unscaled, scaled = (
        bound_by_stage(Problem.of(algorithm, precision, 3), *scales) for scales in ((1.0, 1.0), (2.0**10, 2.0**-3))
    )
    for stage, bound in unscaled.stages.items():
        np.testing.assert_allclose(scaled.stages[stage], 2.0**7 * bound, rtol=1e-12, err_msg=stage)
    for part in ("constants", "mixed"):
        np.testing.assert_allclose(getattr(scaled, part), 2.0**7 * getattr(unscaled, part), rtol=1e-12)


def test_the_reach_of_the_law_stands_for_limits_that_are_not_given() -> None:
    assert error_bound("F(4,3)") == error_bound("F(4,3)", d_max=1.0, g_max=1.0)
    assert error_bound("F(4,3)", law="normal") == error_bound("F(4,3)", d_max=8.0, g_max=8.0)
    assert error_bound("F(4,3)", law="normal", d_max=2.0) == error_bound("F(4,3)", d_max=2.0, g_max=8.0)


@pytest.mark.parametrize("op", [Add(0, 1), Sub(0, 1), Neg(0), Mul(0, Fraction(-3)), Fma(0, Fraction(5, 2), 1)], ids=str)
def test_an_operation_inherits_the_errors_of_its_operands(op: Op) -> None:
    """As much as they can move its result: over all signs."""
    program, errors = Program("d", "V", 2, (op,), (2,)), (Fraction(1, 4), Fraction(1, 2))
    moved = [
        evaluate(program, [sign * error for sign, error in zip(signs, errors, strict=True)], Exact())[0]
        for signs in product((-1, 1), repeat=2)
    ]
    assert _inherited(op, [np.array(float(error)) for error in errors]) == float(max(moved))


def test_products_of_errors_are_part_of_the_sum() -> None:
    """In 8 bits a thirtieth of it."""
    found = bound_by_stage(Problem.of("F(4,3)", "float8_e4m3fn", 2))
    parts = (*found.stages.values(), found.constants, found.mixed)
    assert (found.mixed > 0.03 * found.per_output).all()
    np.testing.assert_allclose(found.per_output, np.sum(parts, axis=0), rtol=1e-8)
