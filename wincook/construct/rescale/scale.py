"""Scalings: rows of G and BT times s_k and t_k, columns of AT divided by both.

AT diag(1/(s_k t_k)), diag(s_k) G and diag(t_k) BT compute the same convolution for any s_k, t_k ≠ 0. Rows of equal norm
are the best, or nearly, that scaling can do for a square BT: with equal 1-norms its κ∞ is the least of all, with equal
2-norms its κ₂ is at most √n times the least (Bauer 1963; van der Sluis 1969; Higham, *Accuracy and Stability of
Numerical Algorithms*, 2nd ed., theorem 7.5). Powers of two scale without rounding (section 2.1 there).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import sympy

from wincook.arguments import choice, instance, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import AlgorithmError, NotationError
from wincook.transforms import Factors, Transforms, exact_matrix

Norm = Literal[1, 2, "inf"]

_SQUARES: dict[Norm, Callable[[sympy.ImmutableMatrix], sympy.Expr]] = {
    1: lambda row: sum(abs(entry) for entry in row) ** 2,
    2: lambda row: sum(abs(entry) ** 2 for entry in row),
    "inf": lambda row: sympy.Max(*(abs(entry) for entry in row)) ** 2,
}
_DIGITS = 40  # of an irrational norm, before it becomes a fraction


def rescale(axis: Transforms, filter_scales: Sequence[sympy.Expr], input_scales: Sequence[sympy.Expr]) -> Transforms:
    """Multiply row k of G by filter_scales[k] and row k of BT by input_scales[k]; column k of AT makes up for both.

    Where a matrix is a product, its outermost factor on the side of the products is scaled.

    Raises:
        AlgorithmError: no matrices; a scale is zero or not exact, or there is not one for every product.
        NotationError: a scale in text that is no number.
    """
    axis = instance("axis", axis, Transforms, "give Transforms(AT, G, BT)", AlgorithmError)
    s, t = (
        list(exact_matrix(name, [scales]))
        for name, scales in (("filter_scales", filter_scales), ("input_scales", input_scales))
    )
    rank = axis.multiplications
    if not len(s) == len(t) == rank:
        raise AlgorithmError(f"give {rank} scales for G and for BT, not {len(s)} and {len(t)}")
    for scale in (*s, *t):
        if scale.equals(0) or scale.is_finite is False or scale.has(sympy.Float, sympy.nan):
            raise AlgorithmError(f"scale {scale} is no exact number other than zero; give {rank} such as 1/2")
    S, T = sympy.diag(*s), sympy.diag(*t)
    U = sympy.diag(*(1 / (a * b) for a, b in zip(s, t, strict=True)))
    return Transforms(
        AT=_exact(axis.AT * U),
        G=_exact(S * axis.G),
        BT=_exact(T * axis.BT),
        AT_factors=_last_times(axis.AT_factors, U),
        G_factors=_times_first(S, axis.G_factors),
        BT_factors=_times_first(T, axis.BT_factors),
    )


def balance(algorithm: Subject, norm: Norm = 2) -> BilinearAlgorithm:
    """Scale every row of G and BT by a power of two, to a norm between 1/√2 and √2.

    Transformed inputs and filters then have the size of the data themselves, so that narrow formats neither overflow
    nor underflow; AT, which is applied last, carries the sizes. Constants change by powers of two alone, which round
    nothing; but where one was ±1, a program may need a multiplication more.

    >>> from wincook.construct import algorithm
    >>> balanced = balance(algorithm("F(4,3)", "0, ±1, ±2, ∞")).axes[0]
    >>> print(balanced.BT.row(0), balanced.G.row(0))
    Matrix([[1/2, 0, -5/8, 0, 1/8, 0]]) Matrix([[1, 0, 0]])

    Raises:
        AlgorithmError: an entry is no number, or stands for a residue.
        NotationError: an unknown norm.
    """
    return _scaled(algorithm, norm, _power_of_two)


def equilibrate(algorithm: Subject, norm: Norm = 1, denominator: int = 64) -> BilinearAlgorithm:
    """Scale every row of G and BT to norm 1.

    In the 1-norm no transformed value can be larger than the data, and every one can be as large; in the 2-norm,
    independent data of mean 0 keep their RMS; in the norm "inf" the largest constant of each row is 1. If one
    quantisation step serves all of U, or of V, and the norm tells their range, no scaling leaves a smaller error: the
    largest row sets the step, and a smaller row only loses digits.

    Args:
        algorithm: any that holds over the rational or real numbers.
        norm: 1, 2 or "inf", of the rows.
        denominator: the largest of the fractions that stand for irrational norms, or for their inverses if those are
            below 1; such norms are then 1 up to a relative error of 1/denominator. Rational norms become exactly 1.

    Raises:
        AlgorithmError: an entry is no number, or stands for a residue.
        NotationError: an unknown norm, or a denominator below 1.

    >>> from wincook.construct import algorithm
    >>> print(equilibrate(algorithm("F(4,3)", "0, ±1, ±2, ∞")).axes[0].BT.row(0))
    Matrix([[2/5, 0, -1/2, 0, 1/10, 0]])
    """
    denominator = whole_number("denominator", denominator, error=NotationError)
    return _scaled(algorithm, norm, lambda square: _fraction(sympy.sqrt(square), denominator))


def _scaled(subject: Subject, norm: Norm, size: Callable[[sympy.Expr], sympy.Rational]) -> BilinearAlgorithm:
    """Divide every row by a size that its squared norm gives."""
    algorithm, norm = algorithm_of(subject), choice("norm", norm, _SQUARES)
    if algorithm.modulus:
        raise AlgorithmError(f"{algorithm.name} holds modulo {algorithm.modulus}, where numbers have no size to scale")

    def scales(matrix: sympy.ImmutableMatrix) -> list[sympy.Expr]:
        for entry in matrix:
            if not entry.is_number:
                raise AlgorithmError(f"{entry} in {algorithm.name} is no number, and so has no size to scale")
        squares = (sympy.expand(_SQUARES[norm](matrix.row(k))) for k in range(matrix.rows))
        return [1 / size(square) if square else sympy.Integer(1) for square in squares]

    axes = tuple(rescale(axis, scales(axis.G), scales(axis.BT)) for axis in algorithm.axes)
    return replace(algorithm, axes=axes)


def _power_of_two(square: sympy.Expr) -> sympy.Rational:
    """The power of two nearest, in ratio, to the root of a square: 2^e with 4^e <= 2 · square < 4^(e + 1)."""
    four, double = sympy.Integer(4), 2 * square
    exponent = int(sympy.floor(sympy.log(double.evalf(), 4)))
    # The logarithm is rounded; sympy compares real algebraic numbers exactly.
    while double >= four ** (exponent + 1):
        exponent += 1
    while double < four**exponent:
        exponent -= 1
    return sympy.Integer(2) ** exponent


def _fraction(norm: sympy.Expr, denominator: int) -> sympy.Rational:
    """The norm itself if it is rational; else a fraction near it, or one over a fraction near its inverse."""
    if norm.is_Rational:
        return norm
    if norm < 1:
        return 1 / _fraction(1 / norm, denominator)
    return sympy.Rational(norm.evalf(_DIGITS)).limit_denominator(denominator)


def _times_first(scale: sympy.Matrix, factors: Factors) -> Factors:
    return (_exact(scale * factors[0]), *factors[1:]) if factors else ()


def _last_times(factors: Factors, scale: sympy.Matrix) -> Factors:
    return (*factors[:-1], _exact(factors[-1] * scale)) if factors else ()


def _exact(matrix: sympy.Matrix) -> sympy.ImmutableMatrix:
    return sympy.ImmutableMatrix(matrix)
