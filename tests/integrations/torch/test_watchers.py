"""Calls go past the operator where nobody can tell, and through it where someone watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import torch
from torch.autograd import forward_ad
from torch.utils.flop_counter import FlopCounterMode

from wincook.integrations.torch import WinogradConv2d, modules
from wincook.integrations.torch.calls.watchers import is_unseen


@contextmanager
def profiled() -> Iterator[None]:
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]):
        yield


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the ways that calls took."""
    ways: list[str] = []

    def told(name: str, way: Any) -> Any:
        def call(*given: Any) -> Any:
            ways.append(name)
            return way(*given)

        return call

    for name in ("convolve", "convolved"):
        monkeypatch.setattr(modules, name, told(name, getattr(modules, name)))
    return ways


@pytest.mark.parametrize(
    ("context", "way"),
    [
        (torch.no_grad(), "convolved"),
        (torch.inference_mode(), "convolved"),
        (torch.enable_grad(), "convolve"),
        (FlopCounterMode(display=False), "convolve"),
        (profiled(), "convolve"),
    ],
    ids=["no_grad", "inference", "grad", "dispatch mode", "profiler"],
)
def test_what_can_be_told_goes_through_the_operator(
    context: AbstractContextManager[Any], way: str, through: list[str]
) -> None:
    module, x = WinogradConv2d(2, 3, 3), torch.ones(1, 2, 6, 6)
    expected = torch.nn.functional.conv2d(x, module.weight, module.bias)
    if way == "convolve" and not isinstance(context, torch.enable_grad):
        module.requires_grad_(requires_grad=False)
    with context:
        y = module(x)
    assert through == [way]
    torch.testing.assert_close(y, expected, atol=1e-5, rtol=1e-5)
    assert y.requires_grad == isinstance(context, torch.enable_grad)


def test_tangents_are_not_lost() -> None:
    with torch.no_grad(), forward_ad.dual_level():
        assert not is_unseen(torch.ones(2))


def test_tensors_of_other_kinds_are_seen() -> None:
    class Own(torch.Tensor):
        pass

    assert not is_unseen(torch.ones(2).as_subclass(Own))
    assert is_unseen(torch.ones(2), None)
