"""A filter in a format that has no kernel: the programs of the kernels, every operation rounded to the format."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from wincook.analysis.measure import compute
from wincook.bilinear import BilinearAlgorithm
from wincook.formats import Format
from wincook.program.rounding import round_to

Array = NDArray[Any]


def emulate(images: Array, taps: Array, algorithm: BilinearAlgorithm, fmt: Format) -> Array:
    """Correlate each of several images with one filter, in tiles as the kernels do.

    Args:
        images: (S, H, W), any float type; rounded to the format first.
        taps: (r, r), likewise.
        algorithm: a square tile for that filter.
        fmt: the format of every operation.

    Returns:
        (S, H - r + 1, W - r + 1), where the filter lies wholly inside the image; float32.
    """
    (m, _), (n, _) = algorithm.tile.outputs, algorithm.tile.inputs
    height, width = (size - len(taps) + 1 for size in images.shape[1:])
    rows, columns = -(-height // m), -(-width // m)
    overhang = ((0, 0), (0, rows * m - height), (0, columns * m - width))
    windows = sliding_window_view(np.pad(images, overhang), (n, n), axis=(1, 2))[:, ::m, ::m]
    d = round_to(windows.reshape(-1, 1, n, n), fmt)  # each tile is a sample of one channel
    g = np.broadcast_to(round_to(taps, fmt), (len(d), 1, *taps.shape))
    y = compute(algorithm, fmt, d, g).reshape(len(images), rows, columns, m, m)
    whole = y.transpose(0, 1, 3, 2, 4).reshape(len(images), rows * m, columns * m)
    return whole[:, :height, :width].astype(np.float32)
