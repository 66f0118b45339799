"""Whole networks by torch and by wincook in torch, in one run: ResNet-18, VGG-16 and MobileNetV2 with random weights.

    python -m benchmarks.torch_networks [--networks resnet18] [--format bfloat16] [--size 224] [--threads 1 2]
        [--rounds 15] [--to FILE]

One image at a time. torch is eager, contiguous and with the channels last, and compiled with freezing, which needs a C
compiler; wincook is `convert_` with an example, in both layouts. In bfloat16 torch has a model and an image of that
type; in int8 a model that torch.fx quantised for the engine x86, calibrated on the same eight images as wincook's. Each
contender runs in turn, round after round, so that a machine that slows down slows all of them; the least time of each
counts. Errors are the largest difference from float64, of any output, over the largest output.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.ao.quantization import get_default_qconfig_mapping
from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx

from wincook.integrations.torch import convert_

GOALS: dict[str, dict[str, float]] = {  # times as quick as torch's quickest in the same format
    "float32": {"resnet18": 1.6, "vgg16": 2.0, "mobilenet_v2": 1.0},
    "bfloat16": {"resnet18": 1.0},
    "int8": {"resnet18": 1.0},
}
CLASSES = 1000


class Residual(nn.Module):
    """Layers, and around them their input, or what another layer makes of it; then an activation, if any."""

    def __init__(self, layers: nn.Module, around: nn.Module, activation: nn.Module) -> None:
        super().__init__()
        self.layers, self.around, self.activation = layers, around, activation

    def forward(self, x: Tensor) -> Tensor:
        """(N, K, *out) of (N, C, *size)."""
        y: Tensor = self.activation(self.layers(x) + self.around(x))
        return y


def convolution(channels: int, filters: int, kernel: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    """A convolution and its batch normalisation, with statistics as of a network that was trained."""
    norm = nn.BatchNorm2d(filters)
    nn.init.uniform_(norm.weight, 0.5, 1.5)
    nn.init.normal_(norm.bias, std=0.1)
    norm.running_var.fill_(1.0)
    layer = nn.Conv2d(channels, filters, kernel, stride, kernel // 2, groups=groups, bias=False)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    return [layer, norm]


def resnet18() -> nn.Module:
    """He et al., arXiv 1512.03385, table 1."""
    layers = [*convolution(3, 64, 7, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for filters in (64, 64, 128, 128, 256, 256, 512, 512):
        stride = 1 if filters == channels else 2
        first, second = convolution(channels, filters, 3, stride), convolution(filters, filters, 3)
        around = nn.Identity() if stride == 1 else nn.Sequential(*convolution(channels, filters, 1, stride))
        inner = nn.Sequential(*first, nn.ReLU(inplace=True), *second)
        layers.append(Residual(inner, around, nn.ReLU(inplace=True)))
        channels = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, CLASSES))


def vgg16() -> nn.Module:
    """Simonyan and Zisserman, arXiv 1409.1556, configuration D."""
    layers: list[nn.Module] = []
    channels = 3
    for filters, number in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(number):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(inplace=True)]
            channels = filters
        layers.append(nn.MaxPool2d(2))
    dense = [nn.Linear(512 * 49, 4096), nn.ReLU(inplace=True), nn.Linear(4096, 4096), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(7), nn.Flatten(), *dense, nn.Linear(4096, CLASSES))


def mobilenet_v2() -> nn.Module:
    """Sandler et al., arXiv 1801.04381, table 2."""
    layers = [*convolution(3, 32, 3, 2), nn.ReLU6(inplace=True)]
    channels = 32
    table = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    for expansion, filters, number, first_stride in table:
        for stride in (first_stride, *(1,) * (number - 1)):
            wide = channels * expansion
            inner = [*convolution(channels, wide, 1), nn.ReLU6(inplace=True)] if expansion > 1 else []
            inner += [*convolution(wide, wide, 3, stride, wide), nn.ReLU6(inplace=True), *convolution(wide, filters, 1)]
            block = nn.Sequential(*inner)
            is_residual = stride == 1 and channels == filters
            layers.append(Residual(block, nn.Identity(), nn.Identity()) if is_residual else block)
            channels = filters
    layers += [*convolution(channels, 1280, 1), nn.ReLU6(inplace=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, CLASSES))


NETWORKS: dict[str, Callable[[], nn.Module]] = {"resnet18": resnet18, "vgg16": vgg16, "mobilenet_v2": mobilenet_v2}


@dataclass(frozen=True, slots=True)
class Row:
    """A network on so many threads by one contender: its least and middle time in seconds, and its error."""

    network: str
    format: str
    threads: int
    contender: str
    least: float
    median: float
    error: float


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to run a network: the model, and its input in the layout that it is for."""

    name: str
    model: Callable[[Tensor], Tensor]
    x: Tensor


