"""The proof: it accepts convolutions, and names what is wrong with everything else."""

import dataclasses
import itertools
import random
import re
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm, Transforms
from wincook.construct import algorithm
from wincook.errors import AlgorithmError, ShapeError
from wincook.factor import INFINITY
from wincook.points import Points
from wincook.tile import Tile

LETTERS = ("AT", "G", "BT")
BASES = (
    algorithm("F(2,3)", "0, ±1, ∞"),
    algorithm("F(4,3)", "0, ±1, ±2, ∞"),
    algorithm("F(3,2)", "1/2, ∞, -3, 5/7"),
    algorithm("F(1,4)", "0, ±1, 2"),
    algorithm("F(3,1)", "∞, 1, 2"),
    algorithm("F(1,1)", "∞"),
)


def fractions(matrix: sympy.Matrix) -> Array:
    rows = [[Fraction(int(entry.p), int(entry.q)) for entry in row] for row in matrix.tolist()]
    return np.array(rows, object)


def tensor(AT: Array, G: Array, BT: Array) -> Array:
    """Σ_k AT[i,k] G[k,j] BT[k,l], indexed [i, j, l]."""
    return np.stack([(AT * G[:, j]) @ BT for j in range(G.shape[1])], axis=1)


def correlation(m: int, r: int) -> Array:
    return np.stack([np.eye(m, m + r - 1, j, dtype=int) for j in range(r)], axis=1)


def single(axis: Transforms, like: BilinearAlgorithm) -> BilinearAlgorithm:
    return BilinearAlgorithm(like.tile, like.points, (axis,))


def named_entries(message: str) -> dict[tuple[int, ...], tuple[Fraction, int]]:
    """{(i, j, l): (value, wanted)} as the message tells them."""
    pattern = r"Σ_k AT\[(\d+),k\]·G\[k,(\d+)\]·BT\[k,(\d+)\] = (\S+), not ([01])"
    return {
        (int(i), int(j), int(l)): (Fraction(value), int(wanted))
        for i, j, l, value, wanted in re.findall(pattern, message)
    }


@pytest.mark.slow
def test_random_algorithms_are_proven() -> None:
    rng = random.Random(0)
    pool = sorted({sympy.Rational(p, q) for p in range(-8, 9) for q in range(1, 9)})
    for _ in range(50):
        m, r = rng.randint(1, 6), rng.randint(1, 5)
        points = rng.sample([*pool, INFINITY], m + r - 1)
        proof = algorithm(Tile((m,), (r,)), Points(tuple(points))).verify()
        assert proof.identities == m * r * (m + r - 1)
        assert proof.multiplications == m + r - 1


def test_the_proof_prints_what_it_has_shown() -> None:
    expected = "F(2,3) with 4 multiplications: 24 identities hold exactly"
    assert str(algorithm("F(2,3)").verify()) == expected


@pytest.mark.slow
@settings(max_examples=100)
@given(st.data())
def test_a_mutant_of_any_entry_is_refused_and_its_entries_are_named(data: st.DataObject) -> None:
    base = data.draw(st.sampled_from(BASES))
    letter = data.draw(st.sampled_from(LETTERS))
    matrix = getattr(base.axes[0], letter)
    row, column = data.draw(st.integers(0, matrix.rows - 1)), data.draw(st.integers(0, matrix.cols - 1))
    delta = data.draw(st.builds(sympy.Rational, st.integers(-9, 9).filter(bool), st.integers(1, 10**6)))
    entries = matrix.as_mutable()
    entries[row, column] += delta
    mutant = dataclasses.replace(base.axes[0], **{letter: sympy.ImmutableMatrix(entries)})

    obtained = tensor(*(fractions(getattr(mutant, each)) for each in LETTERS))
    wanted = correlation(*base.tile.outputs, *base.tile.taps)
    assume((obtained != wanted).any())
    with pytest.raises(AlgorithmError) as caught:
        single(mutant, base).verify()
    wrong = [tuple(int(i) for i in place) for place in np.argwhere(obtained != wanted)]
    named = named_entries(str(caught.value))
    assert list(named) == wrong[:3]
    assert named == {place: (obtained[place], wanted[place]) for place in named}
    assert ("more" in str(caught.value)) == (len(wrong) > 3)


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4, 5], [3, 0, 5, 1, 4, 2]])
def test_scaled_and_reordered_products_are_still_proven(order: list[int]) -> None:
    base = algorithm("F(4,3)", "0, ±1, ±2, ∞")
    AT, G, BT = (getattr(base.axes[0], letter) for letter in LETTERS)
    scale = sympy.diag(*(sympy.Rational(k + 1, 3) for k in range(6)))
    AT, G = AT * scale, scale.inv() * G
    moved = Transforms(*map(sympy.ImmutableMatrix, (AT[:, order], G[order, :], BT[order, :])))
    assert single(moved, base).verify().identities == 72


