"""What conversion would do to a model, layer by layer, found out by running it once."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from wincook.arguments import instance
from wincook.errors import DataError, WincookError
from wincook.integrations.calibrated import INTEGERS
from wincook.integrations.torch.calls.kernels import kernel_of
from wincook.integrations.torch.config import WinogradConfig, config_of
from wincook.integrations.torch.modules import padded, settings_of, turned
from wincook.integrations.torch.narrow.watched import run_watched
from wincook.integrations.torch.tensors import layer_of
from wincook.kernels.make_plan import relative_error_of
from wincook.kernels.measurement.interleaved import timings
from wincook.layers import Layer, layer_text

_SECONDS = 0.02  # of both ways in turn, for each convolution
_MILLI = 1e3


@dataclass(frozen=True, slots=True)
class PlannedModule:
    """One convolution of a model: seconds before and after, and its error, the RMS over that of y."""

    name: str
    layer: Layer
    calls: int
    algorithms: str
    predicted_error: float
    measured_error: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """The convolutions of a model in the order in which they run; printed, a table."""

    modules: tuple[PlannedModule, ...]

    @property
    def before(self) -> float:
        """Seconds that all calls take by torch."""
        return sum(module.calls * module.before for module in self.modules)

    @property
    def after(self) -> float:
        """Seconds that all calls take by wincook."""
        return sum(module.calls * module.after for module in self.modules)

    def __str__(self) -> str:
        header = ("module", "layer", "calls", "algorithm", "predicted error", "error", "before, ms", "after, ms")
        rows = [
            (
                module.name or "(the model)",
                layer_text(module.layer),
                str(module.calls),
                module.algorithms,
                f"{module.predicted_error:.2g}",
                f"{module.measured_error:.2g}",
                f"{module.before * _MILLI:.3f}",
                f"{module.after * _MILLI:.3f}",
            )
            for module in self.modules
        ]
        total = ("in all", "", "", "", "", "", f"{self.before * _MILLI:.3f}", f"{self.after * _MILLI:.3f}")
        lines = [header, *rows, total]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        texts = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
        return "\n".join(text.rstrip() for text in texts)


def plan(model: nn.Module, example_inputs: Any, config: WinogradConfig | None = None) -> ModelPlan:
    """What `convert_` would do: the algorithm of each convolution, its error and its time before and after.

    The model runs once, in evaluation mode, and stays as it is. Each convolution of float32 on the CPU is then measured
    on the input of its first call, by torch and by wincook in turn; errors are against float64.

    Args:
        model: a module; what is turned already is compared with torch as well.
        example_inputs: a tensor, or a tuple of the arguments of the model.
        config: as for `convert_`.

    Raises:
        DataError: no module, one that is lazy and never ran, or that fails on these inputs.
        NotationError: no settings.
        WincookError: a tile that does not fit a convolution, or an error that no algorithm has; it names the module.
    """
    instance("model", model, nn.Module, "give a torch.nn.Module", DataError)
    settings = config_of(config)
    seen: dict[str, tuple[Tensor, int]] = {}
    watched = {
        name: module
        for name, module in model.named_modules()
        if turned(module) is not None and settings.of(name) is not None
    }
    run_watched(model, [example_inputs], watched, partial(_see, seen))
    with torch.no_grad():
        modules = [_named(name, model.get_submodule(name), x, calls, settings) for name, (x, calls) in seen.items()]
    return ModelPlan(tuple(modules))


def _see(seen: dict[str, tuple[Tensor, int]], name: str, module: Any, x: Tensor) -> None:
    """Keep the first input of a convolution, and count its calls."""
    if x.device.type == "cpu" and x.dtype == torch.float32 and x.dim() == len(module.kernel_size) + 2:
        first, calls = seen.get(name, (x.detach().clone(memory_format=torch.preserve_format), 0))
        seen[name] = first, calls + 1


def _named(name: str, *given: Any) -> PlannedModule:
    """One convolution, whose name stands in errors."""
    try:
        return _planned(name, *given)
    except WincookError as error:
        raise type(error)(f"{name or 'the model'}: {error}") from error


def _planned(name: str, module: nn.Module, x: Tensor, calls: int, config: WinogradConfig) -> PlannedModule:
    """One convolution, both ways."""
    plain, winograd = copy(module), copy(module)
    plain.__class__, winograd.__class__ = turned(module) or (type(module), type(module))
    by_wincook: Any = winograd
    of_module: Any = config.of(name)
    if of_module.format in INTEGERS:
        of_module = vars(by_wincook).get("winograd", of_module)  # with what it was calibrated for
        if of_module.format in INTEGERS and not hasattr(by_wincook, "calibration"):
            raise DataError(f"{of_module.format} needs scales; convert_ the model with calibrate_with first")
    by_wincook.winograd = of_module
    told = settings_of(winograd, of_module)
    geometry = (told.stride, told.padding, told.dilation, told.groups)
    layer = layer_of(padded(winograd, x), by_wincook.weight.shape, *geometry)
    kernel = kernel_of(layer, told.tile, told.extra, told.max_error, told.threads, told.format)
    exact: Any = copy(plain)
    exact._parameters = {key: None if value is None else value.double() for key, value in plain._parameters.items()}  # noqa: SLF001
    expected, y = exact.forward(x.double()), by_wincook.forward(x)  # without hooks
    before, after = timings([partial(plain.forward, x), partial(by_wincook.forward, x)], _SECONDS)
    error = (y - expected).square().mean().sqrt() / expected.square().mean().sqrt()
    return PlannedModule(
        name,
        kernel.plan.layer,
        calls,
        kernel.plan.algorithms,
        relative_error_of(kernel.plan),
        float(error),
        before.least,
        after.least,
    )
