from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from wincook.errors import DataError, FormatError  # noqa: E402
from wincook.integrations.torch.calls import operators  # noqa: E402
from wincook.integrations.torch.calls.kernels import kernel_of  # noqa: E402
from wincook.kernels import Target  # noqa: E402
from wincook.layers import Layer  # noqa: E402

GEOMETRY: dict[str, dict[str, Any]] = {
    "one axis": {"size": (9,), "kernel": (3,)},
    "stride and groups": {"size": (7, 8), "kernel": (3, 3), "stride": [2, 1], "groups": 2},
    "dilation": {"size": (9, 8), "kernel": (3, 2), "dilation": [2, 3]},
    "three axes": {"size": (4, 5, 4), "kernel": (3, 1, 2)},
    "long filters": {"size": (13, 6), "kernel": (7, 3)},
}


def arguments(kind: Any, size: tuple[int, ...], kernel: tuple[int, ...], **given: Any) -> tuple[Any, ...]:
    generator, axes = torch.Generator().manual_seed(3), len(size)
    groups = given.get("groups", 1)
    x, weight, bias = (
        torch.randn(*shape, dtype=kind, generator=generator, requires_grad=True)
        for shape in ((2, 4, *size), (6, 4 // groups, *kernel), (6,))
    )
    geometry = (given.get("stride", [1] * axes), [1, 2] * axes, given.get("dilation", [1] * axes), groups)
    return (x, weight, bias, *geometry, "", 0, 3e-6, 1)


def expected(x: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int, *_: Any) -> Any:
    convolve = getattr(torch.nn.functional, f"conv{len(stride)}d")
    padded = torch.nn.functional.pad(x, padding)
    return convolve(padded, weight, bias, stride=stride, dilation=dilation, groups=groups)


@pytest.mark.slow
@pytest.mark.parametrize("geometry", GEOMETRY.values(), ids=GEOMETRY)
def test_kernels_compute_what_torch_does(geometry: dict[str, Any]) -> None:
    given = arguments(torch.float32, **geometry)
    torch.testing.assert_close(operators.convolve(*given), expected(*given), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("geometry", GEOMETRY.values(), ids=GEOMETRY)
def test_gradients_are_right_in_float64(geometry: dict[str, Any]) -> None:
    x, weight, bias, *rest = arguments(torch.float64, **geometry)
    torch.testing.assert_close(operators.convolve(x, weight, bias, *rest), expected(x, weight, bias, *rest))
    # Fast: one random direction in place of each number, but for the small case.
    fast = x.dim() > 3
    assert torch.autograd.gradcheck(
        lambda *tensors: operators.convolve(*tensors, *rest), (x, weight, bias), fast_mode=fast
    )


@pytest.mark.slow
@pytest.mark.parametrize("geometry", GEOMETRY.values(), ids=GEOMETRY)
def test_gradients_of_kernels_are_those_of_torch(geometry: dict[str, Any]) -> None:
    given = arguments(torch.float32, **geometry)
    gradients = [
        torch.autograd.grad(compute(*given).square().sum(), given[:3]) for compute in (operators.convolve, expected)
    ]
    for gradient, by_torch in zip(*gradients, strict=True):
        torch.testing.assert_close(gradient, by_torch, rtol=1e-3, atol=1e-3)


def test_operators_keep_the_rules_of_torch() -> None:
    x, weight, bias, *rest = arguments(torch.float32, **GEOMETRY["stride and groups"])
    last = x.detach().to(memory_format=torch.channels_last).requires_grad_()
    for image in (x, last):
        torch.library.opcheck(torch.ops.wincook.convolve.default, (image, weight, bias, *rest))
    gradient = operators.convolve(x, weight, bias, *rest).detach()
    geometry, plain = rest[:4], (x.detach(), weight.detach())
    torch.library.opcheck(torch.ops.wincook.input_gradient.default, (gradient, plain[1], [7, 8], *geometry, 3e-6, 1))
    torch.library.opcheck(torch.ops.wincook.weight_gradient.default, (gradient, plain[0], [3, 3], *geometry))
    finished = (plain[0], plain[1], None, gradient, "relu", *rest)
    torch.library.opcheck(torch.ops.wincook.convolve_and_finish.default, finished)


def test_second_derivatives_are_refused_by_name() -> None:
    x, weight, bias, *rest = arguments(torch.float64, **GEOMETRY["one axis"])
    y = operators.convolve(x, weight, bias, *rest)
    (gradient,) = torch.autograd.grad(y.square().sum(), x, create_graph=True)
    with pytest.raises(DataError, match="no second derivatives"):
        gradient.sum().backward()


def test_other_types_are_refused() -> None:
    given = arguments(torch.float32, **GEOMETRY["one axis"])
    with pytest.raises(FormatError, match="float32"):
        operators.convolve(given[0].half(), *given[1:])


@pytest.mark.parametrize("kind", [torch.float32, torch.float64])
def test_empty_batches_have_gradients(kind: Any) -> None:
    x, weight, bias, *rest = arguments(kind, **GEOMETRY["stride and groups"])
    y = operators.convolve(x[:0], weight, bias, *rest)
    assert not any(gradient.any() for gradient in torch.autograd.grad(y.sum(), (x, weight, bias)))


def test_threads_are_those_of_torch_at_each_call() -> None:
    layer, threads = Layer(4, 32, (40, 40), (3, 3)), torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        assert kernel_of(layer, "", 0, 3e-6, 0).plan.threads == 1
    finally:
        torch.set_num_threads(threads)
    assert kernel_of(layer, "", 0, 3e-6, 0).plan.threads == min(threads, Target.of(None).threads)
