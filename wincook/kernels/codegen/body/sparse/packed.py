"""U as sparse kernels read it, for Python."""

from __future__ import annotations

from typing import Any

import numpy as np

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import IN_WORD, RANKS, TAPS, TILE
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import FILTERS, PRODUCTS
from wincook.kernels.codegen.body.sparse.blocks import HEADER, list_floats
from wincook.kernels.codegen.body.sparse.words import in_words
from wincook.machine_code import in_python


def packed_filters(weights: Any, groups: int, extra: Any = None) -> Any:
    """U as `sparse/blocks` says, of contiguous weights (K, C, *taps), or (K, C, *products) that are transformed.

    What else there is, `extra`, says what is kept: booleans (products, blocks of filters, words of channels); all, if
    left out.

    Raises:
        ValueError: other shapes, or more than one group.
    """
    filters, channels = weights.shape[:2]
    if weights.shape[2:] not in {TAPS, RANKS} or 0 in weights.shape or groups != 1:
        raise ValueError(
            f"{TILE} takes weights (K, C, {TAPS[0]}, {TAPS[1]}), or (K, C, {RANKS[0]}, {RANKS[1]}) transformed, of one "
            f"group, not {weights.shape}"
        )
    shape = (PRODUCTS, -(-filters // FILTERS), -(-channels // IN_WORD))
    kept = np.ones(shape, np.bool_) if extra is None else np.asarray(extra)
    if kept.shape != shape or kept.dtype != np.bool_:
        raise ValueError(f"what is kept must be booleans of shape {shape}, not {kept.dtype} of {kept.shape}")
    lines = (transformed if weights.shape[2:] == TAPS else by_products)(weights, shape)[kept]
    numbers = np.count_nonzero(kept, axis=2).ravel()
    headers = numbers.size * HEADER
    to_list, to_lines = headers, headers + in_python(list_floats)(len(lines))
    U = aligned(to_lines + lines.size)
    U[:to_lines] = 0
    U[to_lines:] = lines.ravel()
    U[to_list : to_list + len(lines)].view(np.int32)[:] = np.nonzero(kept)[2]
    place, before = np.arange(numbers.size) * HEADER, np.cumsum(numbers) - numbers
    in_headers = U[:headers].view(np.int64).reshape(numbers.size, -1)
    in_headers[:, 0] = numbers
    in_headers[:, 1] = (to_list - place + before) * U.itemsize
    in_headers[:, 2] = (to_lines - place + before * FILTERS) * U.itemsize
    return frozen(U)


def transformed(weights: Any, shape: tuple[int, int, int]) -> Any:
    """Filters of weights (K, C, *taps), by products, blocks and words."""
    U, strip = aligned(shape[0] * shape[1] * shape[2] * FILTERS), aligned(PACKING_FLOATS)
    in_c = pack_filters.ctypes  # without the interpreter's lock
    in_c(weights.ctypes.data, U.ctypes.data, strip.ctypes.data, weights.shape[1], len(weights))
    return U.reshape(*shape, FILTERS)


def by_products(filters: Any, shape: tuple[int, int, int]) -> Any:
    """The same of filters (K, C, *products), filled up with zeros."""
    products, blocks, words = shape
    U = np.zeros((products, blocks * FILTERS, filters.shape[1]), np.float32)
    U[:, : len(filters)] = filters.reshape(*filters.shape[:2], products).transpose(2, 0, 1)
    return in_words(U).reshape(products, blocks, FILTERS, words).swapaxes(2, 3)
