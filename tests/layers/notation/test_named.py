"""The layers of networks against the multiplications that are published for them."""

from __future__ import annotations

import pytest

from wincook.errors import NotationError
from wincook.layers.notation.named import NETWORKS, network_layers

# Of all layers of one image, as torchvision counts them, less those of the classifiers at the end.
MULTIPLICATIONS = {
    "resnet18": 1_814_073_344 - 512 * 1000,
    "resnet50": 4_089_184_256 - 2048 * 1000,
    "vgg16": 15_470_264_320 - 25_088 * 4096 - 4096 * 4096 - 4096 * 1000,
    "mobilenetv2": 300_774_272 - 1280 * 1000,
}


@pytest.mark.parametrize("network", NETWORKS)
def test_the_multiplications_are_those_published(network: str) -> None:
    layers = network_layers(network)
    each = [named.times * named.layer.multiplications for named in layers]
    assert sum(each) == MULTIPLICATIONS[network]
    assert len({named.name for named in layers}) == len(layers)


def test_other_networks_are_refused() -> None:
    with pytest.raises(NotationError, match="did you mean resnet18"):
        network_layers("resnet-18")
