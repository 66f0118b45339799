"""Masks as C takes them, and what `NAME_pack_sparse` answers to those that cannot be, in libraries and in plain C."""

from __future__ import annotations

from typing import Any

import numpy as np

import wincook as wc
from tests.emit.library.called import ARGUMENT, NO_IMPLEMENTATION, OK, TOO_SMALL, Called, dims_of
from tests.kernels.guarded import walled
from wincook.sparse import Mask, prune


def words_of(mask: Mask, bits: Any) -> Any:
    """A mask as C has it, with its bits at a place."""
    bits[...] = np.frombuffer(mask.bits, np.uint8)
    sizes = (mask.filters, mask.channels, mask.products, *mask.block, len(mask.bits), bits.ctypes.data)
    return np.array(sizes, np.int64)


def in_walls(nbytes: int, side: str) -> Any:
    memory = walled(-(-nbytes // 64) * 16, side).view(np.uint8)
    return memory[:nbytes] if side == "start" else memory[-nbytes:]


def check_statuses(functions: Called, layer: wc.Layer, tile: str, *refused: tuple[int, int]) -> None:
    """Of a kernel in bfloat16, which takes blocks of 32 filters and 2 channels, and none of such sizes."""
    dims, weights = dims_of(layer), np.random.default_rng(2).standard_normal(layer.weight_shape).astype(np.float32)
    _, sizes = functions.sizes(dims)
    packed = in_walls(-(-sizes["packed"] // 64) * 64, "end")

    def status(mask: Any, nbytes: int = sizes["packed"], given: Any = weights) -> int:
        return functions.status("pack_sparse", dims, mask, given, None, None, None, packed, nbytes, 0)

    mask = prune(tile, weights, sparsity=0.7, block=(32, 2))
    bits = np.zeros(len(mask.bits), np.uint8)
    right = words_of(mask, bits)
    assert status(right) == OK
    assert status(right, sizes["packed"] - 1) == TOO_SMALL
    assert status(right, given=None) == ARGUMENT
    for number, value in enumerate((layer.filters - 1, layer.channels + 1, 36, 0, -1, len(bits) + 1, 0)):
        wrong = right.copy()
        wrong[number] = value
        assert status(wrong) == ARGUMENT
    bits[-1] |= 1  # behind the last block, but where blocks fill whole bytes
    assert status(right) == (ARGUMENT if mask.kept.size % 8 else OK)
    for block in refused:
        small = prune(tile, weights, sparsity=0.7, block=block)
        of_small = np.zeros(len(small.bits), np.uint8)
        assert status(words_of(small, of_small)) == NO_IMPLEMENTATION
