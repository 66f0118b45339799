"""NNPACK inside torch, which chooses by the filter: Winograd F(6x6,3x3) for 3x3, Fourier transforms for larger ones."""

from __future__ import annotations

import torch

from benchmarks.peers.contender import Absent, Contender, Task, plain_2d, symmetric_padding

PACKAGE = "torch"
VARIANTS = ("Winograd", "FFT")
_MOST_TAPS = 16  # of its Fourier transforms


def prepare(variant: str, task: Task) -> Contender:
    """A call of NNPACK through torch, which transforms the weights anew in each call.

    Raises:
        Absent: torch was built without it, or NNPACK has other ways for the layer.
    """
    layer = task.layer
    plain_2d(layer)
    if not torch.backends.nnpack.is_available():
        raise Absent("this torch was built without NNPACK")
    if not layer.plain or max(layer.kernel) > _MOST_TAPS or min(layer.kernel) == 1:
        raise Absent("asked for plain layers with 3 to 16 taps per axis alone")
    if (layer.kernel == (3, 3)) != (variant == "Winograd"):
        raise Absent(f"takes another way for filters of {layer.kernel}")
    torch.set_num_threads(task.threads)
    x, weights, padding = torch.from_numpy(task.x), torch.from_numpy(task.weights), symmetric_padding(layer)
    run = torch.inference_mode()(lambda: torch._nnpack_spatial_convolution(x, weights, None, padding))  # noqa: SLF001
    return Contender(run, lambda y: y.numpy())
