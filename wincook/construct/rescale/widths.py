"""How large whole numbers get at each stage of an integer form, exactly, and hence how wide its words must be.

Every d and g is any signed integer of so many bits, in two's complement: -128..127 for 8. A sum Σ a_j g_j reaches as
far as the ends of the data under the signs of a. Σ_jl T_jl g_j d_l is linear in each number, so that it is largest
where all stand at an end; of the ends of g all are tried, and those of d follow. In more dimensions one axis after the
other is transformed: the axes still to come multiply by one row of G and one of BT, and those done add up equal terms,
of other data each, so that nothing is lost by taking the axes one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import prod

import numpy as np
import sympy

from wincook.arguments import flag, instance, items, whole_number
from wincook.arrays import Array
from wincook.errors import AlgorithmError, FormatError, ShapeError
from wincook.stages import PerStage
from wincook.transforms import Transforms

Ends = tuple[int, int]  # the least and the largest value

_MOST_BITS = 1024
_WORDS = (8, 16, 32, 64)
_MOST_TAPS = 12  # of one set: above, the sum over all terms bounds their sum
_SAFE = 2.0**62  # int64 holds what float64 finds to be below this


@dataclass(frozen=True, slots=True)
class Reached:
    """The integers from `least` to `most`, of which some data reach either."""

    least: int
    most: int

    @property
    def largest(self) -> int:
        """In magnitude."""
        return max(-self.least, self.most)

    @property
    def bits(self) -> int:
        """Of the narrowest signed integers that hold all."""
        return 1 + max(end if end >= 0 else ~end for end in (self.least, self.most)).bit_length()


@dataclass(frozen=True, slots=True)
class Widths:
    """How wide the words of each stage must be, for d and g of any signed integers of so many bits.

    `filter`, `input` and `output` of the `stages` are for all that the transforms hold, U and V for what two of them
    give, and `y` for what the third one gives, the divisor times y. With `wrap` sums on the way may wrap around, as
    integers of fixed width do, and a transform needs no more than what it gives.

    >>> from wincook.construct import algorithm
    >>> from wincook.construct.rescale.integers import integers
    >>> print(integers(algorithm("F(2x2,3x3)")).widths(channels=64))
    filter 12, U 12, input 10, V 10, product 21, accumulate 27, output 27
    """

    filter_bits: int
    input_bits: int
    channels: int
    wrap: bool
    stages: PerStage[Reached]
    y: Reached

    @property
    def bits(self) -> PerStage[int]:
        """Of the signed integers that hold every value of a stage."""
        return self.stages.map(lambda reached: reached.bits)

    @property
    def words(self) -> PerStage[int]:
        """Bits of the narrowest integer type, of 8, 16, 32 and 64, that holds every value of a stage.

        Raises:
            FormatError: none holds those of some stage.
        """
        for stage, bits in self.bits.items():
            if bits > _WORDS[-1]:
                raise FormatError(
                    f"{stage} takes {bits} bits, and integers have {_WORDS[-1]} at most; take fewer bits or channels"
                )
        return self.bits.map(lambda bits: next(word for word in _WORDS if bits <= word))

    def __str__(self) -> str:
        return str(self.bits)


def widths_of(
    axes: Sequence[Transforms], terms: Sequence[int], filter_bits: int, input_bits: int, channels: int, *, wrap: bool
) -> Widths:
    """The widths of all stages of matrices of integers, one set for each axis.

    Args:
        axes: the sets.
        terms: for each set, the divisor times how many products of data an output adds up.
        filter_bits: of g, the sign included.
        input_bits: of d.
        channels: C, over which products are summed.
        wrap: whether sums may wrap around on the way.

    Raises:
        AlgorithmError: matrices that do not hold integers.
        ShapeError: fewer than one bit or channel, or more than 1024 bits; not as many terms as sets.
        NotationError: a `wrap` that is neither true nor false.
    """
    hint = "give Transforms(AT, G, BT)"
    axes = [
        instance("axes", axis, Transforms, hint, AlgorithmError) for axis in items("axes", axes, "one set per axis")
    ]
    terms = [whole_number("terms", number, most=None) for number in items("terms", terms, "one number per set")]
    if not axes or len(terms) != len(axes):
        raise ShapeError(f"there are {len(axes)} sets and {len(terms)} numbers of terms; give one for each set")
    filter_bits = whole_number("filter_bits", filter_bits, most=_MOST_BITS)
    input_bits = whole_number("input_bits", input_bits, most=_MOST_BITS)
    channels, wrap = whole_number("channels", channels), flag("wrap", wrap)
    g, d = _signed(filter_bits), _signed(input_bits)
    G, BT = ([_integers(getattr(axis, letter)) for axis in axes] for letter in ("G", "BT"))
    U, V = ([_row(signs, ends) for signs in _rows(matrices)] for matrices, ends in ((G, g), (BT, d)))
    product_ends = _around(_times(u, v) for u, v in zip(U, V, strict=True))
    y = _scaled(_times(g, d), channels * prod(terms))
    held_by_filter, held_by_input, held_by_output = U, V, [y]
    if not wrap:
        held_by_filter, held_by_input = ([*_passes(matrices, ends)] for matrices, ends in ((G, g), (BT, d)))
        held_by_output = [_scaled(ends, channels) for ends in _outputs(axes, G, BT, terms, (g, d))]
    product_alone = [product_ends]
    accumulated = [_scaled(product_ends, channels)]
    stages = PerStage(held_by_filter, U, held_by_input, V, product_alone, accumulated, held_by_output)
    return Widths(
        filter_bits, input_bits, channels, wrap, stages.map(lambda ends: Reached(*_around(ends))), Reached(*y)
    )


def _passes(matrices: Sequence[Array], data: Ends) -> Iterator[Ends]:
    """What a transform holds: the data, and after each axis the rows of those done; sums on the way reach less far."""
    yield data
    for done in range(1, len(matrices) + 1):
        yield from (_row(signs, data) for signs in _rows(matrices[:done]))


def _outputs(
    axes: Sequence[Transforms], G: Sequence[Array], BT: Sequence[Array], terms: Sequence[int], data: tuple[Ends, Ends]
) -> Iterator[Ends]:
    """What the output transform holds, for one channel: M, and every product and sum along each axis."""
    for place, axis in enumerate(axes):
        later = zip(_rows(G[place + 1 :]), _rows(BT[place + 1 :]), strict=True)
        boxes = {(_row(u, data[0]), _row(v, data[1])) for u, v in later}
        T = np.einsum("fk,kj,kl->fjl", _on_the_way(_integers(axis.AT)), G[place], BT[place])
        for box in boxes:
            yield _scaled(_bilinear(T, *box), prod(terms[:place]))


def _on_the_way(matrix: Array) -> Array:
    """The inputs of a matrix, each product with an entry, and the sums in the order of the columns; each once."""
    single = np.eye(matrix.shape[1], dtype=int).astype(object)
    products = matrix[:, :, None] * single
    forms = np.concatenate([single, *products, *np.cumsum(products, axis=1)])
    return np.array(list(dict.fromkeys(map(tuple, forms.tolist()))), dtype=object)


def _bilinear(T: Array, g: Ends, d: Ends) -> Ends:
    """The least and the largest Σ T_jl g_j d_l over all forms T[f]."""
    low, high = _times(g, d)
    signs = zip(np.minimum(T, 0).sum(axis=(1, 2)), np.maximum(T, 0).sum(axis=(1, 2)), strict=True)
    bounds = [_row((int(minus), int(plus)), (low, high)) for minus, plus in signs]
    if T.shape[1] > _MOST_TAPS:
        return _around(bounds)
    reached = 0, 0
    for (least, most), form in sorted(zip(bounds, T, strict=True), key=lambda pair: pair[0][0] - pair[0][1]):
        if least < reached[0] or most > reached[1]:
            reached = _around([reached, _at_the_ends(form, g, d)])
    return reached


def _at_the_ends(form: Array, g: Ends, d: Ends) -> Ends:
    """The least and the largest value of one form, all ends of g tried."""
    reach = max(map(abs, g)) * max(map(abs, d))
    form = form.astype(np.int64) if np.abs(form).astype(float).sum() * reach < _SAFE else form
    sums = np.zeros((1, form.shape[1]), form.dtype)
    for row in form:
        sums = np.concatenate([sums + end * row for end in g])
    least, most = (np.where(sums > 0, sums * low, sums * high).sum(axis=1) for low, high in (d, d[::-1]))
    return int(least.min()), int(most.max())


def _rows(matrices: Sequence[Array]) -> list[Ends]:
    """For each row of the Kronecker product, the sums of its negative and of its positive entries."""
    signs = [[(int(row[row < 0].sum()), int(row[row > 0].sum())) for row in matrix] for matrix in matrices]
    return [reduce(_kronecker, rows, (0, 1)) for rows in product(*signs)]


def _kronecker(a: Ends, b: Ends) -> Ends:
    return a[0] * b[1] + a[1] * b[0], a[0] * b[0] + a[1] * b[1]


def _row(signs: Ends, data: Ends) -> Ends:
    """The least and the largest value of one row."""
    (minus, plus), (low, high) = signs, data
    return minus * high + plus * low, minus * low + plus * high


def _signed(bits: int) -> Ends:
    return -(1 << (bits - 1)), (1 << (bits - 1)) - 1


def _times(a: Ends, b: Ends) -> Ends:
    ends = [x * y for x, y in product(a, b)]
    return min(ends), max(ends)


def _scaled(ends: Ends, positive: int) -> Ends:
    return positive * ends[0], positive * ends[1]


def _around(several: Iterator[Ends] | Sequence[Ends]) -> Ends:
    """From the least to the largest of several."""
    lows, highs = zip(*several, strict=True)
    return min(lows), max(highs)


def _integers(matrix: sympy.ImmutableMatrix) -> Array:
    strange = next((entry for entry in matrix if not entry.is_Integer), None)
    if strange is not None:
        raise AlgorithmError(f"{strange} is no integer; take the integer form of the algorithm")
    return np.array([[int(entry) for entry in row] for row in matrix.tolist()], dtype=object)
