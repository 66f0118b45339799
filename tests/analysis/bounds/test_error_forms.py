"""Forms and reach of every value, against exact runs of the algorithm with one value changed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.bounds.error_forms import outputs_of, structure
from wincook.errors import AlgorithmError
from wincook.formats import BFLOAT16
from wincook.precision import Precision
from wincook.program.interpret import Exact, evaluate
from wincook.program.ir import Program

F43 = wc.algorithm("F(4,3)", "0, ±1/3, ±2, ∞")
FLOAT32 = Precision.of("float32")


def _run(program: Program, inputs: list[Fraction], changed: int | None = None) -> list[Fraction]:
    """Every value, exactly, one of them raised by 1 where it is made."""
    values = list(inputs)
    if changed is not None and changed < len(values):
        values[changed] += 1
    for place, op in enumerate(program.ops, start=program.inputs):
        (value,) = evaluate(Program("x", "y", place, (op,), (place,)), values, Exact())
        values.append(value + (1 if place == changed else 0))
    return values


def _outputs(program: Program, values: list[Fraction]) -> list[Fraction]:
    return [values[output] for output in program.outputs]


@pytest.mark.parametrize("name", ["filter", "input", "output"])
def test_forms_are_what_values_are_and_reach_what_they_change(name: str) -> None:
    """The programs with the constants of float32, on one d and g."""
    parts = structure(F43, FLOAT32)
    stages = {stage: getattr(parts, stage)[0] for stage in ("filter", "input", "output")}
    rng = np.random.default_rng(0)
    g, d = ([Fraction(int(x)) for x in rng.integers(-9, 10, size)] for size in (3, 6))

    def y(changed: int | None) -> tuple[list[Fraction], list[Fraction]]:
        programs = {stage: roundings.program for stage, roundings in stages.items()}
        at = {stage: changed if stage == name else None for stage in stages}
        U, V = _run(programs["filter"], g, at["filter"]), _run(programs["input"], d, at["input"])
        products = zip(_outputs(programs["filter"], U), _outputs(programs["input"], V), strict=True)
        M = _run(programs["output"], [u * v for u, v in products], at["output"])
        return {"filter": U, "input": V, "output": M}[name], _outputs(programs["output"], M)

    roundings = stages[name]
    variables = {"filter": g, "input": d, "output": [a * b for a in g for b in d]}[name]
    others = {"filter": d, "input": g, "output": [Fraction(1)]}[name]
    values, before = y(None)
    np.testing.assert_allclose(roundings.forms @ np.array(variables, float), np.array(values, float), rtol=1e-12)
    for changed in range(len(values)):
        moved = [float(b - a) for a, b in zip(before, y(changed)[1], strict=True)]
        np.testing.assert_allclose(roundings.reach[:, changed] @ np.array(others, float), moved, rtol=1e-12, atol=1e-12)


def test_norms_bound_the_exact_ones_and_hardly_exceed_them() -> None:
    for roundings in structure(F43, FLOAT32).input:
        exact = np.abs(roundings.forms).sum(-1)
        assert (roundings.norms >= exact).all()
        np.testing.assert_allclose(roundings.norms, exact, rtol=1e-10)
        assert (roundings.reached >= np.abs(roundings.reach).sum(-1)).all()


def _tensor(axis: Any, fmt: Any) -> np.ndarray:
    """Σ_k AT G BT with entries that were rounded, for programs whose constants are the entries."""
    AT, G, BT = (
        np.array([[float(fmt.nearest(Fraction(int(c.p), int(c.q)))) for c in row] for row in matrix.tolist()])
        for matrix in (axis.AT, axis.G, axis.BT)
    )
    return np.asarray(np.einsum("ik,ks,kn->isn", AT, G, BT))


def test_the_difference_is_what_rounded_constants_change() -> None:
    """F(2,3) on 0, ±1/3: G has 9/2, 3/2 and 1/2, which bfloat16 holds; AT has 1/3, which it does not."""
    algorithm = wc.algorithm("F(2,3)", "0, ±1/3, ∞")
    parts = structure(algorithm, Precision.of("bfloat16"))
    exact = _tensor(algorithm.axes[0], wc.Format.of("exact"))
    np.testing.assert_allclose(parts.wanted[0], exact, atol=1e-12)
    np.testing.assert_allclose(parts.computed[0] - parts.wanted[0], parts.difference[0], atol=1e-15)
    off = float(BFLOAT16.nearest(Fraction(1, 3))) - 1 / 3
    assert np.abs(parts.difference[0]).max() > abs(off)
    assert not structure(wc.algorithm("F(2,3)"), FLOAT32).inexact.any()
    np.testing.assert_array_equal(parts.inexact, np.abs(parts.difference[0]).sum((1, 2)))


def test_residues_have_no_forms_and_linear_convolutions_the_outputs_of_their_inputs(golden: Golden) -> None:
    with golden.raises(AlgorithmError):
        structure(wc.construct.modular("F(2,3)", 17), FLOAT32)
    assert outputs_of(wc.algorithm("F(4x2,3x3)")) == (4, 2)
    assert outputs_of(wc.algorithm("F(4,3)").transpose()) == (6,)
