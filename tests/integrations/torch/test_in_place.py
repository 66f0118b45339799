"""A fused model computes what it did before: other calls than those it was fused for are not fused."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from wincook.integrations.torch import convert_, unconvert_  # noqa: E402
from wincook.integrations.torch.fusing.convolution import FusedConvolution  # noqa: E402
from wincook.integrations.torch.fusing.in_place import follow_, graph_of  # noqa: E402

nn = torch.nn


class Block(nn.Module):  # type: ignore[name-defined]
    """As in residual networks; `doubled` is read by its code alone."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(4, 6, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(6)
        self.relu = nn.ReLU(inplace=True)
        self.second = nn.Conv2d(6, 6, 3, padding=1)
        self.beside = nn.Conv2d(4, 6, 1)
        self.factor = nn.Parameter(torch.ones(6, 1, 1))
        self.doubled = False

    def forward(self, x: Any) -> Any:
        y = self.second(self.relu(self.norm(self.first(x))))
        y += self.beside(x)
        y = self.relu(y) * self.factor
        return 2 * y if self.doubled else y


def fuse_(model: Any, *inputs: Any) -> Any:
    """Turned and fused, all of it by kernels, however quick they are."""
    graph = graph_of(convert_(model), inputs)
    if graph is not None:
        follow_(model, graph, inputs)
    return model


def images(batch: int = 2) -> Any:
    return torch.randn(batch, 4, 9, 8, generator=torch.Generator().manual_seed(5))


@pytest.fixture
def block() -> Any:
    torch.manual_seed(4)
    model = Block().eval()
    fuse_(model, images())
    assert type(model) is not Block
    assert isinstance(model, Block)
    return model


@pytest.fixture
def fused_calls(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One entry for each convolution that was fused."""
    calls: list[None] = []
    forward = FusedConvolution.forward

    def counted(*given: Any) -> Any:
        calls.append(None)
        return forward(*given)

    monkeypatch.setattr(FusedConvolution, "forward", counted)
    return calls


def by_torch(model: Any, *given: Any) -> Any:
    plain = unconvert_(copy.deepcopy(model))
    return plain(*given)


def check(model: Any, calls: list[None], *, is_fused: bool, x: Any = None) -> None:
    """See that the results are torch's, and by which way they come."""
    given = images() if x is None else x
    calls.clear()
    torch.testing.assert_close(model(given), by_torch(model, given), rtol=1e-4, atol=1e-5)
    assert len(calls) == 3 * is_fused


@torch.no_grad()
def test_weights_that_change_are_followed(block: Any, fused_calls: list[None]) -> None:
    check(block, fused_calls, is_fused=True)
    check(block, fused_calls, is_fused=True, x=images(5))
    block.norm.running_var.mul_(3)
    check(block, fused_calls, is_fused=True)
    block.first.weight.data.mul_(2)  # which torch does not count
    check(block, fused_calls, is_fused=True)
    block.load_state_dict({name: tensor + 0.5 for name, tensor in block.state_dict().items()})
    check(block, fused_calls, is_fused=True)
    block.second.weight = nn.Parameter(block.second.weight / 2)
    check(block, fused_calls, is_fused=True)
    with torch.inference_mode():
        block.second.bias.zero_()
        check(block, fused_calls, is_fused=True)


CHANGES: dict[str, Callable[[Any], object]] = {
    "an attribute that code reads": lambda model: setattr(model, "doubled", True),
    "training": lambda model: model.norm.train(),
    "a hook": lambda model: model.second.register_forward_hook(lambda module, given, y: y + 1),
    "another module": lambda model: setattr(model, "norm", nn.Identity()),
    "another parameter": lambda model: setattr(model, "factor", nn.Parameter(torch.full((6, 1, 1), 3.0))),
    "statistics without numbers": lambda model: model.norm.running_mean.fill_(float("inf")),
    "other settings": lambda model: setattr(model.second, "padding", (1, 1)),
}


@torch.no_grad()
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_model_that_changes_goes_its_own_way(
    block: Any, fused_calls: list[None], change: Callable[[Any], object]
) -> None:
    change(block)
    expected = by_torch(block, images())  # of a copy: training writes statistics
    torch.testing.assert_close(block(images()), expected, rtol=1e-4, atol=1e-5, equal_nan=True)
    assert not fused_calls


def test_calls_of_other_kinds_go_the_way_of_the_model(block: Any, fused_calls: list[None]) -> None:
    check(block, fused_calls, is_fused=False)  # gradients are recorded
    block(images()).sum().backward()
    assert block.first.weight.grad is not None
    with torch.no_grad():
        check(block, fused_calls, is_fused=True)
        fused_calls.clear()
        block(x=images())
        with torch.autocast("cpu"):
            assert block(images()).dtype == by_torch(block, images()).dtype
        torch.func.vmap(block, in_dims=0)(images()[None])
        assert len(fused_calls) == 0
        block.bfloat16()
        check(block, fused_calls, is_fused=False, x=images().bfloat16())


@torch.no_grad()
def test_copies_are_as_the_model_was(block: Any) -> None:
    stream = io.BytesIO()
    torch.save(block, stream)
    stream.seek(0)
    for model in (copy.deepcopy(block), torch.load(stream, weights_only=False)):
        assert type(model) is Block
        torch.testing.assert_close(model(images()), block(images()), rtol=1e-4, atol=1e-5)
    assert type(unconvert_(block)) is Block


@torch.no_grad()
def test_a_fused_model_is_compiled_and_exported_whole(block: Any) -> None:
    expected = block(images())
    for model in (
        torch.export.export(block, (images(),)).module(),
        torch.compile(block, fullgraph=True, backend="eager"),
    ):
        torch.testing.assert_close(model(images()), expected, rtol=1e-4, atol=1e-5)


class OfMany(nn.Module):  # type: ignore[name-defined]
    """Its convolution is of one image, and its sum of as many as it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution, self.start = nn.Conv2d(4, 4, 3, padding=1), nn.Parameter(images(1))

    def forward(self, x: Any) -> Any:
        return nn.functional.silu(self.convolution(self.start) + x)


class Between(nn.Module):  # type: ignore[name-defined]
    """Writes to what its convolution read, before it adds it."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution, self.relu = nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(inplace=True)

    def forward(self, x: Any) -> Any:
        x = x * 1
        y = self.convolution(x)
        return y + self.relu(x)


@torch.no_grad()
@pytest.mark.parametrize("kind", [OfMany, Between])
def test_sums_are_those_of_the_model(kind: Any) -> None:
    model = kind().eval()
    fuse_(model, images(1).abs())
    assert type(model) is not kind
    torch.testing.assert_close(model(images(3)), by_torch(model, images(3)), rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_what_cannot_be_fused_stays_as_it_is() -> None:
    class Data(nn.Module):  # type: ignore[name-defined]
        def forward(self, x: Any) -> Any:
            return x if x.sum() > 0 else -x

    for model, x in ((Data().eval(), images()), (Block(), images()), (Block().eval(), [images()])):
        kind = type(model)
        fuse_(model, x)
        assert type(model) is kind


@torch.no_grad()
def test_examples_fuse_and_a_second_time_changes_nothing() -> None:
    model = nn.Sequential(Block(), nn.Flatten()).eval()
    state = list(model.state_dict())
    for _ in range(2):
        convert_(model, example_inputs=images())
        assert (type(model) is not nn.Sequential, list(model.state_dict())) == (True, state)
        torch.testing.assert_close(model(images()), by_torch(model, images()), rtol=1e-4, atol=1e-5)
    convert_(model)
    assert type(model) is nn.Sequential
