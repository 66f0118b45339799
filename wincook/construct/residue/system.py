"""Residue number systems: exact integer convolution by algorithms modulo small primes.

With C channels, r taps and integers of known ranges, every output satisfies |y| ≤ C · r · max|d| · max|g|. If the
product of the primes exceeds 2 max|y|, y follows from its residues:

    y mod p = AT_p [Σ_c (G_p g_c) ⊙ (BT_p d_c)] mod p,      y by `mixed_radix` from all p.

All numbers are as wide as a residue, whatever the tile: primes below 2^8 need words of 8 bits. Accumulators are wider,
and bounded. The price is one algorithm per prime. d is (..., C, n per axis), g is (..., C, r per axis), y is
(..., m per axis). (Liu and Mattina, "Efficient Residue Number System Based Winograd Convolution", ECCV 2020, arXiv
2007.12216.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import sympy

from wincook.arguments import items, whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.effort import check_tile
from wincook.construct.residue.accumulators import Accumulators
from wincook.construct.residue.integer_range import Span
from wincook.construct.residue.integer_tiles import integer_tiles
from wincook.construct.residue.mixed_radix import reconstruct, reduce
from wincook.construct.residue.modular import modular
from wincook.construct.subject import algorithm_of
from wincook.errors import AlgorithmError, FormatError
from wincook.proof import Proof
from wincook.shown import Shown, brief
from wincook.tile import Tile

_WIDEST = 64  # bits of the accumulators at hand: int64
_WORDS = range(2, 33)  # the product of two residues has to fit into an accumulator


@dataclass(frozen=True, slots=True)
class SystemProof:
    """Every algorithm holds modulo its prime, and their product is large enough for every output."""

    proofs: tuple[Proof, ...]
    moduli: tuple[int, ...]
    largest: int

    def __str__(self) -> str:
        names = ", ".join(map(str, self.moduli))
        identities = sum(proof.identities for proof in self.proofs)
        return (
            f"{self.proofs[0].tile} modulo {names}: {identities} identities hold exactly; "
            f"|y| ≤ {self.largest} < {prod(self.moduli)} / 2"
        )


@dataclass(frozen=True, slots=True)
class ResidueSystem(Shown):
    """One algorithm per prime for the same tile, and the ranges of the integers that it may be given.

    Raises:
        AlgorithmError: algorithms that are not nested correlations of one tile with integer entries, modulo different
            odd primes.
        ShapeError: fewer channels than one.
        FormatError: the product of the primes is too small for the outputs, or int64 for the accumulators.
    """

    algorithms: tuple[BilinearAlgorithm, ...]
    inputs: Span
    filters: Span
    channels: int = 1

    __repr__ = brief

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", whole_number("channels", self.channels))
        for name in ("inputs", "filters"):
            object.__setattr__(self, name, Span.of(getattr(self, name)))
        algorithms = tuple(
            map(algorithm_of, items("algorithms", self.algorithms, "(modular('F(2,3)', 17),)", AlgorithmError))
        )
        object.__setattr__(self, "algorithms", algorithms)
        if not self.algorithms:
            raise AlgorithmError("no algorithm given; a residue system has one for each of its primes")
        for algorithm in self.algorithms:
            self._check(algorithm)
        if len(set(self.moduli)) < len(self.moduli):
            raise AlgorithmError(f"moduli {', '.join(map(str, self.moduli))} repeat; primes must be different")
        if prod(self.moduli) <= 2 * self.largest:
            raise FormatError(
                f"the primes {', '.join(map(str, self.moduli))} multiply to {prod(self.moduli)}; outputs of "
                f"{self.tile} reach {self.largest}, which needs a product above {2 * self.largest}: add primes"
            )
        if self.accumulators.widest > _WIDEST:
            raise FormatError(
                f"{self.tile} modulo {max(self.moduli)} needs accumulators of {self.accumulators.widest} bits, and "
                f"{_WIDEST} are at hand; take smaller primes or fewer channels"
            )

    def _check(self, algorithm: BilinearAlgorithm) -> None:
        if algorithm.tile != self.tile or algorithm.kind != "correlation" or algorithm.joint:
            raise AlgorithmError(f"{algorithm.name} is no nested correlation {self.tile}; all algorithms must be")
        if algorithm.modulus <= 2 or not sympy.isprime(algorithm.modulus):  # noqa: PLR2004 (the even prime)
            raise AlgorithmError(f"{algorithm.name} is not modulo an odd prime; make it with `modular` or `ntt`")
        if not all(
            entry.is_Integer for axis in algorithm.axes for letter in (axis.AT, axis.G, axis.BT) for entry in letter
        ):
            raise AlgorithmError(f"{algorithm.name} has entries that are no integers; write them as residues")

    @property
    def tile(self) -> Tile:
        """What all algorithms compute."""
        return self.algorithms[0].tile

    @property
    def moduli(self) -> tuple[int, ...]:
        """The primes."""
        return tuple(algorithm.modulus for algorithm in self.algorithms)

    @property
    def largest(self) -> int:
        """The largest |y| that inputs within their ranges can give."""
        return self.channels * prod(self.tile.taps) * self.inputs.magnitude * self.filters.magnitude

    @property
    def multiplications(self) -> int:
        """Of one tile and channel, for all primes together."""
        return sum(algorithm.multiplications for algorithm in self.algorithms)

    @property
    def speedup(self) -> float:
        """Multiplications of the direct method over those for all primes together."""
        return self.tile.direct_multiplications / self.multiplications

    @property
    def word(self) -> int:
        """Bits that hold every residue, the sign included."""
        return self.accumulators.stages.U

    @property
    def accumulators(self) -> Accumulators:
        """Proven widths of every stage: of residues in U and V, of sums in the others."""
        return Accumulators.of(self.algorithms, self.channels)

    def verify(self) -> SystemProof:
        """Prove every algorithm modulo its prime; the product was found large enough when the system was made.

        Raises:
            AlgorithmError: names the first entries that are wrong.
        """
        return SystemProof(tuple(algorithm.verify() for algorithm in self.algorithms), self.moduli, self.largest)

    def convolve(self, d: Array, g: Array) -> Array:
        """The exact correlation of tiles of integers, summed over the channels.

        Args:
            d: (..., C, n per axis), or (n per axis) where g has no channels either.
            g: (..., C, r per axis), or (r per axis). Leading axes of d and g broadcast.

        Returns:
            y of shape (..., m per axis): int64, or Python integers where the primes multiply to 2^64 and more.

        Raises:
            DataError: elements that are no integers, or outside of the declared ranges.
            ShapeError: sizes that do not fit the tile or one another, or more channels than declared.
        """
        sizes = self.tile.inputs, self.tile.taps
        d, g = integer_tiles(d, g, (self.inputs, self.filters), sizes, self.channels)
        d, g = d.astype(np.int64), g.astype(np.int64)
        return reconstruct([_convolve_modulo(algorithm, d, g) for algorithm in self.algorithms], self.moduli)

    def __str__(self) -> str:
        names = ", ".join(map(str, self.moduli))
        return f"{self.tile} modulo {names}, {self.multiplications} multiplications, words of {self.word} bits"


def residue_system(
    tile: Tile | str, bits: int = 8, *, inputs: Span | str = "int8", filters: Span | str = "int8", channels: int = 1
) -> ResidueSystem:
    """The system with the fewest primes below 2^bits, the largest ones, on default points.

    Args:
        tile: `F(m,r)` in one or more dimensions.
        bits: of a word: the symmetric residues of a prime below 2^bits fit into a signed integer of so many bits.
        inputs: the range of d, as `int8`, `uint8` or `-8..7`.
        filters: the range of g.
        channels: how many are summed at most.

    Raises:
        NotationError: the tile or a range cannot be read.
        FormatError: words too narrow: their primes are too few, or too small for the tile; or too wide.

    >>> f145 = residue_system("F(14,5)")
    >>> print(f145)
    F(14,5) modulo 251, 241, 239, 54 multiplications, words of 8 bits
    >>> print(f145.verify())
    F(14,5) modulo 251, 241, 239: 3780 identities hold exactly; |y| ≤ 81920 < 14457349 / 2
    >>> f145.convolve(np.full(18, -128), np.full(5, -128))[:3]
    array([81920, 81920, 81920])
    """
    tile, inputs, filters = Tile.of_unit_stride(tile, "are computed in residues"), Span.of(inputs), Span.of(filters)
    bits = whole_number("bits of a word", bits, _WORDS[0], _WORDS[-1], FormatError)
    channels = whole_number("channels", channels)
    smallest = int(sympy.nextprime(max(3, max(tile.inputs) - 1) - 1))
    needed = 2 * channels * prod(tile.taps) * inputs.magnitude * filters.magnitude
    primes: list[int] = []
    prime = 2**bits
    while not primes or prod(primes) <= needed:
        if prime <= smallest:
            names = ", ".join(map(str, primes)) or "none"
            raise FormatError(
                f"{tile} needs primes of at least {smallest}; those below 2^{bits} ({names}) do not multiply to more "
                f"than {needed}, twice the largest output: take words of more than {bits} bits"
            )
        prime = int(sympy.prevprime(prime))
        primes.append(prime)
    check_tile(tile, len(primes))
    return ResidueSystem(tuple(modular(tile, prime) for prime in primes), inputs, filters, channels)


def _convolve_modulo(algorithm: BilinearAlgorithm, d: Array, g: Array) -> Array:
    """The symmetric residues of y; every sum stays within the `Accumulators`."""
    axes, prime = algorithm.axes, algorithm.modulus
    U = _transform([axis.G for axis in axes], reduce(g, prime), prime)
    V = _transform([axis.BT for axis in axes], reduce(d, prime), prime)
    M = reduce((U * V).sum(axis=-len(axes) - 1), prime)
    return _transform([axis.AT for axis in axes], M, prime)


def _transform(matrices: Sequence[sympy.ImmutableMatrix], x: Array, prime: int) -> Array:
    """Apply one matrix along each of the last axes, and reduce after each."""
    for place, matrix in enumerate(matrices, -len(matrices)):
        entries = np.array(matrix.tolist(), dtype=np.int64)
        x = reduce(np.moveaxis(np.tensordot(x, entries, axes=(place, 1)), -1, place), prime)
    return x
