"""All condition numbers of an algorithm: as it stands, with balanced rows, and of its Vandermonde matrices.

A condition number changes when rows of G and BT are scaled and columns of AT make up for it; the products, and errors
in floating point, hardly do (`construct.rescale`). So there are three of each: of the matrices as they stand;
with rows scaled by powers of two to a 2-norm near 1; and with rows of 1-norm 1, for which κ∞ of a square BT is least.
"""

from __future__ import annotations

from dataclasses import dataclass

from wincook.analysis.conditioning.condition import Condition, Conditions, condition, conditions, product
from wincook.analysis.conditioning.vandermonde import vandermonde
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.rescale.named import balance, equilibrate
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import PointsError
from wincook.shown import Shown, brief

_DENOMINATOR = 10**6  # rational 1-norms become 1 exactly, irrational ones to six digits


@dataclass(frozen=True, slots=True)
class GaugedConditions(Shown):
    """Condition numbers in three gauges, and of the Vandermonde matrices over all axes, with ∞ and without.

    Where there are no Vandermonde matrices, `without_vandermonde` says why.
    """

    algorithm: BilinearAlgorithm
    raw: Conditions
    balanced: Conditions
    equal: Conditions
    vandermonde: Condition | None
    vandermonde_finite: Condition | None
    without_vandermonde: str

    __repr__ = brief

    def __str__(self) -> str:
        kappas = ", ".join(f"{letter} {getattr(self.raw, letter).kappa_2:.3g}" for letter in ("AT", "G", "BT"))
        return f"{self.algorithm.name}: κ₂ of {kappas}"


def gauged_conditions(algorithm: Subject) -> GaugedConditions:
    """Every condition number of an algorithm.

    >>> from wincook.construct import algorithm
    >>> f83 = gauged_conditions(algorithm("F(8,3)", "0, ±1, ±2, ±3, ±4, ∞"))
    >>> round(f83.vandermonde_finite.kappa_2)
    196900
    >>> f"{f83.raw.product.kappa_2:.1e}", f"{f83.equal.product.kappa_2:.1e}"
    ('1.8e+11', '5.1e+07')

    Raises:
        AlgorithmError: matrices of residues or symbols, or not of full rank.
        NotationError: no algorithm.
    """
    algorithm = algorithm_of(algorithm)
    raw = conditions(algorithm)
    balanced = conditions(balance(algorithm))
    equal = conditions(equilibrate(algorithm, 1, _DENOMINATOR))
    try:
        with_infinity, finite = _vandermonde(algorithm)
    except PointsError as error:
        return GaugedConditions(algorithm, raw, balanced, equal, None, None, str(error))
    return GaugedConditions(algorithm, raw, balanced, equal, with_infinity, finite, "")


def _vandermonde(algorithm: BilinearAlgorithm) -> tuple[Condition, Condition]:
    if not algorithm.points:
        raise PointsError("no Vandermonde matrix: the matrices were not made from points")
    with_infinity = product(condition(vandermonde(points)) for points in algorithm.points)
    finite = product(condition(vandermonde(points, infinity=False)) for points in algorithm.points)
    return with_infinity, finite
