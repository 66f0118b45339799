"""The products of one panel with one block of filters, by micro-kernels of some heights."""

from __future__ import annotations

from wincook.kernels.choice.cost import constants


def product_fmas(tiles: int, channels: int, vectors: int, rows: int) -> float:
    """The fmas of a product of one panel with one block of filters, those that time was lost for among them."""
    groups = -(-tiles // rows)
    tallest = -(-tiles // groups)
    tall = tiles - groups * (tallest - 1)
    return sum(
        number * _micro_kernel_fmas(height, channels, vectors)
        for number, height in ((tall, tallest), (groups - tall, tallest - 1))
        if number
    )


def _micro_kernel_fmas(height: int, channels: int, vectors: int) -> float:
    sums = height * vectors
    if vectors == 1:
        return max(sums, constants.FEW_SUMS) * channels + constants.PER_ROW * sums + constants.PER_MICRO_KERNEL
    slowdown = constants.WAITING[height - 1] if height <= len(constants.WAITING) else 1.0
    return slowdown * sums * channels + constants.PER_ROW * sums + constants.PER_MICRO_KERNEL
