"""Models converted to narrow formats: torch's own bfloat16 and float32 say how far they may be off."""

from __future__ import annotations

import copy
import logging
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from wincook.errors import DataError, FormatError  # noqa: E402
from wincook.integrations import torch as wt  # noqa: E402

FORMATS = {"bfloat16": 35.0, "int8": 25.0, "int16": 38.0}  # decibels of two convolutions in a row
PARAMETERS = ["bfloat16", "int8", pytest.param("int16", marks=pytest.mark.nightly)]

pytestmark = pytest.mark.slow


def network() -> Any:
    nn = torch.nn
    torch.manual_seed(3)
    return nn.Sequential(
        nn.Conv2d(8, 16, 3, padding=1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 16, 3, padding=1),
        nn.ReLU(),
    ).eval()


def images(number: int, seed: int = 5) -> Any:
    return torch.randn(number, 8, 14, 13, generator=torch.Generator().manual_seed(seed)).relu()


def decibels(y: Any, expected: Any) -> float:
    return float(10 * torch.log10(expected.square().sum() / (y - expected).square().sum()))


def converted(format: str, model: Any = None, **more: Any) -> Any:
    """The network, or another model, in a format; calibrated if it must be."""
    examples = images(8, 6) if format.startswith("int") else None
    return wt.convert_(network() if model is None else model, format=format, calibrate_with=examples, **more)


@pytest.fixture(scope="module", params=PARAMETERS)
def model(request: pytest.FixtureRequest) -> Any:
    return converted(request.param)


def test_a_model_computes_nearly_the_same_and_keeps_its_state(model: Any) -> None:
    plain, x = network(), images(2)
    with torch.no_grad():
        assert decibels(model(x), plain(x)) > FORMATS[model[0].winograd.format]
    assert list(model.state_dict()) == list(plain.state_dict())
    again = copy.deepcopy(model)
    with torch.no_grad():
        assert torch.equal(again(x), model(x))


def test_gradients_are_those_of_float32(model: Any) -> None:
    """As if the rounded products were exact: of the last layer alone, whose input the formats do not change much."""
    x, plain = images(1), network()
    gradients = []
    for each in (model, plain):
        each.zero_grad()
        each(x).sum().backward()
        gradients.append(each[3].weight.grad)
    torch.testing.assert_close(*gradients, rtol=0.1, atol=0.1 * float(gradients[1].abs().max()))


def test_a_converted_model_is_compiled_and_exported_whole(model: Any) -> None:
    x = images(2)
    with torch.no_grad():
        expected = model(x)
        torch.testing.assert_close(torch.export.export(model, (x,)).module()(x), expected)
        torch.testing.assert_close(torch.compile(model, fullgraph=True, backend="aot_eager")(x), expected)


@pytest.mark.parametrize(
    "format", ["int8", *(pytest.param(each, marks=pytest.mark.nightly) for each in ("bfloat16", "int16"))]
)
def test_kernels_do_what_follows_convolutions(format: str) -> None:
    from wincook.integrations.torch.fusing.in_place import follow_, graph_of  # noqa: PLC0415

    model, x = converted(format), images(2)
    graph = graph_of(model, (x,))
    assert graph is not None
    with torch.no_grad():
        expected = model(x)
        follow_(model, graph, (x,))
        assert decibels(model(x), expected) > FORMATS[format]
        y = model(x.to(memory_format=torch.channels_last))
        assert y.is_contiguous(memory_format=torch.channels_last)
        assert decibels(y, expected) > FORMATS[format]


def test_models_and_autocast_in_bfloat16_are_computed() -> None:
    model, plain, x = converted("bfloat16"), network(), images(2)
    with torch.no_grad():
        expected = plain(x)
        with torch.autocast("cpu", torch.bfloat16):
            y = model(x)
        assert y.dtype == torch.bfloat16
        assert decibels(y.float(), expected) > FORMATS["bfloat16"]
        y = model.bfloat16()(x.bfloat16())
        assert y.dtype == torch.bfloat16
        assert decibels(y.float(), expected) > FORMATS["bfloat16"] - 3


def test_what_has_no_kernel_stays_in_float32_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    nn = torch.nn
    mixed = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.Conv2d(8, 8, 3, dilation=2, groups=8), nn.Conv2d(8, 4, 3))
    with caplog.at_level(logging.WARNING, "wincook"):
        converted("int8", mixed, config=wt.WinogradConfig(overrides={"2": None}))
    assert [each.winograd.format for each in mixed[:2]] == ["int8", "float32"]
    assert type(mixed[2]) is nn.Conv2d
    (record,) = caplog.records
    assert record.getMessage().startswith("1 stays in float32: ")
    wt.unconvert_(mixed)
    assert not hasattr(mixed[0], "calibration")


def test_wrong_calls_are_refused_in_a_line() -> None:
    with pytest.raises(DataError, match="int8 needs scales; give images"):
        wt.convert_(network(), format="int8")
    with pytest.raises(DataError, match="calibrate_with must be"):
        wt.convert_(network(), format="int8", calibrate_with=[[images(1)]])
    with pytest.raises(DataError, match="the model fails on these inputs"):
        wt.convert_(network(), format="int8", calibrate_with=images(1)[:, :3])
    with pytest.raises(FormatError):
        wt.convert_(network(), format="float8_e4m3")
    with pytest.raises(DataError, match="int8 needs scales; convert_ the model"):
        wt.plan(network(), images(1), wt.WinogradConfig(format="int8"))
