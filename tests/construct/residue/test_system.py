"""Residue number systems: bit-exact against direct convolution of integers, bounded, and refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.arrays import Array
from wincook.construct import algorithm
from wincook.construct.residue import system as system_module
from wincook.construct.residue.integer_range import Span
from wincook.construct.residue.mixed_radix import reduce
from wincook.construct.residue.modular import modular
from wincook.construct.residue.ntt import ntt
from wincook.construct.residue.system import ResidueSystem, residue_system
from wincook.direct import convolve
from wincook.errors import AlgorithmError, DataError, FormatError, NotationError, ShapeError
from wincook.tile import Tile

INT8 = Span.of("int8")


def direct(d: Array, g: Array) -> Array:
    """d (C, n…) with g (C, r…) in Python integers."""
    y: Array = convolve(d[None].astype(object), g[None].astype(object), ((0, 0),) * (d.ndim - 1))[0, 0]
    return y


@pytest.mark.slow
@pytest.mark.parametrize("channels", [1, 7, 64])
@pytest.mark.parametrize("bits", [8, 15, 16])
@pytest.mark.parametrize("tile", ["F(10,3)", "F(14,5)", "F(6x6,3x3)", "F(10x10,3x3)", "F(2x3x2,2x3x1)"])
def test_int8_is_exact_in_the_middle_and_at_the_ends_of_the_range(tile: str, bits: int, channels: int) -> None:
    system = residue_system(tile, bits, channels=channels)
    system.verify()
    rng = np.random.default_rng(bits)
    sizes = (channels, *system.tile.inputs), (channels, *system.tile.taps)
    d, g = (rng.integers(-128, 128, size, dtype=np.int8) for size in sizes)
    signs = [rng.choice(np.array([-128, 127], dtype=np.int8), size) for size in sizes]
    extremes = [[np.full(size, value, dtype=np.int8) for size in sizes] for value in (-128, 127)]
    for inputs, filters in ((d, g), signs, *extremes, (extremes[0][0], extremes[1][1])):
        np.testing.assert_array_equal(system.convolve(inputs, filters), direct(inputs, filters).astype(np.int64))


def test_the_largest_output_is_reached() -> None:
    system = residue_system("F(2x3,3x2)", inputs="uint8", channels=5)
    y = system.convolve(np.full((5, 4, 4), 255), np.full((5, 3, 2), -128))
    assert (y == -system.largest).all()


@st.composite
def systems(draw: st.DrawFn) -> ResidueSystem:
    """Any tile of up to three axes, any ranges, words that hold its points and outputs."""
    dimension = draw(st.integers(1, 3))
    sizes = st.tuples(st.integers(1, 6 if dimension == 1 else 3), st.integers(1, 4 if dimension == 1 else 2))
    outputs, taps = zip(*(draw(sizes) for _ in range(dimension)), strict=True)
    ends = st.lists(st.integers(-(2**20), 2**20), min_size=2, max_size=2).map(sorted)
    spans = [Span(*draw(ends)) for _ in range(2)]
    bits = draw(st.integers(8, 28))
    return residue_system(
        Tile(outputs, taps), bits, inputs=spans[0], filters=spans[1], channels=draw(st.integers(1, 4))
    )


@pytest.mark.slow
@given(systems(), st.integers(0, 2**32), st.booleans())
def test_every_system_is_proven_and_exact(system: ResidueSystem, seed: int, extreme: bool) -> None:
    system.verify()
    rng = np.random.default_rng(seed)

    def draw(span: Span, size: tuple[int, ...]) -> Array:
        shape = (system.channels, *size)
        return rng.choice([span.least, span.most], shape) if extreme else rng.integers(span.least, span.most + 1, shape)

    d, g = draw(system.inputs, system.tile.inputs), draw(system.filters, system.tile.taps)
    np.testing.assert_array_equal(system.convolve(d, g), direct(d, g))


@pytest.mark.slow
@settings(max_examples=12)
@given(systems())
def test_primes_are_different_large_enough_and_as_few_as_can_be(system: ResidueSystem) -> None:
    moduli = system.moduli
    assert len(set(moduli)) == len(moduli)
    assert all(sympy.isprime(p) and p >= max(system.tile.inputs) - 1 for p in moduli)
    assert prod(moduli) > 2 * system.largest
    assert prod(moduli[:-1]) <= 2 * system.largest or len(moduli) == 1
    assert all(sympy.prevprime(p) == q for p, q in pairwise(moduli))


@pytest.mark.slow
@settings(max_examples=12)
@given(systems(), st.integers(0, 2**32))
def test_no_sum_leaves_its_accumulator(system: ResidueSystem, seed: int) -> None:
    """Every array that is reduced within the stages, of random and extreme data, stays in the widest of them."""
    largest = 0

    def watch(x: Array, prime: int) -> Array:
        nonlocal largest
        largest = max(largest, int(np.abs(x).max()))
        return reduce(x, prime)

    rng = np.random.default_rng(seed)
    d = rng.choice([system.inputs.least, system.inputs.most], (system.channels, *system.tile.inputs))
    g = rng.choice([system.filters.least, system.filters.most], (system.channels, *system.tile.taps))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(system_module, "reduce", watch)
        system.convolve(d, g)
    widths = system.accumulators
    data = max(system.inputs.magnitude, system.filters.magnitude)
    assert largest <= max(data, 2 ** (widths.widest - 1) - 1)


def test_a_bound_is_reached_by_a_row_of_signs() -> None:
    system = residue_system("F(4,3)", 8)
    row = max(
        (algorithm.axes[0].BT.row(k) for algorithm in system.algorithms[:1] for k in range(6)),
        key=lambda a: sum(map(abs, a)),
    )
    signs = [125 if entry > 0 else -125 for entry in row]
    reached = sum(int(a) * s for a, s in zip(row, signs, strict=True))
    assert 2 ** (system.accumulators.stages.input - 2) <= reached < 2 ** (system.accumulators.stages.input - 1)


@pytest.mark.slow
def test_widths_are_those_of_int8_words_and_int32_accumulators() -> None:
    system = residue_system("F(14x14,3x3)", 8, channels=2**16)
    assert system.word == 8
    assert system.accumulators.widest <= 32
    assert residue_system("F(14x14,3x3)", 16).word == 16


@pytest.mark.parametrize(
    ("tile", "bits", "speedup"), [("F(14x14,3x3)", 8, 2.30), ("F(12x12,5x5)", 8, 4.69), ("F(12x12,5x5)", 16, 7.03)]
)
def test_counts_are_the_published_ones(tile: str, bits: int, speedup: float) -> None:
    """The figures that the abstract of Liu and Mattina gives: arXiv 2007.12216."""
    system = residue_system(tile, bits)
    assert len(system.moduli) == (3 if bits == 8 else 2)
    assert system.speedup == pytest.approx(speedup, abs=0.005)
    assert system.multiplications == len(system.moduli) * prod(system.tile.inputs)


def test_number_theoretic_transforms_make_systems_too() -> None:
    system = ResidueSystem(tuple(ntt("F(14x2,3x3)", p) for p in (257, 65537)), INT8, INT8, channels=3)
    system.verify()
    rng = np.random.default_rng(0)
    d, g = rng.integers(-128, 128, (3, 16, 4)), rng.integers(-128, 128, (3, 3, 3))
    np.testing.assert_array_equal(system.convolve(d, g), direct(d, g))


def test_leading_axes_are_samples_and_filters() -> None:
    system = residue_system("F(2x3,3x2)", channels=4)
    rng = np.random.default_rng(0)
    d, g = rng.integers(-128, 128, (5, 1, 3, 4, 4)), rng.integers(-128, 128, (6, 3, 3, 2))
    y = system.convolve(d, g)
    assert y.shape == (5, 6, 2, 3)
    np.testing.assert_array_equal(y, [[direct(d[i, 0], g[k]) for k in range(6)] for i in range(5)])
    np.testing.assert_array_equal(system.convolve(d, g[0, 0]), system.convolve(d[..., None, :, :], g[0, :1]))


def test_outputs_beyond_int64_come_as_python_integers() -> None:
    system = residue_system("F(2,3)", 16, inputs="int64", filters="int64")
    d, g = np.full(4, -(2**63)), np.array([-(2**63), 2**63 - 1, -(2**63)])
    y = system.convolve(d, g)
    assert y.dtype == object
    assert y.tolist() == [2**127 - 2**63 * (2**63 - 1)] * 2


def test_a_mutant_is_named(golden: Golden) -> None:
    system = residue_system("F(2,3)")
    broken = system.algorithms[1]
    AT = broken.axes[0].AT.as_mutable()
    AT[1, 2] += 1
    axis = replace(broken.axes[0], AT=sympy.ImmutableMatrix(AT))
    mutant = replace(system, algorithms=(system.algorithms[0], replace(broken, axes=(axis,)), *system.algorithms[2:]))
    with golden.raises(AlgorithmError):
        mutant.verify()


def test_a_system_is_a_value_that_prints() -> None:
    system = residue_system("F(4x4,3x3)", channels=10)
    assert system == residue_system("F(4x4,3x3)", channels=10)
    assert hash(system) == hash(residue_system("F(4x4,3x3)", channels=10))
    assert str(system) == "F(4x4,3x3) modulo 251, 241, 239, 108 multiplications, words of 8 bits"
    assert str(system.verify()) == (
        "F(4x4,3x3) modulo 251, 241, 239: 432 identities hold exactly; |y| ≤ 1474560 < 14457349 / 2"
    )
    assert str(system.accumulators) == (
        "filter 16, U 8, input 12, V 8, product 15, accumulate 19, output 13, reconstruction 15"
    )


def of(*algorithms: Any, **more: Any) -> ResidueSystem:
    return ResidueSystem(algorithms, **{"inputs": INT8, "filters": INT8} | more)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (of, AlgorithmError, "no algorithm given"),
        (lambda: of(algorithm("F(2,3)")), AlgorithmError, "is not modulo an odd prime"),
        (lambda: of(modular("F(1,1)", 2)), AlgorithmError, "is not modulo an odd prime"),
        (lambda: of(replace(modular("F(2,3)", 17), modulus=15)), AlgorithmError, "is not modulo an odd prime"),
        (lambda: of(replace(algorithm("F(2,3)"), modulus=251)), AlgorithmError, "has entries that are no integers"),
        (lambda: of(modular("F(2,3)", 251), modular("F(4,3)", 241)), AlgorithmError, "no nested correlation F"),
        (lambda: of(modular("F(2,3)", 251).flip()), AlgorithmError, "no nested correlation"),
        (lambda: of(*[modular("F(2,3)", 65521)] * 2), AlgorithmError, "moduli 65521, 65521 repeat"),
        (lambda: of(modular("F(2,3)", 251)), FormatError, "multiply to 251; outputs of .* reach 49152.* above 98304"),
        (lambda: of(modular("F(4,3)", 2**61 - 1)), FormatError, r"needs accumulators of \d+ bits, and 64 are at hand"),
        (lambda: of(modular("F(2,3)", 65521), channels=0), ShapeError, "channels = 0"),
        (lambda: residue_system("F(2,3)", channels=-1), ShapeError, "channels = -1"),
        (lambda: residue_system("F(2,3)", 1), FormatError, "bits of a word = 1 .*, at least 2, at most 32"),
        (lambda: residue_system("F(2,3)", 33), FormatError, "bits of a word = 33"),
        (lambda: residue_system("F(2,3)", 32), FormatError, "take smaller primes or fewer channels"),
        (
            lambda: residue_system("F(14,5)", 5, channels=99),
            FormatError,
            r"at least 17; those below 2\^5 \(31, 29, 23, 19, 17\) .* more than 16220160, .* more than 5 bits",
        ),
        (lambda: residue_system("F(8,3)", 4), FormatError, r"at least 11; those below 2\^4 \(13, 11\)"),
        (lambda: residue_system("F(14,5)", 3), FormatError, r"those below 2\^3 \(none\)"),
        (lambda: residue_system("F(2,3"), NotationError, "as a tile"),
        (lambda: residue_system("F(2,3)", inputs="byte"), NotationError, "as a range"),
    ],
    ids=[
        "empty",
        "rational",
        "even",
        "composite",
        "fractions",
        "tiles",
        "flipped",
        "repeated",
        "product",
        "accumulators",
        "no channels",
        "negative channels",
        "1 bit",
        "33 bits",
        "32 bits",
        "few primes",
        "primes from the next one",
        "no primes",
        "tile",
        "range",
    ],
)
def test_systems_that_cannot_be_are_refused(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("d", "g", "error", "message"),
    [
        (
            np.full((2, 4), 128),
            np.zeros((2, 3), int),
            DataError,
            r"128.*-128..127",
        ),
        (np.zeros((2, 4), int), np.full((2, 3), -129), DataError, "-129"),
        (np.zeros((2, 4)), np.zeros((2, 3), int), DataError, "float64"),
        (np.zeros((2, 5), int), np.zeros((2, 3), int), ShapeError, r"\(4,\).*\(3,\)"),
        (np.zeros((2, 4), int), np.zeros((2, 2), int), ShapeError, None),
        (np.zeros((), int), np.zeros((2, 3), int), ShapeError, None),
        (np.zeros((3, 4), int), np.zeros((3, 3), int), ShapeError, "2"),
        (np.zeros((1, 4), int), np.zeros((2, 3), int), ShapeError, None),
        (np.zeros(4, int), np.zeros((2, 3), int), ShapeError, None),
        (np.zeros((5, 2, 4), int), np.zeros((4, 2, 3), int), ShapeError, r"\(5,\).*\(4,\)"),
    ],
    ids=["d", "g", "float", "inputs", "taps", "scalar", "declared", "channels", "none", "leading"],
)
def test_data_that_do_not_fit_are_refused(
    d: Any, g: Any, error: type[Exception], message: str | None, golden: Golden
) -> None:
    with golden.raises(error, match=message):
        residue_system("F(2,3)", channels=2).convolve(d, g)


@pytest.mark.parametrize("bits", [2, 32])
def test_words_have_from_two_to_thirty_two_bits(bits: int) -> None:
    system = residue_system("F(1,1)", bits, inputs=Span(0, 1), filters=Span(0, 1))
    assert max(algorithm.modulus for algorithm in system.algorithms) == (3 if bits == 2 else 4294967291)
    assert system.convolve(np.array([[1]]), np.array([[1]])).tolist() == [1]
