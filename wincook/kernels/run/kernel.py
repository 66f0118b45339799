"""A compiled plan: pack weights once, then call it on images."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from wincook.arguments import flag, instance
from wincook.arrays import Array, real_array
from wincook.epilogue.operands import given_residual, scale_and_shift
from wincook.errors import DataError, ShapeError
from wincook.kernels.plans.formats import dtype_of
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plans.plan import Plan
from wincook.kernels.plans.scratch import Room, room_of
from wincook.kernels.run.calibrated import Scales, calibration_of, calibrations_of, scales_given
from wincook.kernels.run.given import check_apart, finite, real, writable
from wincook.kernels.run.layer_call import LayerCall
from wincook.kernels.run.packed import Packed
from wincook.kernels.run.part_kernel import PartKernel
from wincook.layers.reduction import filters_first
from wincook.quantisation.affine import Affine
from wincook.quantisation.calibration import Calibration
from wincook.sparse.mask import Mask

_MADE_BY = "wincook.compile(layer) makes it"


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
        self._run = LayerCall(plan, self._kernels)
        self._shapes = plan.layer.input_shape, plan.layer.output_shape, plan.output_shape
        self._types = tuple(map(dtype_of, (plan.input_format, plan.output_format, plan.residual_format)))
        self._direct = self._run.is_direct

    @property
    def modules(self) -> tuple[ModuleType, ...]:
        """The generated module of each part."""
        return tuple(kernel.module for kernel in self._kernels)

    def pack(
        self,
        weights: Any,
        bias: Any = None,
        *,
        scale: Any = None,
        shift: Any = None,
        calibration: Calibration | None = None,
        mask: Mask | None = None,
        x: Affine | None = None,
        y: Affine | None = None,
        residual: Affine | None = None,
    ) -> Packed:
        """Transform weights for this kernel.

        Args:
            weights: (K, C/groups, *kernel), or (C, K/groups, *kernel) if the layer is transposed; any real type,
                rounded to float32 first. A sparse kernel also takes them transformed, as U (K, C, *products).
            bias: (K,), or nothing for zeros.
            scale: (K,), if the epilogue has a scale; or nothing for ones.
            shift: (K,), likewise; or nothing for zeros.
            calibration: of a kernel in int8 or int16 the scales of the layer's data, as
                `wincook.quantisation.calibrate` finds them.
            mask: of a sparse kernel, which blocks of U are kept; all, if left out.
            x: of a kernel in float32, the scale and zero point of an x of uint8 or int8; a calibration has its own.
            y: the scale and zero point of a y of uint8 or int8; that of the calibration if left out.
            residual: those of a residual of uint8 or int8.

        Raises:
            ShapeError: wrong shapes; a scale or shift where the epilogue has none; a calibration of another layer; a
                mask of other filters or channels, of smaller blocks than the kernel's, or of one that is not sparse.
            DataError: NaN, infinite or non-numeric values; no calibration where one is needed, or one of another
                algorithm; no scale of y or a residual that needs one; a mask of another algorithm.
            FormatError: a calibration for a kernel in another format, or a scale of floats.
            NotationError: no mask, or no scale.
        """
        known = calibration_of(self.plan, calibration)
        plan, layer, single = self.plan, self.plan.layer, self.plan.plans[0]
        scales = scales_given(plan, known, x, y, residual)
        applied, left = scales.applied_by(single), scales.left_by(single)
        kept = self._kept(mask)
        array = real_array("weights", weights)
        checked = finite(array, "weights", self._accepted(array))
        if left.x is not None:
            checked = checked * np.float32(left.x.scale)
        given = {"bias": bias, "scale": scale, "shift": shift}
        bias, scale, shift = (
            None if values is None else finite(values, name, (layer.filters,)) for name, values in given.items()
        )
        scale, shift = scale_and_shift(plan.epilogue, layer, scale, shift)
        if plan.phases is not None:
            checked = plan.phases.weights(filters_first(checked, layer))
            bias = None if bias is None else plan.phases.bias(bias)
        if plan.whole:
            of_filters = (bias, scale, shift) if plan.fused else (bias, None, None)
            contents = self._groups(checked, of_filters, known, kept, applied)
            if plan.fused:
                return Packed(plan, contents, left=left, kernel=self)
            return Packed(plan, contents, None, scale, shift, left, kernel=self)
        first = filters_first(checked, layer)
        taps = (np.require(part.taps(first), np.float32, ["C", "A"]) for part in plan.reduction.parts)
        is_added = bias is not None and self._run.shares_are_apart
        contents = tuple(
            kernel.pack(of_part, bias[part.filters.start : part.filters.stop] if is_added else None)
            for kernel, of_part, part in zip(self._kernels, taps, plan.reduction.parts, strict=True)
        )
        return Packed(plan, contents, None if is_added else bias, scale, shift, left, kernel=self)

    def _groups(
        self,
        weights: Array,
        of_filters: tuple[Array | None, ...],
        calibration: Calibration | None,
        kept: Array | None,
        scales: Scales,
    ) -> tuple[Any, ...]:
        """What the one kernel of a layer reads, of each group that it computes."""
        turns, single = self.plan.turns, self.plan.plans[0].layer
        calibrations = (None,) * turns if calibration is None else calibrations_of(self.plan, calibration)
        contents = []
        for group, known in enumerate(calibrations):
            part = slice(group * single.filters, (group + 1) * single.filters)
            taps = weights[part] if self.plan.sparse else weights[part].reshape(single.weight_shape)
            bias, scale, shift = (None if values is None else values[part] for values in of_filters)
            contents.append(self._kernels[0].pack(taps, bias, scale, shift, known, scales, kept=kept))
        return tuple(contents)

    def _accepted(self, weights: Array) -> tuple[int, ...]:
        """The shape that weights must have: that of the layer, or, of a sparse kernel, that of U if it is theirs."""
        shape = self.plan.layer.weight_shape
        products = (*shape[:2], *(axis.multiplications for axis in self.plan.plans[0].algorithm.axes))
        return products if self.plan.sparse and weights.shape == products else shape

    def _kept(self, mask: Mask | None) -> Array | None:
        """What a mask keeps of U, by blocks of this kernel: booleans (products, blocks of filters, words)."""
        if mask is None:
            return None
        if not self.plan.sparse:
            raise ShapeError("a mask is for sparse kernels, and this one is dense; compile it with sparse=True")
        (single,) = self.plan.plans
        mask = instance("mask", mask, Mask, "wincook.sparse.prune makes one")
        mask.check(single.algorithm, single.layer.filters, single.layer.channels)
        return mask.rows(single.vectors * single.target.isa.lanes, single.words.channels)

    def __call__(
        self,
        x: Any,
        packed: Packed,
        out: Array | None = None,
        *,
        residual: Any = None,
        workspace: Array | None = None,
        check_finite: bool = False,
    ) -> Array:
        """Convolve a batch, and do what the epilogue says.

        A NaN or infinity in x reaches more outputs than in direct convolution: of the tiles that read it, it may be all
        outputs, of all filters, and infinities become NaN. Other tiles and other images are not touched, and no output
        is finite that direct convolution makes NaN or infinite.

        Arrays of the plan's formats are read and written where they lie, if their channels (NHWC) or columns (NCHW) are
        neighbours: out may be some channels of a larger array, which others fill. All others are copied.

        Args:
            x: the layer's input shape; any real type and any strides. It is rounded to the plan's `input_format`.
            packed: weights from this kernel's `pack`.
            out: an array of the plan's output shape and format to write to, apart from x; a new one if left out.
            residual: if the epilogue adds one, an array of the layer's output shape; any real type and strides. It is
                rounded to the plan's `residual_format`. It may be out itself, unless the epilogue pools.
            workspace: memory for this call, which no other may use meanwhile: bytes (uint8) as many as the plan's
                `workspace_bytes`, from a cache line on, as `workspace()` makes them. With out and arrays that need not
                be copied, a call of a single kernel then allocates nothing; left out, memory is kept from call to call.
            check_finite: whether to refuse x with NaN, infinities, or numbers too large for its format. It reads x once
                more, for up to an eighth of a call's time, and NaN can be seen in y: so it is not the default.

        Returns:
            y, of the plan's output shape and `output_format`.

        Raises:
            ShapeError: x, out, residual or workspace has the wrong shape, or out or workspace the wrong type, places
                that are one or a wrong start; a residual where the epilogue has none, or none where it has one.
            DataError: x or residual is not numeric, or x not finite and that was to be checked; out or workspace
                shares memory with what is read; or the weights were packed for another plan.
        """
        plan, contents = self.plan, self._contents_of(packed)
        x_shape, residual_shape, y_shape = self._shapes
        y = self._output() if out is None else out
        is_plain = workspace is None and check_finite is False and type(x) is np.ndarray and self._fits(residual)
        if self._direct and is_plain and self._kernels[0].refusal(x, contents[0], y, residual) is None:
            return y  # all others are converted, or their faults named
        image = real_array("x", x)
        ready = (finite if flag("check_finite", check_finite) else real)(image, "x", x_shape, self._types[0])
        added = given_residual(plan.epilogue, plan.layer, residual)
        if out is not None:
            check_apart(writable(out, y_shape, self._types[1]), image, added, in_place=not plan.epilogue.pool)
        if not y.size:
            return y
        if added is not None:
            added = real(added, "residual", residual_shape, self._types[2])
        room = Room(None)
        if workspace is not None:
            room = room_of(workspace, self._run.bytes[0], (image, y, added))
        self._run(packed, ready, y, added, room)
        return y

    def _fits(self, residual: Any) -> bool:
        """Whether a module need not be asked if there is to be a residual of this shape."""
        if residual is None:
            return True
        return self.plan.epilogue.residual and type(residual) is np.ndarray and residual.shape == self._shapes[1]

    def _contents_of(self, packed: Any) -> tuple[Any, ...]:
        """Packed weights as the modules know them, if they were packed for this kernel's plan."""
        packed = instance("packed", packed, Packed, "make it with this kernel: kernel.pack(weights, bias)", DataError)
        packed_for = getattr(packed, "plan", None)  # what was never filled has none
        if packed_for is not self.plan and packed_for != self.plan:
            raise DataError(
                f"these weights were packed for {packed_for}, not for {self.plan}; pack them with this kernel"
            )
        contents = getattr(packed, "contents", None)
        if not isinstance(contents, tuple) or len(contents) != len(self._kernels) * self.plan.turns:
            raise DataError(f"these weights are not those of {len(self._kernels)} parts; pack them with this kernel")
        return contents

    def workspace(self) -> Array:
        """A new array of bytes for calls, one at a time: as many as the plan's `workspace_bytes`, on a cache line."""
        return Room(None).bytes(self._run.bytes[0])

    def _output(self) -> Array:
        """A new array for y that starts on a cache line: vectors stored across two lines cost twice."""
        return self._kernels[0].aligned(self._shapes[2], self._types[1])

    def __repr__(self) -> str:
        return f"Kernel({self.plan})"
