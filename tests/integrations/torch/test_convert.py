from __future__ import annotations

import copy
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from wincook.errors import DataError, NotationError, ShapeError  # noqa: E402
from wincook.integrations import torch as wt  # noqa: E402


def network() -> Any:
    nn = torch.nn
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding="same", padding_mode="reflect"),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Sequential(nn.Conv2d(8, 6, 3, stride=2, padding=1, groups=2, bias=False), nn.GELU()),
    )


def images(*shape: int) -> Any:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(2))


def test_a_model_computes_the_same_and_its_state_is_what_it_was() -> None:
    model = network()
    state, x = copy.deepcopy(model.state_dict()), images(2, 3, 12, 14)
    expected = model(x)
    assert wt.convert_(model) is model
    assert [type(module) for module in (model[0], model[3][0])] == [wt.WinogradConv2d] * 2
    torch.testing.assert_close(model(x), expected, rtol=1e-4, atol=1e-5)
    assert list(model.state_dict()) == list(state)
    assert model[0].weight is dict(model.named_parameters())["0.weight"]
    wt.convert_(model)  # once more changes nothing
    model.load_state_dict(state)
    wt.unconvert_(model)
    assert type(model[0]) is torch.nn.Conv2d
    assert not hasattr(model[0], "winograd")


def test_names_and_a_filter_say_which_convolutions_are_turned() -> None:
    model = network()
    config = wt.WinogradConfig(overrides={"3.*": None, "0": wt.WinogradConfig(tile="F(2x2,3x3)")})
    wt.convert_(model, config)
    assert (type(model[3][0]), model[0].winograd.tile) == (torch.nn.Conv2d, "F(2x2,3x3)")
    wt.convert_(wt.unconvert_(model), filter_fn=lambda module, name: module.in_channels > 3)
    assert (type(model[0]), type(model[3][0])) == (torch.nn.Conv2d, wt.WinogradConv2d)


def test_derived_classes_are_left_alone() -> None:
    class Own(torch.nn.Conv2d):  # type: ignore[name-defined]
        def forward(self, x: Any) -> Any:
            return -super().forward(x)

    model = torch.nn.Sequential(Own(2, 3, 3))
    assert type(wt.convert_(model)[0]) is Own


def test_weights_that_change_are_packed_anew() -> None:
    model, x = torch.nn.Conv2d(4, 5, 3, padding=1), images(1, 4, 9, 9)
    wt.convert_(model)
    model(x)
    with torch.no_grad():
        model.weight.mul_(2)
        model.bias.zero_()
    expected = torch.nn.functional.conv2d(x, model.weight, None, padding=1)
    torch.testing.assert_close(model(x), expected, rtol=1e-4, atol=1e-5)
    model.load_state_dict({"weight": torch.ones(5, 4, 3, 3), "bias": torch.ones(5)})
    assert float(model(torch.ones(1, 4, 5, 5)).detach()[0, 0, 2, 2]) == pytest.approx(37, abs=1e-4)


def test_a_converted_model_is_compiled_and_exported_whole() -> None:
    model, x = wt.convert_(network().eval()), images(2, 3, 12, 14)
    expected = model(x)
    torch.testing.assert_close(torch.export.export(model, (x,)).module()(x), expected)
    torch.testing.assert_close(torch.compile(model, fullgraph=True, backend="aot_eager")(x), expected)


def test_channels_stay_last_where_they_are() -> None:
    model, x = wt.convert_(network()), images(2, 3, 12, 14)
    expected = model(x)
    y = model(x.to(memory_format=torch.channels_last))
    assert y.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(y, expected, rtol=1e-4, atol=1e-5)


def test_one_image_without_a_batch_and_other_types_are_computed() -> None:
    model, x = torch.nn.Conv2d(3, 4, 3), images(3, 8, 8)
    expected = model(x)
    wt.convert_(model)
    torch.testing.assert_close(model(x), expected, rtol=1e-4, atol=1e-5)
    assert model.bfloat16()(x.bfloat16()).dtype == torch.bfloat16


def test_gradients_are_those_of_torch() -> None:
    model, x = network(), images(2, 3, 12, 14)
    gradients = []
    for turn in (wt.unconvert_, wt.convert_):
        turn(model).zero_grad()
        entering = x.clone().requires_grad_()
        model(entering).square().sum().backward()
        gradients.append([entering.grad, *(parameter.grad for parameter in model.parameters())])
    for expected, gradient in zip(*gradients, strict=True):
        torch.testing.assert_close(gradient, expected, rtol=1e-3, atol=1e-3)


def test_examples_leave_what_is_no_quicker_to_torch() -> None:
    model, x = network().eval(), images(1, 3, 12, 14)
    table = wt.plan(model, x)
    assert [module.name for module in table.modules] == ["0", "3.0"]
    assert all(module.measured_error < 3e-6 and module.before > 0 and module.after > 0 for module in table.modules)
    assert str(table).splitlines()[-1].startswith("in all")
    expected = model(x)
    torch.testing.assert_close(wt.convert_(model, example_inputs=x)(x), expected, rtol=1e-4, atol=1e-5)


def test_plan_changes_nothing() -> None:
    model = torch.nn.Sequential(network(), torch.nn.Dropout())
    state, seed = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    wt.plan(model, images(1, 3, 12, 14))
    torch.testing.assert_close(model.state_dict(), state, rtol=0, atol=0)
    assert all(module.training for module in model.modules())
    assert torch.equal(torch.get_rng_state(), seed)


def test_plan_names_what_it_cannot_do() -> None:
    with pytest.raises(ShapeError, match=r"^1: F\(2x2,3x3\) is for a filter"):
        wt.plan(
            torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Conv2d(3, 4, 1)),
            images(1, 3, 8, 8),
            wt.WinogradConfig(tile="F(2x2,3x3)"),
        )
    with pytest.raises(DataError, match="run it once"):
        wt.plan(torch.nn.LazyConv2d(4, 3), images(1, 3, 8, 8))


def test_empty_batches_autocast_and_misfits_are_left_to_torch() -> None:
    model, plain = torch.nn.Conv2d(3, 4, 3), torch.nn.Conv2d(3, 4, 3)
    model.load_state_dict(plain.state_dict())
    wt.convert_(model)
    assert model(images(0, 3, 8, 8)).shape == (0, 4, 6, 6)
    with torch.autocast("cpu"):
        torch.testing.assert_close(model(images(1, 3, 8, 8)), plain(images(1, 3, 8, 8)), rtol=0, atol=0)
    with pytest.raises(RuntimeError, match="to have 3 channels, but got 5"):
        model(images(1, 5, 8, 8))


def test_wrong_calls_are_refused() -> None:
    with pytest.raises(DataError, match="model"):
        wt.convert_("a model")
    with pytest.raises(NotationError, match="config"):
        wt.convert_(network(), 1e-5)  # type: ignore[arg-type]
    with pytest.raises(NotationError, match="filter_fn"):
        wt.convert_(network(), filter_fn=lambda module, name: "yes")  # type: ignore[arg-type,return-value]
    with pytest.raises(DataError, match="fails on these inputs"):
        wt.plan(network(), images(1, 5, 8, 8))
