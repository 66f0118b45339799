"""Tensors that stay narrow between convolutions: the bits of kernels called one after another, and when they do not."""

from __future__ import annotations

import copy
import io
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import wincook as wc  # noqa: E402
from wincook.epilogue import Epilogue  # noqa: E402
from wincook.errors import NotationError  # noqa: E402
from wincook.integrations import torch as wt  # noqa: E402
from wincook.integrations.torch.calls.packed import calibration_in  # noqa: E402
from wincook.integrations.torch.fusing.between import Seen, narrow_  # noqa: E402
from wincook.integrations.torch.fusing.convolution import FusedConvolution  # noqa: E402
from wincook.integrations.torch.fusing.elements import FLOATS  # noqa: E402
from wincook.integrations.torch.fusing.in_place import follow_, graph_of  # noqa: E402
from wincook.integrations.torch.narrow.calibrated import calibrate_, images_of  # noqa: E402
from wincook.integrations.torch.tensors import array_of  # noqa: E402

nn = torch.nn

pytestmark = pytest.mark.slow


class Network(nn.Module):  # type: ignore[name-defined]
    """Two blocks of a residual network behind a first layer with pooling, and a last layer of floats."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.inner = nn.ModuleList(nn.Conv2d(8, 8, 3, padding=1) for _ in range(4))
        self.beside = nn.Conv2d(8, 8, 3, padding=1)
        self.relu = nn.ReLU()

    def forward(self, x: Any) -> Any:
        x = self.first(x)
        x = self.relu(self.inner[1](self.relu(self.inner[0](x))) + x)
        x = self.relu(self.inner[3](self.relu(self.inner[2](x))) + self.beside(x))
        return x.mean((2, 3))


class Mobile(nn.Module):  # type: ignore[name-defined]
    """A depthwise layer, which has products in float32, pooling as a function, and two layers side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 16, 3, padding=1)
        self.deep = nn.Conv2d(16, 16, 3, padding=1, groups=16)
        self.point = nn.Conv2d(16, 8, 1)
        self.beside, self.last = (nn.Conv2d(16, 8, 3, padding=1) for _ in range(2))

    def forward(self, x: Any) -> Any:
        deep = nn.functional.relu6(self.deep(nn.functional.relu6(self.first(x))))
        x = nn.functional.max_pool2d(deep, 3, stride=2, padding=1)
        return self.last(torch.cat([self.point(x), nn.functional.relu(self.beside(x))], dim=1)).mean((2, 3))


class Uneven(nn.Module):  # type: ignore[name-defined]
    """Channels of very different sizes, lognormal (0.7), between three layers."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two, self.three = (
            nn.Conv2d(3, 32, 3, padding=1),
            *(nn.Conv2d(32, 32, 3, padding=1) for _ in "ab"),
        )
        for each in (self.one, self.two):
            each.weight.data *= torch.exp(0.7 * torch.randn(32, 1, 1, 1))
            each.bias.data.zero_()

    def forward(self, x: Any) -> Any:
        return self.three(nn.functional.relu(self.two(nn.functional.relu(self.one(x)))))


class Sum(nn.Module):  # type: ignore[name-defined]
    """Its sum is of one image, or broadcasts."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.other, self.last = (nn.Conv2d(3, 3, 3, padding=1) for _ in range(3))
        self.start = nn.Parameter(images(1, 9))

    def forward(self, x: Any) -> Any:
        return self.last(nn.functional.relu(self.one(self.start) + self.other(x)))


def images(number: int, seed: int = 5) -> Any:
    x = torch.randn(number, 3, 20, 18, generator=torch.Generator().manual_seed(seed))
    return x.contiguous(memory_format=torch.channels_last)


