"""ncnn, with its own choice of algorithm and with one tile of its Winograd algorithms forced."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import ncnn
import numpy as np

from benchmarks.peers.contender import Absent, Array, Contender, Task, symmetric_padding

PACKAGE = "ncnn"
VARIANTS = ("default", "F(6x6)", "F(2x2)")
_ALLOWED = {"default": {23, 43, 63}, "F(6x6)": {63}, "F(2x2)": {23}}
_LAYERS = {1: "Convolution1D", 2: "Convolution", 3: "Convolution3D"}
_POOLS = (ncnn.UnlockedPoolAllocator(), ncnn.PoolAllocator())  # of all networks, which they outlive


def prepare(variant: str, task: Task) -> Contender:
    """A network of one layer, with pools of memory; images of a batch go through it one by one.

    Raises:
        Absent: the layer is transposed, or the tile is not for it.
    """
    layer = task.layer
    if layer.transposed or layer.dimension not in _LAYERS:
        raise Absent("asked for convolutions with one to three axes alone")
    if layer.groups > 1 and layer.dimension != 2:
        raise Absent("has groups with two axes alone")
    if variant != "default" and not (layer.plain and layer.kernel == (3, 3)):
        raise Absent("forces a tile for plain 3x3 layers alone")
    network = ncnn.Net()
    options = network.opt
    options.num_threads = task.threads
    options.blob_allocator, options.workspace_allocator = _POOLS
    options.use_winograd23_convolution = 23 in _ALLOWED[variant]
    options.use_winograd43_convolution = 43 in _ALLOWED[variant]
    options.use_winograd63_convolution = 63 in _ALLOWED[variant]
    options.use_fp16_packed = options.use_fp16_storage = options.use_fp16_arithmetic = False
    options.use_bf16_packed = options.use_bf16_storage = False
    with TemporaryDirectory() as folder:
        weights = Path(folder) / "weights.bin"
        weights.write_bytes(np.uint32(0).tobytes() + task.weights.tobytes())  # 0: float32 follows
        if network.load_param_mem(_text(task)) or network.load_model(str(weights)):
            raise Absent("ncnn cannot read the layer")
    images = [ncnn.Mat(image).clone() for image in task.x]

    def run() -> list[object]:
        outputs = []
        for image in images:
            extractor = network.create_extractor()
            extractor.input("x", image)
            outputs.append(extractor.extract("y")[1])
        return outputs

    def output(outputs: list[object]) -> Array:
        return np.stack([np.array(y) for y in outputs])

    return Contender(run, output)


def _text(task: Task) -> str:
    """The network in ncnn's notation: numbered parameters."""
    layer, padding = task.layer, symmetric_padding(task.layer)
    steps = [axis.stride for axis in layer.axes], [axis.dilation for axis in layer.axes]
    kernel, dilation, stride, pads = (list(reversed(values)) for values in (layer.kernel, steps[1], steps[0], padding))
    parameters = {0: layer.filters, 5: 0, 6: task.weights.size}
    for axis, number in enumerate((0, 10, 20)[: layer.dimension]):
        for place, values in enumerate((kernel, dilation, stride, pads), start=1):
            parameters[number + place] = values[axis]
    kind = _LAYERS[layer.dimension]
    if layer.groups > 1:
        kind, parameters[7] = "ConvolutionDepthWise", layer.groups
    words = " ".join(f"{key}={value}" for key, value in sorted(parameters.items()))
    hint = ""
    if layer.dimension == 2:  # the choice of tiles depends on the size of the image: dimension, width, height, channels
        height, width = layer.size
        hint = f" -23330=4,3,{width},{height},{layer.channels}"
    return f"7767517\n2 2\nInput x 0 1 x{hint}\n{kind} layer 1 1 x y {words}\n"
