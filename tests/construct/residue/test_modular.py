"""Algorithms over GF(p): proven, applied to integers, and refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.golden import Golden
from tests.near import near
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.residue.modular import modular, residues, symmetric_residue
from wincook.construct.residue.ntt import ntt
from wincook.direct import correlate
from wincook.errors import AlgorithmError, LimitError, NotationError, PointsError
from wincook.factor import INFINITY
from wincook.points import Points
from wincook.tile import Tile

PRIMES = [5, 7, 11, 13, 17, 31, 127, 251, 257, 8191, 65521, 2**31 - 1, 2**61 - 1]


@st.composite
def modular_algorithms(draw: st.DrawFn) -> BilinearAlgorithm:
    """Tiles of one to three axes on default points, or each axis on fractions of its own."""
    dimension = draw(st.integers(1, 3))
    sizes = st.tuples(st.integers(1, 6 if dimension == 1 else 3), st.integers(1, 4 if dimension == 1 else 2))
    outputs, taps = zip(*(draw(sizes) for _ in range(dimension)), strict=True)
    tile = Tile(outputs, taps)
    prime = draw(st.sampled_from([p for p in PRIMES if p >= max(tile.inputs) - 1]))
    if draw(st.booleans()):
        return modular(tile, prime)
    sets = []
    for n in tile.inputs:
        infinite = draw(st.booleans()) if n <= prime else True
        fractions = st.fractions(-9, 9, max_denominator=9).filter(lambda f: f.denominator % prime != 0)
        finite = draw(
            st.lists(
                fractions,
                min_size=n - infinite,
                max_size=n - infinite,
                unique_by=lambda f: f.numerator * pow(f.denominator, -1, prime) % prime,
            )
        )
        items = [sympy.Rational(f.numerator, f.denominator) for f in finite] + [INFINITY] * infinite
        sets.append(Points(tuple(draw(st.permutations(items)))))
    return modular(tile, prime, sets)


def apply(algorithm: BilinearAlgorithm, d: Array, g: Array) -> Array:
    """y = AT [(G g) ⊙ (BT d)] in Python integers."""

    def along_axes(letter: str, x: Array) -> Array:
        for place, axis in enumerate(algorithm.axes):
            matrix = np.array([[int(e) for e in row] for row in getattr(axis, letter).tolist()], dtype=object)
            x = np.moveaxis(np.tensordot(matrix, x, axes=(1, place)), 0, place)
        return x

    return along_axes("AT", along_axes("G", g) * along_axes("BT", d))


@pytest.mark.slow
@given(modular_algorithms(), st.integers(0, 2**32))
def test_it_is_proven_and_convolves_integers_modulo_the_prime(bilinear: BilinearAlgorithm, seed: int) -> None:
    bilinear.verify()
    assert bilinear.multiplications == bilinear.least_multiplications
    rng = np.random.default_rng(seed)
    d, g = (rng.integers(-(10**9), 10**9, size).astype(object) for size in (bilinear.tile.inputs, bilinear.tile.taps))
    assert ((apply(bilinear, d, g) - correlate(d, g)) % bilinear.modulus == 0).all()


@pytest.mark.slow
@given(modular_algorithms())
def test_entries_are_symmetric_residues(bilinear: BilinearAlgorithm) -> None:
    entries = [entry for axis in bilinear.axes for matrix in (axis.AT, axis.G, axis.BT) for entry in matrix]
    assert all(entry.is_Integer and 2 * abs(entry) < bilinear.modulus for entry in entries)


@pytest.mark.slow
@given(modular_algorithms(), st.data())
def test_a_mutant_fails(bilinear: BilinearAlgorithm, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(bilinear.axes) - 1))
    letter = data.draw(st.sampled_from(["AT", "G", "BT"]))
    matrix = getattr(bilinear.axes[place], letter).as_mutable()
    i, j = data.draw(st.integers(0, matrix.rows - 1)), data.draw(st.integers(0, matrix.cols - 1))
    matrix[i, j] += data.draw(st.integers(1, bilinear.modulus - 1))
    axes = list(bilinear.axes)
    axes[place] = replace(axes[place], **{letter: sympy.ImmutableMatrix(matrix)})
    with pytest.raises(AlgorithmError, match="Σ_k"):
        replace(bilinear, axes=tuple(axes)).verify()


def test_it_holds_modulo_its_prime_and_no_other() -> None:
    bilinear = modular("F(4,3)", 17)
    for other in (0, 19):
        with pytest.raises(AlgorithmError):
            replace(bilinear, modulus=other).verify()


@pytest.mark.parametrize("prime", [2, 3, 5, 7, 11])
def test_a_field_of_p_elements_gives_p_points_and_infinity(prime: int, golden: Golden) -> None:
    bilinear = modular(Tile((prime,), (2,)), prime)
    bilinear.verify()
    assert bilinear.multiplications == prime + 1
    with golden.raises(PointsError, match=f"has only {prime} and ∞; take a prime of at least {sympy.nextprime(prime)}"):
        modular(Tile((prime + 1,), (2,)), prime)


@given(st.integers(-(10**30), 10**30), st.sampled_from([2, *PRIMES]))
def test_symmetric_residues_are_the_smallest(number: int, prime: int) -> None:
    residue = symmetric_residue(number, prime)
    assert (residue - number) % prime == 0
    assert abs(residue) <= prime // 2


@pytest.mark.slow
@given(st.lists(st.fractions(-99, 99, max_denominator=99), min_size=1, unique=True), st.sampled_from(PRIMES))
def test_a_point_times_its_denominator_is_its_numerator(fractions: list[Fraction], prime: int) -> None:
    assume(all(f.denominator % prime for f in fractions))
    assume(len({f.numerator * pow(f.denominator, -1, prime) % prime for f in fractions}) == len(fractions))
    points = Points(tuple(sympy.Rational(f.numerator, f.denominator) for f in fractions))
    for residue, f in zip(residues(points, prime), fractions, strict=True):
        assert (int(str(residue)) * f.denominator - f.numerator) % prime == 0


@pytest.mark.parametrize(
    ("tile", "prime", "points", "message"),
    [
        ("F(2,3)", 15, None, r"15.*13.*17"),
        ("F(2,3)", 1, None, r"1.*2"),
        ("F(2,3)", 0, None, "0"),
        ("F(2,3)", -7, None, "-7"),
        ("F(2,3)", 3, "0, ±2/3, ∞", r"2/3.*3"),
        ("F(2,3)", 7, "0, 1/2, 4, ∞", r"1/2.*4.*7"),
        ("F(2,3)", 5, "0, 3, -2, ∞", r"3.*-2.*5"),
        ("F(14,5)", 13, None, r"F\(14,5\).*18.*GF\(13\).*13.*17"),
        ("F(2x14,3x5)", 13, None, "18"),
        ("F(2,3)", 7, "0, 1, ∞", r"F\(2,3\).*4"),
        ("F(2,3)", 7, "0, ±1, x^2+1", r"x\^2\+1.*GF\(7\)"),
        ("F(2,3)", 7, "0, 1, ∞^2", r"∞\^2"),
        ("F(2x2,3x3)", 7, ["0, ±1, ∞"], r"2.*1"),
    ],
)
def test_bad_input_is_named(
    tile: str, prime: int, points: str | list[Points | str] | None, message: str, golden: Golden
) -> None:
    with golden.raises(PointsError, match=message):
        modular(tile, prime, points)


def test_notation_prints_and_bad_notation_comes_through() -> None:
    assert str(modular("F(2,3)", 7, "0, 1/2, -1, ∞")) == "F(2,3) on {0, 1/2, -1, ∞}, modulo 7, 4 multiplications"
    assert hash(modular("F(2x2,3x3)", 7)) == hash(modular("F(2x2,3x3)", 7))
    with pytest.raises(NotationError):
        modular("F(2,3", 7)
    with pytest.raises(NotationError):
        ntt("F(2,3", 5)


@pytest.mark.parametrize(
    ("prime", "words"), [(10007, 1), (2**63 - 25, 1), (2**64 - 59, 2), (2**127 - 1, 2), (2**128 - 159, 3)]
)
def test_effort_grows_with_the_words_of_64_bits_that_a_residue_takes(prime: int, words: int) -> None:
    def operations(prime: int) -> float:
        with pytest.raises(LimitError, match="would take about") as refused:
            modular("F(3000,3000)", prime)
        return float(str(refused.value).split()[4])

    assert operations(prime) == near(words * operations(10007), rel=0.1)


@pytest.mark.parametrize(
    ("points", "images"), [("∞, 1/2, -3/5, 0", "∞, -3, -2, 0"), ("3, ∞, 4", "3, ∞, -3"), ("0, 8/3", "0, -2")]
)
def test_points_keep_their_order(points: str, images: str) -> None:
    """Modulo 7: 1/2 is 4, 8/3 is 5 and 4 is -3."""
    assert residues(Points.parse(points), 7) == Points.parse(images)
