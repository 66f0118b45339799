"""The convolution layers of well-known networks, for one image of 224x224: files of lines `name: 4 times layer`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from wincook.arguments import choice
from wincook.exact.numeral import whole
from wincook.layers.layer import Layer
from wincook.layers.notation.text import read_layer

NETWORKS = ("mobilenetv2", "resnet18", "resnet50", "vgg16")


@dataclass(frozen=True, slots=True)
class NamedLayer:
    """A layer that a network has so many times."""

    name: str
    times: int
    layer: Layer


@cache
def _layers(network: str) -> tuple[NamedLayer, ...]:
    text = files("wincook.layers.notation").joinpath("networks", f"{network}.txt").read_text(encoding="utf-8")
    return tuple(_named(line) for line in text.splitlines() if line and not line.startswith("#"))


def network_layers(network: str) -> tuple[NamedLayer, ...]:
    """The layers of a network of `NETWORKS`; those that are alike once.

    Raises:
        NotationError: another network.

    >>> first, *_ = network_layers("vgg16")
    >>> first.times, str(first.layer)
    (1, '3x3 convolution, 3 -> 64 channels, 224x224 -> 224x224')
    """
    return _layers(choice("network", network, NETWORKS))


def _named(line: str) -> NamedLayer:
    name, _, rest = line.partition(": ")
    times, _, layer = rest.partition(" times ")
    return NamedLayer(name, whole(times), read_layer(layer))
