"""Where the fractions live: all in one of the three matrices, the other two integer and primitive.

Row k of a rational matrix is content · primitive, with an integer row whose gcd is 1. A scaling (see `scale`) moves the
contents of two matrices into the third; only signs are then left to choose. Fractions in G cost nothing at run time,
where filters are transformed beforehand; in AT they are applied last and once (Lavin and Gray, arXiv 1509.09308,
section 4, has them in G).
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import sympy

from wincook.arguments import choice
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.rescale.scale import rescale
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import AlgorithmError
from wincook.transforms import LETTERS, Letter, Transforms


def denominators_in(algorithm: Subject, matrix: Letter) -> BilinearAlgorithm:
    """The same algorithm with all fractions, and all common factors, in one of its matrices.

    The other two hold integers, of gcd 1 in every row of G and BT and in every column of AT.

    Args:
        algorithm: one of rational numbers.
        matrix: "AT", "G" or "BT".

    Raises:
        AlgorithmError: an entry is not rational, or stands for a residue.
        NotationError: there is no such matrix.

    >>> from wincook.construct import algorithm
    >>> f43 = denominators_in(algorithm("F(4,3)", "0, ±5/8, ±3/2, ∞"), "G").axes[0]
    >>> print(f43.BT.row(1), f43.AT.col(1).T)
    Matrix([[0, -45, -72, 20, 32, 0]]) Matrix([[512, 320, 200, 125]])
    """
    algorithm, matrix = algorithm_of(algorithm), choice("matrix", matrix, LETTERS)
    axes = tuple(_moved(axis, _contents(axis, algorithm), matrix) for axis in algorithm.axes)
    return replace(algorithm, axes=axes)


def _contents(axis: Transforms, algorithm: BilinearAlgorithm) -> dict[Letter, list[sympy.Rational]]:
    """The contents of the columns of AT and of the rows of G and BT; 1 for zeros alone.

    Raises:
        AlgorithmError: an entry is not rational, or stands for a residue.
    """
    if algorithm.modulus:
        raise AlgorithmError(f"{algorithm.name} holds modulo {algorithm.modulus}, where there are no fractions")
    rows = {"AT": axis.AT.T, "G": axis.G, "BT": axis.BT}
    for letter in LETTERS:
        for entry in rows[letter]:
            if not entry.is_Rational:
                raise AlgorithmError(
                    f"{letter} of {algorithm.name} holds {entry}, not rational; only rational matrices have fractions"
                )
    return {letter: [_content(rows[letter].row(k)) for k in range(axis.multiplications)] for letter in LETTERS}


def _content(row: sympy.ImmutableMatrix) -> sympy.Rational:
    return abs(reduce(sympy.gcd, row)) or sympy.Integer(1)


def _moved(axis: Transforms, content: dict[Letter, list[sympy.Rational]], into: Letter) -> Transforms:
    """Scale two of the matrices to primitive ones."""
    AT, G, BT = (content[letter] for letter in LETTERS)
    # Row k of G is multiplied by s, of BT by t, and column k of AT divided by s t.
    s = [a * b if into == "G" else 1 / g for a, g, b in zip(AT, G, BT, strict=True)]
    t = [a * g if into == "BT" else 1 / b for a, g, b in zip(AT, G, BT, strict=True)]
    return rescale(axis, s, t)
