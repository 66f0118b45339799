"""Change of basis: polynomials by other coefficients than those of the powers of x.

Filter and output are polynomials that G and A evaluate, the input one that B interpolates. If the columns of P hold the
polynomials of another basis, the coefficient of 1 first, then for a correlation, with P in the size of each matrix,

    G = (G P) P⁻¹,    BT = (BT P⁻ᵀ) Pᵀ,    AT = P⁻ᵀ (Pᵀ AT).

All are applied as the products that they are, so that rounding, and quantisation between the two steps, is that of the
new basis (Barabasz, *Quantaized Winograd/Toom-Cook Convolution for DNNs: Beyond Canonical Polynomials Base*, arXiv
2004.11077). A linear convolution is the transposition of this, a true convolution the same for the flipped filter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any

import sympy
from sympy.matrices.exceptions import NonInvertibleMatrixError

from wincook.arguments import choice, items
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import AlgorithmError, NotationError
from wincook.exact.notation import X
from wincook.tile import Tile
from wincook.transforms import LETTERS, Factors, Letter, Transforms, exact_matrix

Basis = Callable[[int], sympy.ImmutableMatrix]  # from a size to the square matrix P


def _polynomials(family: Callable[..., Any], monic: bool, size: int) -> sympy.ImmutableMatrix:  # noqa: FBT001 (partial)
    """The first polynomials of a family, one per column."""
    P = sympy.zeros(size)
    for k in range(size):
        polynomial = sympy.Poly(family(k, X), X)
        ascending = (polynomial.monic() if monic else polynomial).all_coeffs()[::-1]
        P[: k + 1, k] = sympy.Matrix(ascending)
    return sympy.ImmutableMatrix(P)


def _hadamard(size: int) -> sympy.ImmutableMatrix:
    """Sylvester's matrix of ±1."""
    if size & (size - 1):
        raise AlgorithmError(f"there is no Hadamard basis of size {size} here; its size must be a power of two")
    P = sympy.eye(1)
    for _ in range(size.bit_length() - 1):
        P = sympy.kronecker_product(sympy.Matrix([[1, 1], [1, -1]]), P)
    return sympy.ImmutableMatrix(P)


# Monic polynomials leave ones on the diagonal, which cost nothing; those of Chebyshev are then dyadic throughout.
BASES: dict[str, Basis] = {
    "legendre": partial(_polynomials, sympy.legendre_poly, True),  # noqa: FBT003 (partial)
    "chebyshev": partial(_polynomials, sympy.chebyshevt_poly, True),  # noqa: FBT003 (partial)
    "hadamard": _hadamard,
}


def change_basis(
    algorithm: Subject, basis: str | sympy.MatrixBase, matrices: Collection[Letter] = LETTERS
) -> BilinearAlgorithm:
    """The same algorithm by way of another basis, as products of matrices.

    Args:
        algorithm: any that holds over the rationals or a field above them.
        basis: "legendre" or "chebyshev", the monic polynomials; "hadamard", for sizes that are powers of two; or an
            exact matrix P. Its leading square blocks serve the smaller sizes, as they do for polynomials.
        matrices: those to change, of "AT", "G" and "BT".

    Raises:
        AlgorithmError: the basis does not have the size of a matrix, or no inverse there.
        NotationError: no such basis or matrix.

    >>> from wincook.construct import algorithm
    >>> f43 = change_basis(algorithm("F(4,3)", "0, ±1, ±2, ∞"), "legendre")
    >>> print(f43.axes[0].G_factors[1])
    Matrix([[1, 0, 1/3], [0, 1, 0], [0, 0, 1]])
    """
    algorithm = algorithm_of(algorithm)
    matrices = [
        choice("matrix", letter, LETTERS)
        for letter in items("matrices", matrices, repr(LETTERS), NotationError, ordered=False)
    ]
    if algorithm.kind == "linear convolution":
        swapped: dict[Letter, Letter] = {"AT": "BT", "G": "G", "BT": "AT"}
        letters = [swapped.get(letter, letter) for letter in matrices]
        return change_basis(algorithm.transpose(), basis, letters).transpose()
    if algorithm.kind == "true convolution":
        return change_basis(algorithm.flip(), basis, matrices).flip()
    if algorithm.modulus:
        raise AlgorithmError(
            f"{algorithm.name} holds modulo {algorithm.modulus}, where no basis is better than another"
        )
    P = _basis(basis)
    tiles = (algorithm.tile,) if algorithm.joint else algorithm.tile.axes
    axes = (_changed(axis, tile, P, matrices) for tile, axis in zip(tiles, algorithm.axes, strict=True))
    return replace(algorithm, axes=tuple(axes))


def _basis(basis: str | sympy.MatrixBase) -> Basis:
    if isinstance(basis, str):
        return BASES[choice("basis", basis, BASES)]
    P = exact_matrix("the basis", basis)
    if P.rows != P.cols or P.has(sympy.Float):
        raise AlgorithmError(f"a basis is a square matrix of exact numbers, not {P.rows}×{P.cols}: {P}"[:200])
    return partial(_leading_block, P)


def _leading_block(P: sympy.ImmutableMatrix, size: int) -> sympy.ImmutableMatrix:
    if size > P.rows:
        raise AlgorithmError(f"a basis of size {P.rows} is too small; a matrix needs one of {size}")
    return P[:size, :size]


def _changed(axis: Transforms, tile: Tile, basis: Basis, matrices: Collection[Letter]) -> Transforms:
    """One set of a correlation; on several axes at once, the basis is the product of one for each."""
    AT_factors, G_factors, BT_factors = axis.AT_factors, axis.G_factors, axis.BT_factors
    if "G" in matrices:
        P, inverse = _both(basis, tile.taps)
        G_factors = _through(G_factors or (axis.G,), P, inverse)
    if "BT" in matrices:
        P, inverse = _both(basis, tile.inputs)
        BT_factors = _through(BT_factors or (axis.BT,), inverse.T, P.T)
    if "AT" in matrices:
        P, inverse = _both(basis, tile.outputs)
        AT_factors = _transposed(_through(_transposed(AT_factors or (axis.AT,)), P, inverse))
    return replace(axis, AT_factors=AT_factors, G_factors=G_factors, BT_factors=BT_factors)


def _both(basis: Basis, sizes: tuple[int, ...]) -> tuple[sympy.ImmutableMatrix, sympy.ImmutableMatrix]:
    """P and its inverse."""
    P = sympy.kronecker_product(*(basis(size) for size in sizes))
    try:
        return P, P.inv()
    except NonInvertibleMatrixError:
        raise AlgorithmError(f"the basis has no inverse in the size {'x'.join(map(str, sizes))}: {P}"[:200]) from None


def _through(factors: Factors, there: sympy.ImmutableMatrix, back: sympy.ImmutableMatrix) -> Factors:
    """The product with there · back = 1 put to its right."""
    return (*factors[:-1], sympy.ImmutableMatrix(factors[-1] * there), sympy.ImmutableMatrix(back))


def _transposed(factors: Factors) -> Factors:
    return tuple(factor.T for factor in reversed(factors))
