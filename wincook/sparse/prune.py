"""Which blocks of U to keep: those whose loss would be seen most in y.

The weight of a number of U is what y would lose without it, if it were alone: |U| times the rms of V at its product and
channel, times the norm of the column of AT through which y sees the product. Blocks are compared by the squares of
their numbers' weights, summed, over all products together: products that carry little lose more blocks.
"""

from __future__ import annotations

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.arguments import real_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import DataError, NotationError
from wincook.sparse.energy import Energy, energy_of, outputs_of
from wincook.sparse.error import by_products, mean_square
from wincook.sparse.mask import BLOCK, Mask, block_of
from wincook.sparse.transform import transformed


def prune(
    algorithm: Subject,
    weights: Array,
    *,
    sparsity: float | None = None,
    max_error: float | None = None,
    inputs: Law | str | Array = "relu",
    block: tuple[int, int] = BLOCK,
) -> Mask:
    """The blocks of U to keep, so that a share of them is zero, or y errs by no more than a limit.

    Args:
        algorithm: a nested one, or its tile, without strides.
        weights: (K, C, *kernel), or U (K, C, *products).
        sparsity: the share of blocks that are to be zero, from 0 to 1.
        max_error: in its place, the predicted RMS of the error over the RMS of y that is allowed.
        inputs: what V is made of: a data law, or images (N, C, *size), padded as the layer pads.
        block: filters and channels of a block; kernels leave out 32 × 1 with AVX-512, 16 × 1 with AVX2, and multiples.

    Raises:
        NotationError: neither or both of a sparsity and an error, numbers out of range, or an unknown law.
        ShapeError: weights, images or a block that do not fit.
        DataError: arrays that are not finite; filters that are all zero.
        WincookError: no algorithm, or one that is no correlation.

    >>> weights = np.random.default_rng(0).standard_normal((64, 16, 3, 3))
    >>> print(prune("F(2x2,3x3)", weights, sparsity=0.75))
    mask of F(2x2,3x3) on {0, ±1, ∞}: 64 filters, 16 channels, 75.0% of blocks of 32 filters x 1 channel zero
    """
    if (sparsity is None) == (max_error is None):
        raise NotationError("give one of sparsity, such as 0.8, and max_error, such as 0.1")
    algorithm, block = correlation_of(algorithm, "are pruned"), block_of(block)
    U = transformed(algorithm, weights)
    filters, channels = U.shape[:2]
    energy, whole = energy_of(algorithm, inputs, channels), by_products(U)
    loss = _by_blocks(_losses(algorithm, whole, energy), block)
    order = np.argsort(loss, axis=None, kind="stable")

    def mask(dropped: int) -> Mask:
        kept = np.ones(loss.size, np.bool_)
        kept[order[:dropped]] = False
        return Mask.of(algorithm, kept.reshape(loss.shape), filters=filters, channels=channels, block=block)

    if sparsity is not None:
        return mask(round(real_number("sparsity", sparsity, least=0, most=1) * loss.size))
    limit = real_number("max_error", max_error, least=0)
    allowed = limit**2 * mean_square(algorithm, whole, energy)
    if not loss.any():
        raise DataError("y of such weights and inputs is all zero; there is no error to compare it with")
    least, most = 0, loss.size
    while least < most:  # `least` blocks may be dropped, more than `most` not
        middle = (least + most + 1) // 2
        lost = mean_square(algorithm, np.where(mask(middle).of_each(), 0, whole), energy)
        least, most = (middle, most) if lost <= allowed else (least, middle - 1)
    return mask(least)


def _losses(algorithm: BilinearAlgorithm, U: Array, energy: Energy) -> Array:
    """What the squares of y lose without each number of U (products, K, C), if it were alone."""
    seen = np.sum(outputs_of(algorithm) ** 2, axis=0)
    losses: Array = U**2 * (seen[:, None] * energy.squares)[:, None]
    return losses


def _by_blocks(numbers: Array, block: tuple[int, int]) -> Array:
    """Sums over blocks of filters and channels: (products, blocks of filters, blocks of channels)."""
    rows, columns = (range(0, size, step) for size, step in zip(numbers.shape[1:], block, strict=True))
    return np.asarray(np.add.reduceat(np.add.reduceat(numbers, rows, axis=1), columns, axis=2))
