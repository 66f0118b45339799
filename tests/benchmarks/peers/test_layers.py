from __future__ import annotations

import pytest

from benchmarks.peers.layers import NamedLayer, groups
from wincook import Layer

LAYERS = [named for group in groups().values() for named in group]


def test_the_file_holds_every_group_in_order() -> None:
    assert list(groups()) == [
        "issue",
        "boards",
        "resnet18",
        "resnet50",
        "vgg16",
        "mobilenetv2",
        "unet",
        "reports",
        "long",
    ]


@pytest.mark.parametrize("named", LAYERS, ids=lambda named: f"{named.group} {named.name}")
def test_a_name_says_what_its_layer_is(named: NamedLayer) -> None:
    layer = named.layer
    assert ("stride 2" in named.name) == (not layer.transposed and layer.axes[0].stride == 2)
    assert ("depthwise" in named.name) == (layer.groups == layer.channels > 1)
    assert ("transposed" in named.name) == layer.transposed
    assert named.name.startswith("8 of ") == (layer.batch == 8)
    size = "x".join(map(str, layer.size))
    channels = str(layer.channels) if layer.channels == layer.filters else f"{layer.channels}->{layer.filters}"
    assert f"{channels}x{size}" in named.name


@pytest.mark.parametrize(
    ("group", "convolutions", "operations"),
    [  # published: 1.81, 4.09, 15.3 and 0.30 products counted in 1e9, the fully connected layer left out
        ("resnet18", 20, 2 * 1.81e9),
        ("resnet50", 53, 2 * 4.09e9),
        ("vgg16", 13, 2 * 15.35e9),
        ("mobilenetv2", 52, 2 * 0.30e9),
    ],
)
def test_networks_have_the_published_layers_and_operations(group: str, convolutions: int, operations: float) -> None:
    layers = groups()[group]
    assert sum(named.count for named in layers) == convolutions
    total = sum(named.count * named.operations for named in layers)
    assert 0.97 * operations < total < 1.03 * operations


def test_operations_of_a_transposed_layer_are_counted_by_its_inputs() -> None:
    layer = Layer(2, 3, (5,), (4,), stride=2, transposed=True)
    assert NamedLayer("", "", layer, 1).operations == 2 * 2 * 3 * 5 * 4
