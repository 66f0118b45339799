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

from wincook.arguments import flag, whole_number
from wincook.arrays import Array
from wincook.transforms import Transforms

Ends = tuple[int, int]  # the least and the largest value

_MOST_BITS = 1024
_MOST_TAPS = 12  # of one set: above, the sum over all terms bounds their sum
_SAFE = 2.0**62  # int64 holds what float64 finds to be below this


@dataclass(frozen=True, slots=True)
class WholeRange:
    """The values that one stage takes, from `least` to `most`: some data reach either."""

    stage: str
    least: int
    most: int

    @property
    def largest(self) -> int:
        """In magnitude."""
        return max(-self.least, self.most)

    @property
    def bits(self) -> int:
        """Of the narrowest signed integers that hold all values."""
        return 1 + max(end if end >= 0 else ~end for end in (self.least, self.most)).bit_length()


@dataclass(frozen=True, slots=True)
class WholeRanges:
    """All stages in the order of computation; `wrap` says that values on the way to a sum may exceed its word.

    `G g`, `BT d` and `AT M` are for all that a transform holds, `U`, `V` and `y` for what it gives: y times the
    divisor. Where sums may wrap around, as integers of fixed width do, only what a transform gives has to fit.
    """

    channels: int
    wrap: bool
    stages: tuple[WholeRange, ...]

    def __getitem__(self, stage: str) -> WholeRange:
        """The range of one stage, by its name."""
        return next(entry for entry in self.stages if entry.stage == stage)


def whole_ranges(
    axes: Sequence[Transforms], terms: Sequence[int], filters: int, inputs: int, channels: int, *, wrap: bool
) -> WholeRanges:
    """The ranges of all stages of matrices of integers, one set for each axis.

    Args:
        axes: the sets.
        terms: for each set, the divisor times how many products of data an output adds up.
        filters: bits of g, the sign included.
        inputs: bits of d.
        channels: C, over which products are summed.
        wrap: whether sums may wrap around on the way.

    Raises:
        ShapeError: fewer than one bit or channel, or more than 1024 bits.
    """
    filters, inputs = (
        whole_number(name, bits, most=_MOST_BITS) for name, bits in (("filters", filters), ("inputs", inputs))
    )
    channels, wrap = whole_number("channels", channels), flag("wrap", wrap)
    g, d = _signed(filters), _signed(inputs)
    G, BT = ([_integers(getattr(axis, letter)) for axis in axes] for letter in ("G", "BT"))
    U, V = ([_row(signs, ends) for signs in _rows(matrices)] for matrices, ends in ((G, g), (BT, d)))
    UV = _around(_times(u, v) for u, v in zip(U, V, strict=True))
    y = _scaled(_times(g, d), channels * prod(terms))
    G_g, BT_d, AT_M = U, V, [y]
    if not wrap:
        G_g, BT_d = ([*_passes(matrices, ends)] for matrices, ends in ((G, g), (BT, d)))
        AT_M = [_scaled(ends, channels) for ends in _outputs(axes, G, BT, terms, (g, d))]
    stages = {
        "G g": G_g,
        "U": U,
        "BT d": BT_d,
        "V": V,
        "U V": [UV],
        "M": [_scaled(UV, channels)],
        "AT M": AT_M,
        "y": [y],
    }
    return WholeRanges(channels, wrap, tuple(WholeRange(name, *_around(ends)) for name, ends in stages.items()))


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
    found = 0, 0
    for (least, most), form in sorted(zip(bounds, T, strict=True), key=lambda pair: pair[0][0] - pair[0][1]):
        if least < found[0] or most > found[1]:
            found = _around([found, _at_the_ends(form, g, d)])
    return found


def _at_the_ends(form: Array, g: Ends, d: Ends) -> Ends:
    """The least and the largest value of one form, all ends of g tried."""
    reach = max(map(abs, g)) * max(map(abs, d))
    whole = form.astype(np.int64) if np.abs(form).astype(float).sum() * reach < _SAFE else form
    sums = np.zeros((1, form.shape[1]), whole.dtype)
    for row in whole:
        sums = np.concatenate([sums + end * row for end in g])
    least, most = (np.where(sums > 0, sums * low, sums * high).sum(axis=1) for low, high in (d, d[::-1]))
    return int(least.min()), int(most.max())


def _rows(matrices: Sequence[Array]) -> list[Ends]:
    """For each row of the Kronecker product, the sums of its negative and of its positive entries."""
    signs = [[(int(row[row < 0].sum()), int(row[row > 0].sum())) for row in matrix] for matrix in matrices]
    return [reduce(_kronecker, rows, (0, 1)) for rows in product(*signs)]


def _kronecker(one: Ends, other: Ends) -> Ends:
    return one[0] * other[1] + one[1] * other[0], one[0] * other[0] + one[1] * other[1]


def _row(signs: Ends, data: Ends) -> Ends:
    """The least and the largest value of one row."""
    (minus, plus), (low, high) = signs, data
    return minus * high + plus * low, minus * low + plus * high


def _signed(bits: int) -> Ends:
    return -(1 << (bits - 1)), (1 << (bits - 1)) - 1


def _times(one: Ends, other: Ends) -> Ends:
    ends = [a * b for a, b in product(one, other)]
    return min(ends), max(ends)


def _scaled(ends: Ends, positive: int) -> Ends:
    return positive * ends[0], positive * ends[1]


def _around(several: Iterator[Ends] | Sequence[Ends]) -> Ends:
    """From the least to the largest of several."""
    lows, highs = zip(*several, strict=True)
    return min(lows), max(highs)


def _integers(matrix: sympy.ImmutableMatrix) -> Array:
    return np.array([[int(entry) for entry in row] for row in matrix.tolist()], dtype=object)
