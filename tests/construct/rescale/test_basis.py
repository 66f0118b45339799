"""Bases against numpy's and scipy's polynomials and matrices; algorithms against their definition."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.polynomial import chebyshev, legendre
from scipy.linalg import hadamard

import wincook as wc
from tests.golden import Golden
from wincook.arrays import Array
from wincook.construct.rescale.basis import BASES, change_basis
from wincook.construct.rescale.scale import rescale
from wincook.errors import AlgorithmError, NotationError
from wincook.program.linear_forms import matrix_of
from wincook.transforms import LETTERS

F43 = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞")


def joint(algorithm: wc.BilinearAlgorithm) -> wc.BilinearAlgorithm:
    """Nested axes as one joint set."""
    AT, G, BT = (sympy.kronecker_product(*(getattr(axis, letter) for axis in algorithm.axes)) for letter in LETTERS)
    return dataclasses.replace(algorithm, axes=(wc.Transforms(*map(sympy.ImmutableMatrix, (AT, G, BT))),))


KINDS = [
    F43,
    F43.transpose(),
    F43.flip(),
    wc.algorithm("F(4,3)", "0, ±1, x^2+1, ∞"),
    wc.algorithm("F(2x3,3x2)", "0, ±1, ∞"),
    joint(wc.algorithm("F(2x2,2x3)")),
]


def monic(to_powers: Callable[[Any], Array], size: int) -> Array:
    columns = [to_powers([0] * k + [1]) for k in range(size)]
    return np.array([[*(column / column[-1]), *[0] * (size - len(column))] for column in columns]).T


@pytest.mark.parametrize(
    ("name", "size", "oracle"),
    [
        ("legendre", 9, partial(monic, legendre.leg2poly)),
        ("chebyshev", 9, partial(monic, chebyshev.cheb2poly)),
        ("hadamard", 8, hadamard),
        ("hadamard", 1, hadamard),
    ],
)
def test_bases_are_those_of_numpy_and_scipy(name: str, size: int, oracle: Callable[[int], Array]) -> None:
    np.testing.assert_allclose(np.array(BASES[name](size).tolist(), dtype=float), oracle(size), atol=1e-13)


@pytest.mark.parametrize("name", ["legendre", "chebyshev"])
@pytest.mark.parametrize("algorithm", KINDS, ids=["correlation", "linear", "true", "factor", "two axes", "joint"])
def test_every_kind_changes_all_three_matrices_and_nothing_else(algorithm: wc.BilinearAlgorithm, name: str) -> None:
    changed = change_basis(algorithm, name)
    changed.verify()
    assert (changed.kind, changed.points) == (algorithm.kind, algorithm.points)
    programs = wc.programs_of(changed)
    for before, after, *run in zip(
        algorithm.axes, changed.axes, programs.output, programs.filter, programs.input, strict=True
    ):
        for letter, program in zip(LETTERS, run, strict=True):
            assert getattr(before, letter) == getattr(after, letter)
            assert len(getattr(after, f"{letter}_factors")) == 2
            assert sympy.ImmutableMatrix(matrix_of(program)) == getattr(after, letter)


def test_the_filter_is_first_turned_into_coefficients_of_the_basis() -> None:
    P, first = change_basis(F43, "legendre").axes[0].G_factors
    g = np.array([3.0, -1.0, 2.0])
    leading = [legendre.leg2poly([0] * k + [1])[-1] for k in range(3)]
    np.testing.assert_allclose(np.array(first.tolist(), dtype=float) @ g, legendre.poly2leg(g) * leading)
    assert F43.axes[0].G * BASES["legendre"](3) == P


def test_output_columns_are_the_basis_at_the_points() -> None:
    back, values = change_basis(F43, "legendre").axes[0].AT_factors
    for column, point in enumerate([0, 1, -1, 2, -2]):
        monic_values = [legendre.legval(point, p) / legendre.leg2poly(p[: k + 1])[-1] for k, p in enumerate(np.eye(4))]
        np.testing.assert_allclose(np.array(values.col(column), dtype=float).ravel(), monic_values, atol=1e-13)
    assert sympy.eye(4) == back * BASES["legendre"](4).T


def test_the_input_takes_the_transposed_basis() -> None:
    second, first = change_basis(F43, "chebyshev").axes[0].BT_factors
    assert first == BASES["chebyshev"](6).T
    assert second * first == F43.axes[0].BT


@pytest.mark.parametrize("name", ["legendre", "chebyshev"])
def test_transposition_flip_and_scaling_commute_with_it(name: str) -> None:
    assert change_basis(F43.transpose(), name) == change_basis(F43, name).transpose()
    assert change_basis(F43.flip(), name, ("G", "AT")) == change_basis(F43, name, ("G", "AT")).flip()
    assert change_basis(F43.transpose(), name, ["BT"]) == change_basis(F43, name, ["AT"]).transpose()
    scales = [sympy.Rational(k + 1, 3) for k in range(6)], [sympy.Rational(2, k + 1) for k in range(6)]
    before, after = rescale(F43.axes[0], *scales), rescale(change_basis(F43, name).axes[0], *scales)
    assert change_basis(dataclasses.replace(F43, axes=(before,)), name).axes == (after,)


def test_a_joint_set_takes_the_product_of_the_bases() -> None:
    nested = wc.algorithm("F(2x2,2x3)")
    axis = change_basis(joint(nested), "legendre").axes[0]
    two = change_basis(nested, "legendre").axes
    for letter in LETTERS:
        pairs = zip(*(getattr(axis, f"{letter}_factors") for axis in two), strict=True)
        assert list(getattr(axis, f"{letter}_factors")) == [sympy.kronecker_product(*pair) for pair in pairs]


@pytest.mark.slow
@settings(max_examples=24)
@given(
    st.lists(
        st.lists(st.builds(sympy.Rational, st.integers(-5, 5), st.integers(1, 4)), min_size=6, max_size=6),
        min_size=6,
        max_size=6,
    ),
    st.sampled_from(KINDS[:4]),
    st.sets(st.sampled_from(LETTERS)),
)
def test_any_invertible_matrix_is_a_basis(
    rows: list[list[Any]], algorithm: wc.BilinearAlgorithm, letters: set[Any]
) -> None:
    P = sympy.ImmutableMatrix(rows)
    assume(all(P[:size, :size].det() for size in (3, 4, 6)))
    changed = change_basis(change_basis(algorithm, P, letters), "legendre", letters)
    changed.verify()
    for letter in LETTERS:
        assert len(getattr(changed.axes[0], f"{letter}_factors")) == (3 if letter in letters else 0)


def test_a_wrong_factor_is_refused(golden: Golden) -> None:
    axis = change_basis(F43, "legendre").axes[0]
    first = axis.BT_factors[1].as_mutable()
    first[2, 0] += sympy.Rational(1, 10**9)
    with golden.raises(AlgorithmError):
        dataclasses.replace(axis, BT_factors=(axis.BT_factors[0], sympy.ImmutableMatrix(first)))


def test_hadamard_serves_powers_of_two_alone(golden: Golden) -> None:
    f63 = wc.algorithm("F(6x6,3x3)")
    change_basis(f63, "hadamard", ["BT"]).verify()
    with golden.raises(AlgorithmError, match="3"):
        change_basis(f63, "hadamard")
    all_three = wc.algorithm("F(1,4)")
    assert all(len(axis.G_factors) == 2 for axis in change_basis(all_three, "hadamard").axes)


@pytest.mark.parametrize(
    ("basis", "message"),
    [
        (sympy.ones(6), "3"),
        (sympy.eye(5), r"5.*6"),
        (sympy.ones(6, 5), "6×5"),
        (sympy.eye(6) * 0.5, None),
    ],
)
def test_matrices_that_are_no_basis_are_refused(basis: sympy.Matrix, message: str | None, golden: Golden) -> None:
    with golden.raises(AlgorithmError, match=message):
        change_basis(F43, basis)


def test_unknown_names_and_residues_are_refused(golden: Golden) -> None:
    with golden.raises(NotationError, match="'hermite'"):
        change_basis(F43, "hermite")
    for algorithm in (F43, F43.transpose()):
        with golden.raises(NotationError, match="'B'"):
            change_basis(algorithm, "legendre", ["B"])  # type: ignore[list-item]
    with golden.raises(AlgorithmError, match="7"):
        change_basis(dataclasses.replace(F43, modulus=7), "legendre")


@pytest.mark.parametrize("name", ["legendre", "chebyshev"])
def test_the_predicted_error_is_the_measured_one(name: str) -> None:
    changed = change_basis(wc.algorithm("F(4x4,3x3)"), name)
    report = wc.analyse(changed, format="float32", channels=16, samples=300, seed=0)
    assert 0.93 < report.predicted.rms / report.measured.rms < 1.07
    assert report.measured.max < report.bound


def test_one_basis_after_another_leaves_three_factors_and_a_convolution() -> None:
    algorithm = change_basis(change_basis(wc.algorithm("F(2,3)"), "legendre"), "chebyshev")
    (axis,) = algorithm.axes
    assert [len(factors) for factors in (axis.AT_factors, axis.G_factors, axis.BT_factors)] == [3, 3, 3]
    algorithm.verify()
    for matrix, factors in ((axis.AT, axis.AT_factors), (axis.G, axis.G_factors), (axis.BT, axis.BT_factors)):
        assert factors[0] * factors[1] * factors[2] == matrix
