"""A compiled plan: pack weights once, then call it on images."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from wincook.arguments import flag, instance
from wincook.arrays import Array, real_array
from wincook.errors import DataError, ShapeError
from wincook.kernels.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plan import Plan
from wincook.kernels.run.part_kernel import PartKernel
from wincook.layers.reduction import filters_first

_MADE_BY = "wincook.compile(layer) makes it"
_MOST_WORK = 10_000  # in finding out whether views with gaps overlap; beyond it they count as overlapping


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Packed:
    """Weights in the form in which one kernel reads them. A kernel makes it, and refuses what others made.

    `contents` are those of each part of the plan; `bias` is what is added to the sum of several parts.
    """

    plan: LayerPlan
    contents: tuple[Any, ...]
    bias: Any = None

    def __copy__(self) -> Packed:
        return self

    def __deepcopy__(self, memo: object) -> Packed:
        return self

    def __reduce__(self) -> NoReturn:
        raise DataError("packed weights belong to one process; send the weights, and pack them there")

    def __repr__(self) -> str:
        return f"Packed({self.plan.layer.filters} filters of {self.plan.layer.channels} channels)"


class Kernel:
    """A layer's convolution as machine code.

    Calls are thread-safe: each takes workspaces of its own from those that earlier calls gave back. Threads do not
    survive a fork: a process that was forked after kernels ran on several threads runs them on one; spawned ones
    do not lose any.
    """

    def __init__(self, plan: LayerPlan, modules: dict[Plan, ModuleType]) -> None:
        """Join a plan and the modules of its parts.

        Raises:
            NotationError: no plan, or no module of one of its parts.
        """
        self.plan = plan = layer_plan_of(plan)
        known = instance("modules", modules, dict, _MADE_BY)
        kernels = {
            single: PartKernel(single, instance(f"modules[{single}]", known.get(single), ModuleType, _MADE_BY))
            for single in dict.fromkeys(plan.plans)
        }
        self._kernels = tuple(kernels[single] for single in plan.plans)
        self._input_shape, self._output_shape = plan.layer.input_shape, plan.layer.output_shape

    @property
    def modules(self) -> tuple[ModuleType, ...]:
        """The generated module of each part."""
        return tuple(kernel.module for kernel in self._kernels)

    def pack(self, weights: Any, bias: Any = None) -> Packed:
        """Transform weights for this kernel.

        Args:
            weights: (K, C/groups, *kernel), or (C, K/groups, *kernel) if the layer is transposed; any real type,
                rounded to float32 first.
            bias: (K,), or nothing for zeros.

        Raises:
            ShapeError: wrong shapes.
            DataError: NaN, infinite or non-numeric values.
        """
        layer = self.plan.layer
        checked = finite(weights, "weights", layer.weight_shape)
        shift = None if bias is None else finite(bias, "bias", (layer.filters,))
        if self.plan.phases is not None:
            checked = self.plan.phases.weights(filters_first(checked, layer))
            shift = None if shift is None else self.plan.phases.bias(shift)
        if self.plan.whole:
            single = checked.reshape(self.plan.plans[0].layer.weight_shape)
            return Packed(self.plan, (self._kernels[0].pack(single, shift),))
        first = filters_first(checked, layer)
        taps = (np.require(part.taps(first), np.float32, ["C", "A"]) for part, _ in self.plan.parts)
        contents = tuple(kernel.pack(part, None) for kernel, part in zip(self._kernels, taps, strict=True))
        return Packed(self.plan, contents, shift)

    def __call__(self, x: Any, packed: Packed, out: Array | None = None, *, check_finite: bool = False) -> Array:
        """Convolve a batch.

        A NaN or infinity in x reaches more outputs than in direct convolution: of the tiles that read it, it may be all
        outputs, of all filters, and infinities become NaN. Other tiles and other images are not touched, and no output
        is finite that direct convolution makes NaN or infinite.

        Args:
            x: the layer's input shape; any real type and any strides, converted to contiguous float32.
            packed: weights from this kernel's `pack`.
            out: a contiguous float32 array of the layer's output shape to write to, apart from x; a new one if left
                out.
            check_finite: whether to refuse x with NaN, infinities, or numbers too large for float32. It reads x once
                more, for up to an eighth of a call's time, and NaN can be seen in y: so it is not the default.

        Returns:
            y, float32, of the layer's output shape.

        Raises:
            ShapeError: x or out has the wrong shape, or out the wrong type or strides.
            DataError: x is not numeric, or not finite and that was to be checked; out shares memory with x; or the
                weights were packed for another plan.
        """
        plan = self.plan
        packed = instance("packed", packed, Packed, "make it with this kernel: kernel.pack(weights, bias)", DataError)
        packed_for = getattr(packed, "plan", None)  # what was never filled has none
        if packed_for is not plan and packed_for != plan:
            raise DataError(f"these weights were packed for {packed_for}, not for {plan}; pack them with this kernel")
        image = real_array("x", x)
        ready = (finite if flag("check_finite", check_finite) else real)(image, "x", self._input_shape)
        y = self._output() if out is None else _writable(out, self._output_shape)
        if out is not None and np.may_share_memory(image, out, _MOST_WORK):  # type: ignore[arg-type]  # any number
            raise DataError("out shares memory with x, which is read while out is written; give another array")
        contents = getattr(packed, "contents", None)
        if not isinstance(contents, tuple) or len(contents) != len(self._kernels):
            raise DataError(f"these weights are not those of {len(self._kernels)} parts; pack them with this kernel")
        bias = None if packed.bias is None else real(packed.bias, "bias", (plan.layer.filters,))
        if not y.size:
            return y
        if plan.whole:
            self._run_whole(ready, contents[0], y)
        else:
            self._add_up(ready, contents, bias, y)
        return y

    def _output(self) -> Array:
        if not self.plan.whole or self.plan.phases is not None:
            return np.empty(self._output_shape, np.float32)
        return self._kernels[0].output().reshape(self._output_shape)

    def _run_whole(self, x: Array, contents: Any, y: Array) -> None:
        """The one kernel of the layer, whose one axis may be two to it, and whose outputs may interleave."""
        kernel, single, phases = self._kernels[0], self.plan.plans[0].layer, self.plan.phases
        if phases is None:
            kernel.run(x.reshape(single.input_shape), contents, y.reshape(single.output_shape))
            return
        outputs = kernel.output()
        kernel.run(x.reshape(single.input_shape), contents, outputs)
        phases.interleave(outputs.reshape(phases.plain.output_shape), y)

    def _add_up(self, x: Array, contents: tuple[Any, ...], bias: Array | None, y: Array) -> None:
        """The sum of the parts and then the bias, into y."""
        is_last = self.plan.layer.layout == "NHWC"
        padded = np.pad(np.moveaxis(x, -1, 1) if is_last else x, ((0, 0), (0, 0), *self.plan.padding))
        total = np.moveaxis(y, -1, 1) if is_last else y
        total[...] = 0
        for (part, _), kernel, weights in zip(self.plan.parts, self._kernels, contents, strict=True):
            share = kernel.output()
            kernel.run(np.require(part.image(padded), np.float32, ["C", "A"]), weights, share)
            part.add(total, share)
        if bias is not None:
            total += bias.reshape(-1, *(1,) * self.plan.layer.dimension)

    def __repr__(self) -> str:
        return f"Kernel({self.plan})"


def real(values: Any, name: str, shape: tuple[int, ...]) -> Array:
    """A contiguous, aligned float32 array of the given shape.

    Raises:
        ShapeError: the values have another shape.
        DataError: they are not real numbers.
    """
    array = real_array(name, values)
    if array.shape == shape and array.dtype == np.float32 and array.flags.carray:
        return array
    if array.shape != shape:
        raise ShapeError(f"{name} has shape {array.shape}; it must be {shape}")
    with np.errstate(over="ignore"):
        return np.require(array, np.float32, ["C", "A"])


def finite(values: Any, name: str, shape: tuple[int, ...]) -> Array:
    """The same, and every value finite.

    Raises:
        ShapeError: as `real`.
        DataError: as `real`, or a value that is NaN or infinite in float32.
    """
    array = real(values, name, shape)
    fine = np.isfinite(array)
    if not fine.all():
        place = tuple(int(i) for i in np.unravel_index(int(np.argmin(fine)), shape))
        raise DataError(f"{name}{list(place)} is {array[place]} in float32; all {name} must be finite")
    return array


def _writable(out: Array, shape: tuple[int, ...]) -> Array:
    right = isinstance(out, np.ndarray) and out.shape == shape and out.dtype == np.float32
    if not (right and out.flags.carray):
        raise ShapeError(f"out must be a writable, contiguous float32 array of shape {shape}")
    return out
