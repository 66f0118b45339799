from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from wincook.errors import DataError  # noqa: E402
from wincook.integrations.torch import convert_, fuse  # noqa: E402

nn = torch.nn


class Block(nn.Module):  # type: ignore[name-defined]
    """As in residual networks: an activation used twice, a sum in place, another convolution beside."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(4, 6, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(6)
        self.relu = nn.ReLU(inplace=True)
        self.second = nn.Conv2d(6, 6, 3, padding=1)
        self.beside = nn.Conv2d(4, 6, 1)

    def forward(self, x: Any) -> Any:
        y = self.relu(self.norm(self.first(x)))
        y = self.second(y)
        y += self.beside(x)
        return self.relu(y)


def block() -> Any:
    torch.manual_seed(4)
    model = Block().eval()
    model.norm.running_mean.normal_()
    model.norm.running_var.uniform_(0.5, 2)
    return model


def test_what_follows_a_convolution_is_done_in_its_kernel() -> None:
    model, x = block(), torch.randn(2, 4, 9, 8)
    expected = model(x).detach()
    fused = fuse(convert_(model), x)
    called = [str(node.target).rstrip("0123456789") for node in fused.graph.nodes if node.op.startswith("call")]
    assert called == ["fused_"] * 3
    torch.testing.assert_close(fused(x), expected, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(model(x), expected, rtol=1e-4, atol=1e-5)  # the model is what it was


def test_sums_that_broadcast_and_results_used_twice_stay_apart() -> None:
    class Odd(nn.Module):  # type: ignore[name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.convolution = nn.Conv2d(2, 3, 3)

        def forward(self, x: Any, shift: Any) -> Any:
            y = self.convolution(x)
            return torch.relu(y) + y + shift

    model, given = Odd().eval(), (torch.randn(1, 2, 6, 6), torch.randn(3, 1, 1))
    expected = model(*given).detach()
    torch.testing.assert_close(fuse(convert_(model), *given)(*given), expected, rtol=1e-4, atol=1e-5)


def test_a_trace_that_computes_something_else_is_refused() -> None:
    class InPlace(nn.Module):  # type: ignore[name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.convolution = nn.Conv2d(3, 3, 3, padding=1)

        def forward(self, x: Any) -> Any:
            total = x * 2
            seen = total
            total += self.convolution(x)
            return total * seen

    with pytest.raises(DataError, match="other results"):
        fuse(convert_(InPlace().eval()), torch.randn(1, 3, 6, 6))


def test_what_cannot_be_fused_is_refused() -> None:
    with pytest.raises(DataError, match="training mode"):
        fuse(nn.Conv2d(1, 1, 1))

    class Data(nn.Module):  # type: ignore[name-defined]
        def forward(self, x: Any) -> Any:
            return x if x.sum() > 0 else -x

    with pytest.raises(DataError, match="cannot trace"):
        fuse(Data().eval(), torch.ones(1))
    fused = fuse(convert_(block()), torch.randn(1, 4, 5, 5))
    with pytest.raises(DataError, match="for inference"):
        fused(torch.randn(1, 4, 5, 5, requires_grad=True)).sum().backward()