def narrowed(model: Any, format: str, x: Any) -> tuple[Any, Any]:
    """A converted model in evaluation mode, and its graph with narrow tensors, however quick its kernels are."""
    examples = images(8, 6) if format.startswith("int") else None
    families = {"point": "direct", "deep": "depthwise"}
    others = {name: wt.WinogradConfig(tile=family, format=format) for name, family in families.items()}
    tile = wt.WinogradConfig(tile="F(2x2,3x3)", overrides=others)
    wt.convert_(model.eval(), tile, format=format, calibrate_with=examples)
    return model, narrow_graph(model, x, examples)


def narrow_graph(model: Any, x: Any, examples: Any) -> Any:
    """The graph of a converted model, with scales for what its convolutions read."""
    graph, calls = graph_of(model, (x,)), [] if examples is None else [examples]
    assert graph is not None
    turned = {name: each for name, each in model.named_modules() if hasattr(each, "calibration")}
    shown = images_of(model, calls, turned)
    observed = {each: calibrate_(name, each, shown[name], []) for name, each in turned.items()}
    narrow_(graph, Seen(calls, {each: known for each, known in observed.items() if known is not None}))
    return graph


def convolutions(graph: Any) -> list[Any]:
    return [module for module in graph.modules() if isinstance(module, FusedConvolution)]


def decibels(y: Any, expected: Any) -> float:
    return float(10 * torch.log10(expected.square().sum() / (y - expected).square().sum()))


@pytest.fixture(scope="module", params=["int8", pytest.param("bfloat16", marks=pytest.mark.nightly)])
def pair(request: pytest.FixtureRequest) -> Any:
    torch.manual_seed(3)
    return narrowed(Network(), request.param, images(2))


@torch.no_grad()
def test_all_but_the_ends_is_narrow_and_each_tensor_has_one_scale(pair: Any) -> None:
    _, graph = pair
    elements = {node.name: graph.get_submodule(node.target)._elements for node in calls_of(graph)}
    of_x, of_y, of_residual = zip(*elements.values(), strict=True)
    assert [each != FLOATS for each in of_x] == [False, *[True] * 5]
    assert [each != FLOATS for each in of_y] == [*[True] * 5, False]
    assert sum(each != FLOATS for each in of_residual) == 2
    assert set(of_x) - {FLOATS} | set(of_residual) - {FLOATS} == set(of_y) - {FLOATS}


def calls_of(graph: Any) -> list[Any]:
    """The nodes of convolutions."""
    return [node for node in graph.graph.nodes if node.op == "call_module" and "fused" in node.target]


@torch.no_grad()
def test_the_chain_has_the_bits_of_kernels_called_one_after_another(pair: Any) -> None:
    model, graph = pair
    if model.beside.winograd.format != "int8":
        pytest.skip("kernels of floats take no scales")
    check_bits(graph, 6)


def check_bits(graph: Any, number: int) -> None:
    """Compare each convolution of a graph with its kernel, called by itself."""
    seen: list[Any] = []
    hooks = [each.register_forward_hook(lambda *call: seen.append(call)) for each in convolutions(graph)]
    graph(images(3, 8))
    for hook in hooks:
        hook.remove()
    assert len(seen) == number
    for module, given, y in seen:
        x, residual = (*given, None)[:2]
        names = [str(each.dtype).removeprefix("torch.") for each in module._elements]
        of_x, of_y, of_residual = (each.affine for each in module._elements)
        assert [str(each.dtype).removeprefix("torch.") for each in (x, y)] == names[:2]
        about = module._sources[0]
        size, pads = tuple(x.shape[2:]), about.padding
        layer = wc.Layer(
            x.shape[1], y.shape[1], size, about.kernel_size, pads, batch=3, layout="NHWC", groups=about.groups
        )
        after = Epilogue(module._word or None, residual=residual is not None)
        formats: dict[str, Any] = {"input_format": names[0], "output_format": names[1], "residual_format": names[2]}
        tile, format = about.winograd.tile, str(about.winograd.format)
        kernel = wc.compile(layer, tile, format=format, threads=1, epilogue=after, **formats)
        scales: dict[str, Any] = {"x": of_x}
        if module.calibration is not None:
            for_integers = module._for_integers
            assert (for_integers is None) == (of_x is None)
            scales = {"calibration": module.calibration if for_integers is None else calibration_in(for_integers)}
            assert of_x in {None, scales["calibration"].x}
        packed = kernel.pack(array_of(module.weight), array_of(module.bias), y=of_y, residual=of_residual, **scales)
        added = None if residual is None else array_of(residual, "NHWC")
        np.testing.assert_array_equal(kernel(array_of(x, "NHWC"), packed, residual=added), array_of(y, "NHWC"))


