"""One axis as unit-stride correlations: the cosets of a lattice.

Both equations of `axis` read α·a = β·i + δ·j + c, if the taps of a transposed layer are counted backwards: α = 1 and
β = stride for a convolution, α = stride and β = 1 for a transposed one, δ is the dilation. With L = lcm(α, β, δ), a
solution stays one when i moves by L/β or j by L/δ, and a by L/α; so all of them are

    a = a0 + (L/α)(I + J),    i = i0 + (L/β) I,    j = j0 + (L/δ) J,        i0 < L/β,  j0 < L/δ,  a0 whole,

and for each (i0, j0) the views x' = x[a0::L/α], w' = w[j0::L/δ], y' = y[i0::L/β] meet as y'[I] += w'[J] x'[I + J]: a
unit-stride correlation. With δ = 1 this is the polyphase form (Vaidyanathan, *Multirate Systems and Filter Banks*
(1993), section 4.3), with β = 1 the sub-grids of dilation (Wang and Ji, arXiv 1808.08931), with α > 1 the
sub-kernels of transposed convolution (Shi et al., arXiv 1609.07009).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import lcm

from wincook.arguments import instance
from wincook.ceiling import check_work
from wincook.errors import ShapeError
from wincook.layers.axis import Axis

_PER_COSET = 20  # operations, as `ceiling` counts them


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit-stride correlation along one axis: of which inputs `x` with which taps `w` into which outputs `y`.

    The ranges count as slices do. Inputs count from the first of the image; those outside are zeros.
    """

    x: range
    w: range
    y: range

    def taps(self, first: int, number: int) -> Piece:
        """What some of the taps in a row contribute."""
        return Piece(self.x[first : first + len(self.y) + number - 1], self.w[first : first + number], self.y)


def pieces(axis: Axis) -> tuple[Piece, ...]:
    """All that happens along an axis, every tap and output in one place.

    >>> for piece in pieces(Axis(size=9, kernel=3, stride=2)):
    ...     print(piece)
    Piece(x=range(0, 10, 2), w=range(0, 3, 2), y=range(0, 4))
    Piece(x=range(1, 9, 2), w=range(1, 3, 2), y=range(0, 4))

    Raises:
        ShapeError: no axis, or one in so many parts that they would take longer than some minute.
    """
    hint = "make it with wincook.layers.Axis(size, kernel)"
    return tuple(_cosets(instance("axis", axis, Axis, hint, ShapeError)))


def _cosets(axis: Axis) -> Iterator[Piece]:
    alpha, beta = (axis.stride, 1) if axis.transposed else (1, axis.stride)
    c = axis.before - (axis.span - 1) if axis.transposed else -axis.before
    taps = range(axis.kernel)[::-1] if axis.transposed else range(axis.kernel)
    period = lcm(axis.stride, axis.dilation)
    outputs, kernels = min(period // beta, axis.output_size), min(period // axis.dilation, axis.kernel)
    check_work(f"an axis in {outputs * kernels} parts", _PER_COSET * outputs * kernels, error=ShapeError)
    for i0, j0 in product(range(outputs), range(kernels)):  # beyond them, cosets are empty
        a0, remainder = divmod(beta * i0 + axis.dilation * j0 + c, alpha)
        w, y = taps[j0 :: period // axis.dilation], range(axis.output_size)[i0 :: period // beta]
        if w and y and not remainder:
            step = period // alpha
            yield Piece(range(a0, a0 + step * (len(w) + len(y) - 1), step), w, y)
