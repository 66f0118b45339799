"""Models that torch quantised: torch computes them itself, in integers."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import pytest

torch = pytest.importorskip("torch")
quantize_fx = pytest.importorskip("torch.ao.quantization.quantize_fx")

from wincook.integrations import torch as wt  # noqa: E402
from wincook.integrations.torch.narrow.quantised import Quantised, Reference  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")]


def images(number: int) -> Any:
    return torch.rand(number, 8, 12, 11, generator=torch.Generator().manual_seed(1))


def quantised(*, by_reference: bool = False) -> Any:
    """Two convolutions, the first with a ReLU, whose images, weights and outputs are integers."""
    nn = torch.nn
    torch.manual_seed(2)
    model = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 6, 3, padding=1, bias=False)).eval()
    mapping = torch.ao.quantization.get_default_qconfig_mapping("x86")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prepared = quantize_fx.prepare_fx(model, mapping, (images(1),))
        prepared(images(4))
        return (quantize_fx.convert_to_reference_fx if by_reference else quantize_fx.convert_fx)(prepared)


def convolutions(model: Any, kind: Any) -> list[Any]:
    return [module for module in model.modules() if isinstance(module, kind)]


@pytest.mark.parametrize(("by_reference", "kind"), [(False, Quantised), (True, Reference)])
def test_results_are_those_of_torch_within_a_step(by_reference: bool, kind: Any) -> None:
    model, x = quantised(by_reference=by_reference), images(2)
    with torch.no_grad():
        expected = model(x)
        step = float(expected.unique().diff().min())
        assert wt.convert_(model) is model
        assert len(convolutions(model, kind)) == 2
        y = model(x)
        assert (
            float((y - expected).abs().max()) < 2.1 * step
        )  # what is off by one in the first layer is so in the second
        assert float(((y - expected).abs() > 0.1 * step).double().mean()) < 0.02
        assert torch.equal(copy.deepcopy(model)(x), y)
        wt.unconvert_(model)
        assert not convolutions(model, kind)
        assert torch.equal(model(x), expected)


def test_integers_are_multiplied_where_they_are_calibrated() -> None:
    model, x = quantised(), images(2)
    with torch.no_grad():
        expected = model(x)
        wt.convert_(model, format="int8", calibrate_with=images(8))
        assert {module.winograd.format for module in convolutions(model, Quantised)} == {"int8"}
        error = (model(x) - expected).square().mean().sqrt() / expected.square().mean().sqrt()
        assert float(error) < 0.05