@torch.no_grad()
def test_depthwise_layers_and_what_is_joined_are_integers() -> None:
    torch.manual_seed(3)
    model, graph = narrowed(Mobile(), "int8", images(2))
    of_x, of_y, _ = zip(*(each._elements for each in convolutions(graph)), strict=True)
    assert [each.affine is None for each in of_x] == [True, *[False] * 4]
    assert of_x[1:4] == (of_y[0], of_y[1], of_y[1])
    assert of_y[2] == of_y[3] == of_x[4]
    check_bits(graph, 5)
    assert decibels(graph(images(3)), wt.unconvert_(model)(images(3))) > 40
    assert "format_wanted" not in vars(model.deep)


@torch.no_grad()
def test_scales_for_integers_leave_more_of_uneven_channels() -> None:
    torch.manual_seed(3)
    _, graph = narrowed(Uneven(), "int8", images(2))
    _, two, _ = convolutions(graph)
    of_x, given = two._elements[0], []
    hook = two.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0]))
    graph(images(3, 8))
    hook.remove()
    x, convolution = given[0], two.convolution
    assert x.dtype == torch.uint8
    exact = nn.functional.conv2d(
        of_x.real(x).double(), convolution.weight.double(), convolution.bias.double(), padding=1
    )
    calibrations = calibration_in(two._for_integers), None  # for such integers, or for floats
    left = []
    for calibration in calibrations:
        two.read_and_write(of_x, FLOATS, FLOATS, calibration)
        left.append(decibels(two(x), exact.relu()))
    assert left[0] > left[1] + 0.3, left


@torch.no_grad()
def test_little_is_lost_and_changes_are_followed(pair: Any) -> None:
    model, graph = copy.deepcopy(pair[0]), graph_of(copy.deepcopy(pair[0]), (images(2),))
    plain = wt.unconvert_(copy.deepcopy(model))
    own = model(images(3))
    graph = narrow_graph(model, images(2), images(8, 6) if model.beside.winograd.format == "int8" else None)
    follow_(model, graph, (images(2),))
    for batch in (1, 3, 10):
        assert decibels(model(images(batch)), plain(images(batch))) > 27
    assert not torch.equal(model(images(3)), own)
    for each in (model, plain):
        each.inner[2].weight.mul_(0.5)
    assert decibels(model(images(3)), plain(images(3))) > 27
    stream = io.BytesIO()
    torch.save(model, stream)
    stream.seek(0)
    again = torch.load(stream, weights_only=False)
    changed = again(images(3))
    for other in (copy.deepcopy(model), torch.compile(model, backend="eager", fullgraph=True)):
        assert torch.equal(other(images(3)), changed)
    model.inner[1].register_forward_hook(lambda *_: None)
    assert torch.equal(model(images(3)), changed)


@pytest.mark.nightly
@torch.no_grad()
def test_sums_that_broadcast_are_done_in_floats() -> None:
    torch.manual_seed(1)
    model, graph = narrowed(Sum(), "int8", images(1))
    assert [each._elements[2] == FLOATS for each in convolutions(graph)].count(False) == 1
    y = graph(images(4))
    assert decibels(y, wt.unconvert_(model)(images(4))) > 27


def test_other_words_are_refused() -> None:
    with pytest.raises(NotationError, match="narrow, float32"):
        wt.convert_(Network(), between="integers")
