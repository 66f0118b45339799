"""Convolutions whose parameter is U: the same as torch's, with gradients straight through the mask, by kernels."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tests.golden import Golden  # noqa: E402
from wincook.errors import DataError, ShapeError  # noqa: E402
from wincook.integrations.torch import DomainConv2d, prune_, to_domain_  # noqa: E402

nn = torch.nn


def layer(channels: int = 6, filters: int = 40, **settings: Any) -> Any:
    torch.manual_seed(0)
    return nn.Conv2d(channels, filters, 3, **{"padding": 1} | settings)


def images(channels: int = 6, size: tuple[int, int] = (9, 8)) -> Any:
    return torch.randn(3, channels, *size, generator=torch.Generator().manual_seed(5))


def gradients(module: Any, x: Any) -> list[Any]:
    x = x.clone().requires_grad_()
    y = module(x)
    y.sin().sum().backward()
    return [y.detach(), x.grad, module.bias.grad]


@pytest.mark.parametrize("tile", ["F(2x2,3x3)", "F(4x4,3x3)"])
@pytest.mark.parametrize("padding", [0, 1, "same", (2, 1)])
def test_it_is_the_convolution_that_it_is_made_from(tile: str, padding: Any) -> None:
    convolution = layer(padding=padding)
    domain = DomainConv2d.of(convolution, tile)
    for one, other in zip(gradients(domain, images()), gradients(convolution, images()), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


def test_zeros_have_gradients_and_a_later_mask_may_keep_them() -> None:
    domain = DomainConv2d.of(layer())
    mask = domain.prune_(0.5, images())
    dropped = torch.from_numpy(~np.moveaxis(mask.of_each(), 0, -1)).reshape(domain.U.shape)
    gradients(domain, images())
    assert mask.sparsity == 0.5
    assert (domain.U.grad[dropped] != 0).all()
    before = domain(images())
    with torch.no_grad():
        domain.U[dropped] *= 9
    torch.testing.assert_close(domain(images()), before)  # they count as zeros
    assert domain.prune_(0.5, images()) != mask


def test_inference_is_by_a_sparse_kernel_with_the_mask() -> None:
    domain = DomainConv2d.of(layer())
    domain.prune_(0.7)
    expected = domain(images()).detach()
    domain.eval()
    with torch.no_grad():
        y = domain(images())
        torch.testing.assert_close(y, expected, rtol=1e-5, atol=1e-5)
        domain.U *= 2  # packed anew
        bias: Any = domain.bias
        torch.testing.assert_close(domain(images()) - bias[:, None, None], 2 * (y - bias[:, None, None]))


def test_the_mask_is_part_of_the_state() -> None:
    domain, file = DomainConv2d.of(layer()), io.BytesIO()
    domain.prune_(0.7, "normal")
    torch.save(domain.state_dict(), file)
    file.seek(0)
    other = DomainConv2d.of(layer())
    other.load_state_dict(torch.load(file))
    assert other.mask == domain.mask
    assert set(domain.state_dict()) == {"U", "bias", "kept"}


def test_v_may_go_through_a_relu() -> None:
    """Of a 1x1 tile V is x."""
    domain = DomainConv2d.of(layer(padding=0, bias=False), relu=True)
    x = images()
    assert not torch.allclose(domain(x), DomainConv2d.of(layer(padding=0, bias=False))(x))
    point = nn.Conv2d(6, 4, 1)
    torch.testing.assert_close(DomainConv2d.of(point, "F(1x1,1x1)", relu=True)(x), point(x.relu()))


def test_models_are_turned_and_pruned_in_place() -> None:
    model = nn.Sequential(layer(), nn.BatchNorm2d(40), nn.Sequential(layer(40), layer(40, stride=2), nn.ReLU()))
    x, y = images(), model.eval()(images()).detach()
    assert to_domain_(model, filter_fn=lambda module, name: name != "0") is model
    assert [type(module) for module in (model[0], model[2][0], model[2][1])] == [nn.Conv2d, DomainConv2d, nn.Conv2d]
    torch.testing.assert_close(model(x).detach(), y, rtol=1e-4, atol=1e-4)
    model.train()
    counted = int(model[1].num_batches_tracked)
    prune_(model, 0.5, x)
    assert (model[2][0].mask.sparsity, model.training) == (0.5, True)
    assert int(model[1].num_batches_tracked) == counted


def test_what_cannot_be_turned_is_named(golden: Golden) -> None:
    with golden.raises(ShapeError, match="strides"):
        DomainConv2d.of(layer(stride=2))
    with golden.raises(ShapeError, match=r"\(8, 6, 3, 3\)"):
        DomainConv2d(torch.ones(8, 6, 3, 3))
    with golden.raises(DataError, match="Conv2d"):
        DomainConv2d.of(nn.Linear(2, 2))
    with golden.raises(DataError, match="fails"):
        prune_(to_domain_(nn.Sequential(layer())), 0.5, torch.ones(1, 2, 8, 8))
