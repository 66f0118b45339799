"""A compiled plan: pack weights once, then call it on images."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from wincook.arguments import flag, instance
from wincook.arrays import Array, real_array
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands, given_residual, scale_and_shift
from wincook.errors import DataError
from wincook.kernels.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plan import Plan
from wincook.kernels.run.given import check_apart, finite, real, writable
from wincook.kernels.run.part_kernel import PartKernel
from wincook.layers.reduction import filters_first, padded_input

_MADE_BY = "wincook.compile(layer) makes it"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Packed:
    """Weights in the form in which one kernel reads them. A kernel makes it, and refuses what others made.

    `contents` are those of each part of the plan; bias, scale and shift, (K,), are what no kernel adds or multiplies.
    """

    plan: LayerPlan
    contents: tuple[Any, ...]
    bias: Any = None
    scale: Any = None
    shift: Any = None

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

    @property
    def modules(self) -> tuple[ModuleType, ...]:
        """The generated module of each part."""
        return tuple(kernel.module for kernel in self._kernels)

    def pack(self, weights: Any, bias: Any = None, *, scale: Any = None, shift: Any = None) -> Packed:
        """Transform weights for this kernel.

        Args:
            weights: (K, C/groups, *kernel), or (C, K/groups, *kernel) if the layer is transposed; any real type,
                rounded to float32 first.
            bias: (K,), or nothing for zeros.
            scale: (K,), if the epilogue has a scale; or nothing for ones.
            shift: (K,), likewise; or nothing for zeros.

        Raises:
            ShapeError: wrong shapes; a scale or shift where the epilogue has none.
            DataError: NaN, infinite or non-numeric values.
        """
        plan, layer = self.plan, self.plan.layer
        checked = finite(weights, "weights", layer.weight_shape)
        given = {"bias": bias, "scale": scale, "shift": shift}
        bias, scale, shift = (
            None if values is None else finite(values, name, (layer.filters,)) for name, values in given.items()
        )
        scale, shift = scale_and_shift(plan.epilogue, layer, scale, shift)
        if plan.whole:
            single = checked.reshape(plan.plans[0].layer.weight_shape)
            if plan.fused:
                return Packed(plan, (self._kernels[0].pack(single, bias, scale, shift),))
            return Packed(plan, (self._kernels[0].pack(single, bias),), None, scale, shift)
        first = filters_first(checked, layer)
        taps = (np.require(part.taps(first), np.float32, ["C", "A"]) for part in plan.reduction.parts)
        contents = tuple(kernel.pack(part, None) for kernel, part in zip(self._kernels, taps, strict=True))
        return Packed(plan, contents, bias, scale, shift)

    def __call__(
        self, x: Any, packed: Packed, out: Array | None = None, *, residual: Any = None, check_finite: bool = False
    ) -> Array:
        """Convolve a batch, and do what the epilogue says.

        A NaN or infinity in x reaches more outputs than in direct convolution: of the tiles that read it, it may be all
        outputs, of all filters, and infinities become NaN. Other tiles and other images are not touched, and no output
        is finite that direct convolution makes NaN or infinite.

        Arrays of float32 are read and written where they lie, if their channels (NHWC) or columns (NCHW) are
        neighbours: out may be some channels of a larger array, which others fill. All others are copied.

        Args:
            x: the layer's input shape; any real type and any strides.
            packed: weights from this kernel's `pack`.
            out: a float32 array of the plan's output shape to write to, apart from x; a new one if left out.
            residual: if the epilogue adds one, an array of the layer's output shape; any real type and strides. It may
                be out itself, unless the epilogue pools.
            check_finite: whether to refuse x with NaN, infinities, or numbers too large for float32. It reads x once
                more, for up to an eighth of a call's time, and NaN can be seen in y: so it is not the default.

        Returns:
            y, float32, of the plan's output shape.

        Raises:
            ShapeError: x, out or residual has the wrong shape, or out the wrong type or places that are one; a
                residual where the epilogue has none, or none where it has one.
            DataError: x or residual is not numeric, or x not finite and that was to be checked; out shares memory with
                what is read; or the weights were packed for another plan.
        """
        plan = self.plan
        packed = instance("packed", packed, Packed, "make it with this kernel: kernel.pack(weights, bias)", DataError)
        packed_for = getattr(packed, "plan", None)  # what was never filled has none
        if packed_for is not plan and packed_for != plan:
            raise DataError(f"these weights were packed for {packed_for}, not for {plan}; pack them with this kernel")
        image = real_array("x", x)
        ready = (finite if flag("check_finite", check_finite) else real)(image, "x", plan.layer.input_shape)
        added = given_residual(plan.epilogue, plan.layer, residual)
        y = self._output() if out is None else writable(out, plan.output_shape)
        if out is not None:
            check_apart(out, image, added, in_place=not plan.epilogue.pool)
        contents = getattr(packed, "contents", None)
        if not isinstance(contents, tuple) or len(contents) != len(self._kernels):
            raise DataError(f"these weights are not those of {len(self._kernels)} parts; pack them with this kernel")
        if not y.size:
            return y
        if added is not None:
            added = real(added, "residual", plan.layer.output_shape)
        if plan.fused:
            self._run_only(self._padded(ready), contents[0], y, added)
        else:
            self._finish(self._convolved(ready, contents), packed, y, added)
        return y

    def _output(self) -> Array:
        """A new array for y that starts on a cache line: vectors stored across two lines cost twice."""
        return self._kernels[0].aligned(self.plan.output_shape)

    def _padded(self, x: Array) -> Array:
        """x in the layer's layout, padded if not by the kernel."""
        if self.plan.inner is self.plan.layer:
            return x
        padded = padded_input(x, self.plan.layer, self.plan.padding)
        return np.moveaxis(padded, 1, -1) if self.plan.layer.layout == "NHWC" else padded

    def _run_only(self, x: Array, contents: Any, y: Array, residual: Array | None) -> None:
        """The kernel of an only part, which may have one axis more than the layer."""
        single = self.plan.plans[0].layer
        if residual is not None:
            residual = residual.reshape(single.output_shape)
        shape = self.plan.plans[0].epilogue.output_shape(single)
        self._kernels[0].run(x.reshape(single.input_shape), contents, y.reshape(shape), residual)

    def _convolved(self, x: Array, contents: tuple[Any, ...]) -> Array:
        """The convolution, (N, K, *out), of an only part with its bias, of several without."""
        layer, is_last = self.plan.layer, self.plan.layer.layout == "NHWC"
        if self.plan.whole:
            y = self._kernels[0].aligned(layer.output_shape)
            self._run_only(self._padded(x), contents[0], y, None)
            return np.moveaxis(y, -1, 1) if is_last else y
        padded = padded_input(x, layer, self.plan.padding)
        total = np.zeros((layer.batch, layer.filters, *layer.output_size), np.float32)
        for part, kernel, weights in zip(self.plan.reduction.parts, self._kernels, contents, strict=True):
            share = kernel.aligned(kernel.plan.layer.output_shape)
            kernel.run(part.image(padded), weights, share)
            part.add(total, share)
        return total

    def _finish(self, total: Array, packed: Packed, y: Array, residual: Array | None) -> None:
        """What follows the convolution, (N, K, *out), into y."""
        is_last = self.plan.layer.layout == "NHWC"
        if is_last and residual is not None:
            residual = np.moveaxis(residual, -1, 1)
        shape = (self.plan.layer.filters,)
        bias, scale, shift = (
            None if values is None else real(values, "a number for each filter", shape)
            for values in (packed.bias, packed.scale, packed.shift)
        )
        with np.errstate(all="ignore"):
            finished = finish(self.plan.epilogue, total, Operands(scale, shift, residual), bias=bias)
        (np.moveaxis(y, -1, 1) if is_last else y)[...] = finished

    def __repr__(self) -> str:
        return f"Kernel({self.plan})"