def test_more_multiplications_than_needed_are_accepted() -> None:
    # The direct algorithm: one product per pair of output and tap.
    pairs = list(itertools.product(range(2), range(3)))
    direct = Transforms(
        AT=sympy.ImmutableMatrix(2, 6, lambda i, k: int(pairs[k][0] == i)),
        G=sympy.ImmutableMatrix(6, 3, lambda k, j: int(pairs[k][1] == j)),
        BT=sympy.ImmutableMatrix(6, 4, lambda k, l: int(sum(pairs[k]) == l)),
    )
    proof = BilinearAlgorithm(Tile((2,), (3,)), (), (direct,)).verify()
    assert proof.multiplications == 6


def test_a_wrong_axis_of_several_is_named(golden: Golden) -> None:
    base = algorithm("F(2x2,3x3)")
    broken = dataclasses.replace(base.axes[1], AT=sympy.ImmutableMatrix(-base.axes[1].AT))
    with golden.raises(AlgorithmError, match=r"1.*F\(2x2,3x3\)"):
        dataclasses.replace(base, axes=(base.axes[0], broken)).verify()


@pytest.mark.parametrize("letter", LETTERS)
def test_matrices_with_different_numbers_of_multiplications_are_refused(letter: str, golden: Golden) -> None:
    axis = algorithm("F(2,3)").axes[0]
    wider = algorithm("F(4,3)").axes[0]
    with golden.raises(AlgorithmError):
        dataclasses.replace(axis, **{letter: getattr(wider, letter)})


@pytest.mark.parametrize(
    ("tile", "shown"),
    [("F(3,3)", r"F\(3,3\).*\(2.*4\).*\(3.*4\)"), ("F(2,2)", None), ("F(2,4)", None)],
)
def test_matrices_of_another_tile_are_refused(tile: str, shown: str | None, golden: Golden) -> None:
    with golden.raises(AlgorithmError, match=shown):
        dataclasses.replace(algorithm("F(2,3)"), tile=Tile.parse(tile)).verify()


def test_a_wrong_width_of_the_input_transform_is_refused(golden: Golden) -> None:
    base = algorithm("F(2,3)")
    narrow = dataclasses.replace(base.axes[0], BT=base.axes[0].BT[:, :3])
    with golden.raises(AlgorithmError, match=r"F\(2,3\).*\(4.*3\).*\(4.*4\)"):
        single(narrow, base).verify()


def test_a_wrong_number_of_axes_is_refused(golden: Golden) -> None:
    with golden.raises(AlgorithmError, match=r"F\(2x2,3x3\).*2.*3"):
        dataclasses.replace(algorithm("F(2x2x2,3x3x3)"), tile=Tile.parse("F(2x2,3x3)"))


def test_floating_point_entries_are_no_proof(golden: Golden) -> None:
    unit, tenth = sympy.ImmutableMatrix([[1]]), sympy.ImmutableMatrix([[sympy.Float(0.1)]])
    axis = Transforms(AT=tenth, G=sympy.ImmutableMatrix([[10]]), BT=unit)
    with golden.raises(AlgorithmError):
        BilinearAlgorithm(Tile((1,), (1,)), (), (axis,)).verify()


def test_irrational_entries_are_proven_exactly() -> None:
    root = sympy.sqrt(2)
    axis = Transforms(*(sympy.ImmutableMatrix([[entry]]) for entry in (root, root / 2, 1)))
    assert BilinearAlgorithm(Tile((1,), (1,)), (), (axis,)).verify().identities == 1


def test_transforms_know_their_tile() -> None:
    axis = algorithm("F(4,3)").axes[0]
    assert (axis.tile, axis.multiplications) == (Tile((4,), (3,)), 6)


def test_nested_axes_multiply_to_the_correlation_of_images() -> None:
    nested = algorithm("F(2x3,3x2)", "0, ±1, ∞; 2, ∞, -1/2, 1")
    AT, G, BT = (np.kron(*(fractions(getattr(axis, letter)) for axis in nested.axes)) for letter in LETTERS)
    assert (AT.shape, G.shape, BT.shape) == ((6, 16), (16, 6), (16, 16))
    obtained = tensor(AT, G, BT).reshape(2, 3, 3, 2, 4, 4)
    for i1, i2, j1, j2, l1, l2 in np.ndindex(obtained.shape):
        assert obtained[i1, i2, j1, j2, l1, l2] == (l1 == i1 + j1 and l2 == i2 + j2)


def test_one_axis_is_nested_to_several(golden: Golden) -> None:
    f43 = algorithm("F(4,3)", "0, ±1, ±2, ∞")
    assert f43.nested(2) == algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞")
    assert f43.nested(1) is f43
    without_points = dataclasses.replace(f43, points=())
    assert str(without_points.nested(3)) == "F(4x4x4,3x3x3), 216 multiplications"
    without_points.nested(2).verify()
    with golden.raises(AlgorithmError, match=r"2.*3"):
        f43.nested(2).nested(3)
    with golden.raises(ShapeError, match=r"dimension = 5.*1.*4"):
        f43.nested(5)


def test_notebooks_see_the_matrices_of_each_different_axis() -> None:
    text = algorithm("F(2x2,3x3)")._repr_latex_()
    assert text.startswith("$")
    assert text.endswith("$")
    assert text.count("B^T") == 1
    assert r"\frac{1}{2}" in text
    assert algorithm("F(2x3,3x3)")._repr_latex_().count("B^T") == 2
