"""Rounding of U with feedback: what one product of a filter and channel errs is made up for in those that follow.

Errors dU_p of the products of a filter and channel make an error Σ_p A_op dU_p V_p of output o, so that together, with
the mean of V taken off,

    Σ_o E[(…)²] = dU' H dU        H_pq = (Σ_o A_op A_oq) ρ_pq σ_p σ_q

where σ_p is the standard deviation of V and ρ how V of two products vary together. Filters have fewer numbers than
products, so that H is far from diagonal: with H = LDL', L unit lower triangular from the last product to the first, the
sum is Σ_p D_p (σ_p dU_p + Σ_q L_pq σ_q dU_q)², q before p. Each product in turn is rounded so that the bracket is small
(Frantar, Ashkboos, Hoefler and Alistarh, *GPTQ*, ICLR 2023; the rule is Babai's nearest plane). Products that weigh
most come first. ρ is one for all channels, with GPTQ's 1 % on the diagonal, as few images show it badly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wincook.arrays import Array
from wincook.program.ir import Program
from wincook.program.linear_forms import matrix_of
from wincook.quantisation.statistics import Statistics, rounded

_DAMPING = 0.01  # of the diagonal


@dataclass(frozen=True, slots=True, eq=False)
class Feedback:
    """The order (P,) of products, and what errors of those before are multiplied by: (P, P) of places, in float32.

    `left` (P,), by product, is D over H: the share of the noise of each product that is left.
    """

    order: Array
    weights: Array
    left: Array

    @classmethod
    def of(cls, outputs: tuple[Program, ...], statistics: Statistics) -> Feedback:
        """Of the output transform, and of statistics of V."""
        H = crossed_gains(outputs) * statistics.correlations
        gains = np.diag(H)
        order = np.argsort(-gains, kind="stable")
        H = (H + _DAMPING * np.diag(gains))[np.ix_(order, order)]
        last_first = np.linalg.cholesky(H[::-1, ::-1])[::-1, ::-1].T  # H = last_first' last_first, and it is lower
        pivots = np.diag(last_first)
        left = np.empty(len(order))
        left[order] = np.square(pivots) / gains[order] / (1 + _DAMPING)
        weights = rounded(np.tril(last_first / pivots[:, None], -1)).astype(np.float32)
        return cls(order, weights, left)


def crossed_gains(outputs: tuple[Program, ...]) -> Array:
    """The mean over the outputs of A_op A_oq, for any two products: (P, P)."""
    crossed = np.ones((1, 1))
    for program in outputs:
        A = np.array(matrix_of(program), dtype=float)
        crossed = np.kron(crossed, A.T @ A / len(A))
    return crossed
