"""oneDNN inside torch: plain calls in both layouts, and the operator with prepacked weights that torch.compile uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from benchmarks.peers.contender import Absent, Array, Contender, Task, symmetric_padding

PACKAGE = "torch"
VARIANTS = ("NCHW", "NHWC", "prepacked NCHW", "prepacked NHWC")
_CHANNELS_LAST = {2: torch.channels_last, 3: torch.channels_last_3d}


def prepare(variant: str, task: Task) -> Contender:
    """A call of torch on this many threads.

    Raises:
        Absent: torch has no such layout or no prepacked weights for the layer.
    """
    torch.set_num_threads(task.threads)
    x, weights = torch.from_numpy(task.x), torch.from_numpy(task.weights)
    if variant.endswith("NHWC"):
        memory = _CHANNELS_LAST.get(task.layer.dimension)
        if memory is None:
            raise Absent("torch has channels last with two and three axes alone")
        x, weights = x.contiguous(memory_format=memory), weights.contiguous(memory_format=memory)
    run = (_prepacked if variant.startswith("prepacked") else _plain)(task, x, weights)
    return Contender(torch.inference_mode()(run), _output)


def _plain(task: Task, x: Any, weights: Any) -> Callable[[], Any]:
    layer, padding = task.layer, symmetric_padding(task.layer)
    stride, dilation = [axis.stride for axis in layer.axes], [axis.dilation for axis in layer.axes]
    more = [axis.output_padding for axis in layer.axes]
    settings = (None, stride, padding, dilation, layer.transposed, more, layer.groups)
    return lambda: torch.convolution(x, weights, *settings)


def _prepacked(task: Task, x: Any, weights: Any) -> Callable[[], Any]:
    layer, padding = task.layer, symmetric_padding(task.layer)
    stride, dilation = [axis.stride for axis in layer.axes], [axis.dilation for axis in layer.axes]
    reorders = {2: torch._C._nn.mkldnn_reorder_conv2d_weight, 3: torch._C._nn.mkldnn_reorder_conv3d_weight}  # noqa: SLF001
    if layer.dimension not in reorders or layer.transposed:
        raise Absent("torch prepacks convolutions with two and three axes alone")
    settings = (padding, stride, dilation, layer.groups)
    packed = reorders[layer.dimension](weights.contiguous().to_mkldnn(), *settings, list(x.shape))
    pointwise = torch.ops.mkldnn._convolution_pointwise  # noqa: SLF001 (torch has no public name for it)
    return lambda: pointwise(x, packed, None, *settings, "none", [], "")


def _output(y: Any) -> Array:
    return y.contiguous().numpy()  # type: ignore[no-any-return]  # torch is Any
