"""A convolution and what follows it as one module."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from wincook.epilogue.activation import Activation
from wincook.integrations.between import OF_FORMAT
from wincook.integrations.torch.calls.kernels import Kinds, Settings, epilogue_of, plan_of
from wincook.integrations.torch.calls.operators import convolve_and_finish, finished_by
from wincook.integrations.torch.calls.packed import Scales, as_tensor, calibration_in, packed_weights, sample_of
from wincook.integrations.torch.fusing.elements import FLOATS, Elements
from wincook.integrations.torch.modules import Winograd, format_wanted, padded, settings_of, turned
from wincook.integrations.torch.tensors import array_of, layer_of, memory_format, output_shape
from wincook.kernels import Kernel, LayerPlan, Packed
from wincook.kernels.measurement.interleaved import timings
from wincook.layers import fold_batch_norm
from wincook.quantisation import Calibration
from wincook.quantisation.affine import KINDS

_SECONDS = 0.02  # of all ways in turn
IN_FLOATS = (FLOATS, FLOATS, FLOATS)
_IN_PLACE: dict[str, Callable[..., Tensor]] = {
    "relu": torch.relu_,
    "relu6": partial(functional.relu6, inplace=True),
    "leaky": partial(functional.leaky_relu, inplace=True),
    "clamp": torch.clamp_,
    "silu": partial(functional.silu, inplace=True),
    "gelu": functional.gelu,
}


class FusedConvolution(nn.Module):
    """A convolution with batch normalisation folded into it, and what follows; for inference.

    Its weights are those of the convolution where nothing is folded into them, and else a copy, which `fold` renews.
    One that was turned is computed by a kernel, in one step; one of torch's own by torch, in several.
    """

    def __init__(self, convolution: Any, norm: Any, activation: str) -> None:
        super().__init__()
        self._sources = (convolution, norm)  # in a tuple, they are no parts of this module
        self._plain, _ = turned(convolution) or (type(convolution), None)
        is_ours = isinstance(convolution, Winograd)
        self._settings = settings_of(convolution, convolution.winograd) if is_ours else None
        self._word, self._compute = activation, convolve_and_finish
        self._activation = Activation.of(activation) if activation else None
        self._narrow_kind = OF_FORMAT.get(format_wanted(convolution)) if is_ours else None
        self._elements, self._for_integers = IN_FLOATS, None
        self._packed: dict[Kernel, Packed] = {}
        self.register_buffer("weight", None)
        self.register_buffer("bias", None)
        self.fold()

    def fold(self) -> None:
        """Take the weights as they are now.

        Raises:
            DataError: statistics of the batch normalisation that are not finite, or a variance below 0.
        """
        convolution, norm = self._sources
        weight, bias = convolution.weight.detach(), convolution.bias
        if norm is not None:
            weight, bias = _folded(weight, bias, norm)
        self.weight, self.bias = weight, None if bias is None else bias.detach()
        self._packed.clear()
        self._kept = self._read()
        samples = [sample_of(tensor) for tensor in self._kept]
        are_views = all(map(np.may_share_memory, samples, map(array_of, self._kept)))
        self._samples = samples if are_views else None
        self._state = self._state_now()

    def run_directly(self) -> None:
        """Call the function behind the operator, in half of the time, where nothing but its results tells of it.

        Whoever calls sees to it that the module is current.
        """
        self._compute = partial(finished_by, self._packed_for)

    def quickest(self, x: Tensor, residual: Tensor | None = None) -> Settings | None:
        """The settings with which it is quickest on such tensors: its own, or float32 or for None torch, on floats."""
        if self._settings is None:
            return None
        settings = [self._settings, None]
        if self._settings.format != "float32":
            settings.insert(1, self._settings._replace(tile="", extra=0, format="float32", calibration=None))
        of_x, _, of_residual = elements = self._elements
        floats = of_x.real(x), None if residual is None else of_residual.real(residual)
        ways = [partial(self._by, self._settings, elements, x, residual)]
        ways += [partial(self._by, each, IN_FLOATS, *floats) for each in settings[1:]]
        times = timings(ways, _SECONDS)
        return settings[min(range(len(settings)), key=lambda number: times[number].least)]

    def take(self, settings: Settings | None) -> None:
        """Be computed with these settings from now on, or for None by torch; on floats, until others are asked for."""
        self._settings = settings
        self.read_and_write(*IN_FLOATS)

    def read_and_write(
        self, x: Elements, y: Elements, residual: Elements, calibration: Calibration | None = None
    ) -> None:
        """Take tensors of such elements from now on, and give them; that of x may have a calibration for its scale."""
        self._elements = (x, y, residual)
        self._for_integers = None if calibration is None else as_tensor(calibration)
        self._packed.clear()

    @property
    def settings(self) -> Settings | None:
        """Those of its kernels; None where torch computes it."""
        return self._settings

    @property
    def convolution(self) -> Any:
        """The module that it computes in the place of."""
        return self._sources[0]

    @property
    def calibration(self) -> Calibration | None:
        """That of its products for x of floats, if they are of integers."""
        told = None if self._settings is None else self._settings.calibration
        return None if told is None else calibration_in(told)

    @property
    def narrow_kind(self) -> str | None:
        """The elements that go with the format that it was turned to, if that is a narrow one.

        So has one whose products are in float32 because there is no kernel in the format.
        """
        return self._narrow_kind

    def plan(self, x: Tensor, kinds: Kinds, *, residual: bool) -> LayerPlan:
        """That of its kernel for a tensor like x, whatever stands in it, and such elements."""
        told = self._settings
        assert told is not None  # noqa: S101 (torch has no plan)
        layer = layer_of(x, self.weight.shape, told.stride, told.padding, told.dilation, told.groups)
        threads = told.threads or torch.get_num_threads()
        epilogue = epilogue_of(self._word, residual=residual)
        return plan_of(layer, told.tile, told.extra, told.max_error, threads, told.format, kinds, epilogue)

    @property
    def is_current(self) -> bool:
        """Whether its weights are those of the modules that it was made of, as far as can be told at once."""
        return self._state == self._state_now()

    def forward(self, x: Tensor, residual: Tensor | None = None) -> Tensor:
        """activation(convolution of x + residual)."""
        return self._by(self._settings, self._elements, x, residual)

    def _by(
        self,
        settings: Settings | None,
        elements: tuple[Elements, Elements, Elements],
        x: Tensor,
        residual: Tensor | None,
    ) -> Tensor:
        """The same with settings of kernels, or for None by torch."""
        if settings is None:
            return self._by_torch(x, residual)
        image = padded(self._sources[0], x)
        _, of_y, of_residual = elements
        if residual is None or residual.shape == output_shape(image, self.weight, *settings[:3]):
            kind = {} if elements == IN_FLOATS else {"kind": of_y.dtype}
            return self._compute(image, self.weight, self.bias, residual, self._word, *settings, **kind)
        kind = {} if elements == IN_FLOATS else {"kind": torch.float32}
        y = self._compute(image, self.weight, self.bias, None, "", *settings, **kind)
        return of_y.of(self._finished(y, of_residual.real(residual)))

    def _packed_for(self, kernel: Kernel, weight: Tensor, bias: Tensor | None, calibration: Tensor | None) -> Packed:
        """The weights packed for a kernel, as they were folded."""
        packed = self._packed.get(kernel)
        if packed is None:
            plan = kernel.plan
            formats = (plan.input_format, plan.output_format, plan.residual_format)
            pairs = zip(self._elements, formats, strict=True)
            scales = Scales(*(each.affine if format in KINDS else None for each, format in pairs))
            if scales.x is not None and self._for_integers is not None:
                calibration = self._for_integers
            packed = self._packed[kernel] = packed_weights.of(kernel, weight, bias, calibration, scales=scales)
        return packed

    def _by_torch(self, x: Tensor, residual: Tensor | None) -> Tensor:
        y = self._plain._conv_forward(self._sources[0], x, self.weight, self.bias)  # noqa: SLF001 (the one that takes weights)
        return self._finished(y, residual)

    def _finished(self, y: Tensor, residual: Tensor | None) -> Tensor:
        """What follows, by torch; the sum may broadcast. y is written to."""
        if residual is not None:
            y = y.add_(residual) if residual.shape == y.shape else y + residual
        return y if self._activation is None else _IN_PLACE[self._activation.name](y, *self._activation.numbers)

    def _read(self) -> tuple[Tensor, ...]:
        """The tensors that the weights depend on."""
        convolution, norm = self._sources
        of_norm = () if norm is None else (norm.running_mean, norm.running_var, norm.weight, norm.bias)
        return tuple(tensor for tensor in (convolution.weight, convolution.bias, *of_norm) if tensor is not None)

    def _state_now(self) -> tuple[Any, ...]:
        """What changes with those tensors, which are kept, so that no other has the place of one.

        torch counts no writes through `.data`, so some of the numbers are among it.
        """
        tensors, norm = self._read(), self._sources[1]
        states = [(id(tensor), tensor._version, tensor.data_ptr()) for tensor in tensors]  # noqa: SLF001 (it has no other name)
        samples = self._samples or map(sample_of, tensors)
        return states, [sample.tobytes() for sample in samples], None if norm is None else norm.eps


def _folded(weight: Tensor, bias: Tensor | None, norm: Any) -> tuple[Tensor, Tensor]:
    """Weights and bias that do what a convolution and its batch normalisation do."""
    ones = torch.ones_like(norm.running_mean)
    gamma, beta = (ones, torch.zeros_like(ones)) if norm.weight is None else (norm.weight, norm.bias)
    start = torch.zeros_like(norm.running_mean) if bias is None else bias
    mean, variance, gamma, beta = map(array_of, (norm.running_mean, norm.running_var, gamma, beta))
    weights, shift = fold_batch_norm(array_of(weight), array_of(start), mean, variance, gamma, beta, norm.eps)
    return torch.from_numpy(weights).to(memory_format=memory_format(weight)), torch.from_numpy(shift)