def by_torch(network: nn.Module, x: Tensor) -> Iterator[Contender]:
    """torch's ways in one format; one that cannot be had is named on standard error."""
    x_last = x.to(memory_format=torch.channels_last)
    yield Contender("torch", network, x)
    yield Contender("torch, channels last", last_copy(network), x_last)
    for name, image in (("torch, compiled", x), ("torch, compiled, channels last", x_last)):
        try:
            compiled = torch.compile(copy.deepcopy(network), options={"freezing": True})
            compiled(image)
        except Exception as error:  # noqa: BLE001 (of whatever kind: without a compiler, for example)
            print(f"{name} is left out: {str(error).splitlines()[0]}", file=sys.stderr)
        else:
            yield Contender(name, compiled, image)


def contenders(network: nn.Module, x: Tensor, format: str) -> Iterator[Contender]:
    """torch's ways in a format, and wincook's."""
    examples = torch.randn(8, *x.shape[1:])
    if format == "int8":
        yield from quantised_by_torch(network, x, examples)
    else:
        kind = torch.bfloat16 if format == "bfloat16" else torch.float32
        yield from by_torch(copy.deepcopy(network).to(kind), x.to(kind))
    for name, own, image in (
        ("wincook", copy.deepcopy(network), x),
        ("wincook, channels last", last_copy(network), x.to(memory_format=torch.channels_last)),
    ):
        converted = convert_(
            own, format=format, example_inputs=image, calibrate_with=examples if format == "int8" else None
        )
        yield Contender(name, converted, image)


def quantised_by_torch(network: nn.Module, x: Tensor, examples: Tensor) -> Iterator[Contender]:
    """The model with integers from layer to layer, as torch.fx makes it, in both layouts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # this part of torch is to go, and has no other in its place
        prepared = prepare_fx(copy.deepcopy(network), get_default_qconfig_mapping("x86"), (x,))
        prepared(examples)
        quantised = convert_fx(prepared)
        quantised(x)
    yield Contender("torch", quantised, x)
    yield Contender("torch, channels last", quantised, x.to(memory_format=torch.channels_last))


def last_copy(network: nn.Module) -> nn.Module:
    """A copy whose weights have their channels last, as torch wants them for such images."""
    return copy.deepcopy(network).to(memory_format=torch.channels_last)


def measured(name: str, format: str, size: int, threads: int, rounds: int) -> list[Row]:
    """All contenders on one network in one format."""
    torch.manual_seed(0)
    torch.set_num_threads(threads)
    network, x = NETWORKS[name]().eval(), torch.randn(1, 3, size, size)
    exact = copy.deepcopy(network).double()(x.double())
    running = list(contenders(network, x, format))
    times: dict[str, list[float]] = {each.name: [] for each in running}
    errors = {each.name: float((each.model(each.x) - exact).abs().max() / exact.abs().max()) for each in running}
    clock = time.thread_time if threads == 1 else time.perf_counter  # the first stands still while others are run
    for _ in range(rounds):
        for each in running:
            each.model(each.x)  # so that caches are as it leaves them
            start = clock()
            each.model(each.x)
            times[each.name].append(clock() - start)
    return [
        Row(name, format, threads, each, min(taken), sorted(taken)[len(taken) // 2], errors[each])
        for each, taken in times.items()
    ]


def table(rows: list[Row]) -> Iterator[str]:
    """The rows of one network on so many threads, and what is gained over torch's quickest."""
    yield f"{rows[0].network}, {rows[0].format}, {rows[0].threads} threads"
    yield f"  {'':32s} {'least, ms':>10s} {'median, ms':>11s} {'largest error':>14s}"
    for row in rows:
        yield f"  {row.contender:32s} {1e3 * row.least:10.2f} {1e3 * row.median:11.2f} {row.error:14.1e}"
    of_torch, of_wincook = (
        min((row for row in rows if row.contender.startswith(who)), key=lambda row: row.least)
        for who in ("torch", "wincook")
    )
    gain, goal = of_torch.least / of_wincook.least, GOALS[rows[0].format].get(rows[0].network)
    wanted = "" if goal is None else f"; the goal is {goal}"
    yield f"  {of_wincook.contender} is {gain:.2f} times as quick as {of_torch.contender}{wanted}\n"


def main() -> None:
    """Print a table for each network and number of threads; write all rows to a file if one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--format", choices=GOALS, default="float32")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--to", type=Path)
    arguments = parser.parse_args()
    rows: list[Row] = []
    with torch.no_grad():
        for name in arguments.networks:
            for threads in arguments.threads:
                latest = measured(name, arguments.format, arguments.size, threads, arguments.rounds)
                print("\n".join(table(latest)), flush=True)
                rows += latest
    if arguments.to is not None:
        arguments.to.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
