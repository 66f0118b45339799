"""Gauge freedom: the same algorithm with its factors moved between AT, G and BT.

For any s_k, t_k ≠ 0, AT diag(1/(s_k t_k)), diag(s_k) G and diag(t_k) BT compute the same convolution, with the same
products. Which is best depends on the arithmetic. Here the choices have names; the modules `scale`, `denominators` and
`integers` make them, and `basis` goes beyond scalings.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from wincook.arguments import choice
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.rescale.basis import BASES, change_basis
from wincook.construct.rescale.denominators import denominators_in
from wincook.construct.rescale.integers import IntegerForm, integers
from wincook.construct.rescale.scale import balance, equilibrate, rescale
from wincook.construct.subject import Subject, algorithm_of

__all__ = [
    "BASES",
    "GAUGES",
    "IntegerForm",
    "balance",
    "change_basis",
    "denominators_in",
    "equilibrate",
    "gauge",
    "integers",
    "rescale",
]

GAUGES: dict[str, Callable[[BilinearAlgorithm], BilinearAlgorithm]] = {
    "balance": balance,
    "equilibrate": equilibrate,
    "integer": lambda algorithm: integers(algorithm).algorithm,
    "filter": partial(denominators_in, matrix="G"),
    "input": partial(denominators_in, matrix="BT"),
    "output": partial(denominators_in, matrix="AT"),
}


def gauge(algorithm: Subject, name: str) -> BilinearAlgorithm:
    """The same algorithm in a gauge that has a name.

    Args:
        algorithm: any that the gauge can change.
        name: `balance` (rows of G and BT near norm 1 by powers of two), `equilibrate` (rows with magnitudes that sum to
            1), `integer` (integers, and one division at the end), or where the fractions are to be: `filter` (in G),
            `input` (in BT) or `output` (in AT).

    Raises:
        NotationError: the name is unknown; the message lists the known ones.
        AlgorithmError: the algorithm has not the numbers that the gauge needs.
    """
    return GAUGES[choice("gauge", name, GAUGES)](algorithm_of(algorithm))
