"""The error of y where blocks of U are left out: predicted from what V carries, and measured.

With u the numbers of U that are left out, the mean square of the error of an output, over all outputs of a tile, is

    Σ_c u_c^T (A ∘ cov V_c) u_c + s^T A s,    A = AT^T AT over the outputs, s = Σ_c u_c ∘ E[V_c],

exact where channels do not depend on one another. That of y itself has all of U for u.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10, prod

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.arguments import instance, whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import DataError
from wincook.sparse.energy import Energy, energy_of, outputs_of, tiles_in, transform_of
from wincook.sparse.mask import Mask
from wincook.sparse.transform import transformed


@dataclass(frozen=True, slots=True)
class PruningError:
    """The RMS of the error over the RMS of y, of one share of blocks that are zero: predicted, and measured."""

    sparsity: float
    predicted: float
    measured: float

    @property
    def decibels(self) -> float | None:
        """The measured ratio of signal to noise; nothing where there is no error."""
        return -20 * log10(self.measured) if self.measured else None


def pruning_error(
    algorithm: Subject,
    mask: Mask,
    weights: Array,
    inputs: Law | str | Array = "relu",
    *,
    tiles: int = 64,
    seed: int = 0,
) -> PruningError:
    """What leaving out blocks of given filters costs, beside rounding.

    Args:
        algorithm: that of the mask.
        mask: what is kept.
        weights: (K, C, *kernel), or U (K, C, *products).
        inputs: a data law, or images (N, C, *size), padded as the layer pads.
        tiles: how many are drawn to measure.
        seed: of what is drawn.

    Raises:
        ShapeError: arrays or a mask that do not fit.
        DataError: arrays that are not finite, or the mask of another algorithm; filters that are all zero.
        WincookError: no algorithm, mask or law.

    >>> from wincook.sparse import prune
    >>> weights = np.random.default_rng(0).standard_normal((32, 16, 3, 3))
    >>> error = pruning_error("F(2x2,3x3)", prune("F(2x2,3x3)", weights, sparsity=0.5), weights)
    >>> error.sparsity, f"{error.decibels:.0f} dB"  # one-shot pruning of random filters
    (0.5, '4 dB')
    """
    algorithm, mask = correlation_of(algorithm, "have masks"), instance("mask", mask, Mask, "prune makes one")
    U = transformed(algorithm, weights)
    mask.check(algorithm, *U.shape[:2])
    whole = by_products(U)
    dropped = np.where(mask.of_each(), 0, whole)
    energy = energy_of(algorithm, inputs, U.shape[1])
    signal = mean_square(algorithm, whole, energy)
    if not signal:
        raise DataError("y of such weights and inputs is all zero; there is no error to compare it with")
    predicted = np.sqrt(mean_square(algorithm, dropped, energy) / signal)
    V = _drawn(algorithm, inputs, U.shape[1], whole_number("tiles", tiles), whole_number("seed", seed, 0, None))
    AT = outputs_of(algorithm)
    y, error = (np.einsum("op,pkt->kto", AT, part @ V, optimize=True) for part in (whole, dropped))
    return PruningError(mask.sparsity, float(predicted), float(np.sqrt(np.mean(error**2) / np.mean(y**2))))


def by_products(U: Array) -> Array:
    """U (products, K, C) in float64, of (K, C, *products)."""
    flat = U.reshape(*U.shape[:2], prod(U.shape[2:])).astype(np.float64)
    return np.ascontiguousarray(np.moveaxis(flat, -1, 0))


def mean_square(algorithm: BilinearAlgorithm, U: Array, energy: Energy) -> float:
    """The mean square of what filters U (products, K, C) give, over all outputs of a tile and all filters."""
    AT = outputs_of(algorithm)
    seen = AT.T @ AT
    by_channel = np.moveaxis(U, -1, 0)  # (C, products, K)
    spread = (seen * energy.covariance) @ by_channel
    mean = np.einsum("pkc,cp->pk", U, np.broadcast_to(energy.mean, (U.shape[2], len(U))))
    return float((np.sum(by_channel * spread) + np.sum(mean * (seen @ mean))) / (len(AT) * U.shape[1]))


def _drawn(algorithm: BilinearAlgorithm, inputs: Law | str | Array, channels: int, number: int, seed: int) -> Array:
    """V (products, C, tiles) of tiles that are drawn from a law, or from images."""
    rng, BT = np.random.default_rng(seed), transform_of(algorithm)
    if isinstance(inputs, (Law, str)):
        d = Law.of(inputs).draw_input(rng, (number, channels, *algorithm.tile.inputs))
    else:
        views = np.moveaxis(tiles_in(algorithm, inputs, channels), 1, -1 - algorithm.tile.dimension)
        places = views.shape[: -1 - algorithm.tile.dimension]
        d = views[tuple(rng.integers(0, places, (number, len(places))).T)]
    return np.moveaxis(d.reshape(number, channels, -1) @ BT.T, 0, -1).swapaxes(0, 1)
