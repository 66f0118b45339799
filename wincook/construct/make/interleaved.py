"""Strided algorithms: each phase of the taps meets one phase of the inputs, and the sums of all phases are added.

With stride s, taps j = p + s j' and inputs l = p + s l', p < s, y[i] = Σ_j g[j] d[s i + j] is the sum over p of the
unit-stride correlations Σ_j' g[p + s j'] d[p + s (i + j')] (the polyphase form: Vaidyanathan, *Multirate Systems and
Filter Banks* (1993), section 4.3). F(m,r_p) for each, with r_p = ⌈(r - p)/s⌉ taps, side by side, is F(m,r)/s with

    AT = [AT_0 | AT_1 | …],    the rows of G_p on the taps of phase p,    the rows of BT_p on the inputs of phase p.

All of it is one algorithm, so that axes nest: F(4x4,3x3)/2 takes 9² products in place of 144. A phase of one tap takes
m plain products, whose rows of G are equal: their filters are transformed, kept and read once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sympy

from wincook.arguments import instance, items, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.errors import AlgorithmError
from wincook.tile import Tile
from wincook.transforms import Transforms


def interleave(phases: Sequence[Transforms], stride: int) -> Transforms:
    """F(m,r)/s from F(m,r_p) for each phase of the taps: the first as long as any, none shorter than by one tap.

    Args:
        phases: transforms AT (m×R_p), G (R_p×r_p), BT (R_p×(m + r_p - 1)): as many as the stride, or fewer if the
            filter has fewer taps.
        stride: s.

    Raises:
        AlgorithmError: no transforms, or such as are not the phases of a filter.
        ShapeError: a stride below 1.

    >>> f22 = Transforms(AT=[[1, 1, 0], [0, 1, -1]], G=[[1, 0], [1, 1], [0, 1]], BT=[[1, -1, 0], [0, 1, 0], [0, 1, -1]])
    >>> f21 = Transforms(AT=[[1, 0], [0, 1]], G=[[1], [1]], BT=[[1, 0], [0, 1]])
    >>> f23 = interleave([f22, f21], stride=2)
    >>> f23.BT
    Matrix([
    [1, 0, -1, 0,  0],
    [0, 0,  1, 0,  0],
    [0, 0,  1, 0, -1],
    [0, 1,  0, 0,  0],
    [0, 0,  0, 1,  0]])
    >>> print(BilinearAlgorithm(Tile.parse("F(2,3)/2"), (), (f23,)).verify())
    F(2,3)/2 with 5 multiplications: 30 identities hold exactly
    """
    stride = whole_number("stride", stride)
    listed = items("phases", phases, "one set of matrices for each phase of the taps", AlgorithmError)
    hint = "give Transforms(AT, G, BT)"
    sets = [instance(f"phases[{place}]", phase, Transforms, hint, AlgorithmError) for place, phase in enumerate(listed)]
    if not sets:
        raise AlgorithmError("there are no phases; give one set of matrices for each phase of the taps")
    m, taps = sets[0].AT.rows, sum(axis.G.cols for axis in sets)
    tile = Tile((m,), (taps,), (stride,))
    shapes = [(axis.AT.rows, axis.G.cols, axis.BT.cols) for axis in sets]
    wanted = [(m, phase.taps[0], phase.inputs[0]) for phase in tile.phases]
    if shapes != wanted:
        raise AlgorithmError(
            f"{' and '.join(str(axis.tile) for axis in sets)} are not the phases of {tile}; these are "
            f"{' and '.join(map(str, tile.phases))}"
        )
    inputs = tile.inputs[0]
    return Transforms(
        AT=sympy.Matrix.hstack(*(axis.AT for axis in sets)),
        G=sympy.Matrix.vstack(*(_spread(axis.G, phase, stride, taps) for phase, axis in enumerate(sets))),
        BT=sympy.Matrix.vstack(*(_spread(axis.BT, phase, stride, inputs) for phase, axis in enumerate(sets))),
    )


def strided(tile: Tile, of_phases: Callable[[Tile], BilinearAlgorithm]) -> BilinearAlgorithm:
    """The algorithm of a tile with strides, each phase of an axis by the algorithm of its unit-stride tile.

    A phase is asked for with as many axes as the tile has, as points that are good along one axis need not be the best
    along two. Phases of one tap take plain products, and nothing is asked.
    """
    return BilinearAlgorithm(tile, (), tuple(_axis(axis, tile.dimension, of_phases) for axis in tile.axes))


def _axis(axis: Tile, dimension: int, of_phases: Callable[[Tile], BilinearAlgorithm]) -> Transforms:
    def of_phase(phase: Tile) -> Transforms:
        if phase.taps == (1,) and axis.strided:
            return _plain_products(*phase.outputs)
        return of_phases(Tile(phase.outputs * dimension, phase.taps * dimension)).axes[0]

    return interleave([of_phase(phase) for phase in axis.phases], axis.strides[0])


def _plain_products(outputs: int) -> Transforms:
    """F(m,1): each output is one tap times its input."""
    identity = sympy.ImmutableMatrix.eye(outputs)
    return Transforms(AT=identity, G=sympy.ImmutableMatrix.ones(outputs, 1), BT=identity)


def _spread(matrix: sympy.ImmutableMatrix, first: int, step: int, width: int) -> sympy.ImmutableMatrix:
    """The same rows with their entries so far apart, and zeros elsewhere."""
    places = range(first, width, step)
    return sympy.ImmutableMatrix(
        matrix.rows, width, lambda i, j: matrix[i, places.index(j)] if j in places else sympy.Integer(0)
    )
