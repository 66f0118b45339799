"""One call of a layer's kernels: x is padded if they do not, each part is run and added up, and numpy does the rest."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.kernels.plans.formats import dtype_of
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.scratch import Room
from wincook.kernels.plans.shares import beginnings
from wincook.kernels.run.given import real
from wincook.kernels.run.packed import Packed
from wincook.kernels.run.part_kernel import PartKernel
from wincook.layers import PaddingMode
from wincook.program.bfloat16 import put_elements
from wincook.quantisation.affine import Affine
from wincook.quantisation.factors import requantised


class LayerCall:
    """What calls of a kernel do, with all that its plan says worked out once."""

    __slots__ = (
        *("_begins", "_bytes", "_fused", "_is_last", "_kernels", "_plan", "_scratch", "_shapes", "_turns", "_whole"),
        "_x_type",
    )

    def __init__(self, plan: LayerPlan, kernels: tuple[PartKernel, ...]) -> None:
        self._plan, self._kernels = plan, kernels
        self._scratch, self._whole, self._fused = plan.scratch, plan.whole, plan.fused
        self._is_last, self._turns = plan.layer.layout == "NHWC", plan.turns
        self._x_type = dtype_of(plan.plans[0].input_format)
        single = plan.plans[0]
        layer = single.layer
        self._begins = () if self._whole else beginnings(plan.reduction)
        self._bytes: tuple[int, int] | None = None
        self._shapes = layer.input_shape, layer.output_shape, single.epilogue.output_shape(layer)

    @property
    def bytes(self) -> tuple[int, int]:
        """Of the workspace, and of the part of it in which kernels work; found out when it is first needed."""
        if self._bytes is None:
            self._bytes = self._plan.workspace_bytes, self._plan.kernel_bytes
        return self._bytes

    @property
    def is_direct(self) -> bool:
        """Whether all is done by one kernel, which reads x and writes y of the layer's own shapes and formats."""
        plan, layer = self._plan, self._plan.layer
        shapes = layer.input_shape, layer.output_shape, plan.output_shape
        is_alone = self._fused and plan.phases is None and not any(self._scratch) and not plan.converts_residual
        return is_alone and self._shapes == shapes and prod(plan.output_shape) > 0

    @property
    def shares_are_apart(self) -> bool:
        """Whether no two parts write to the same place, so that each can add its bias."""
        return all(self._begins)

    def __call__(self, packed: Packed, x: Array, y: Array, residual: Array | None, room: Room) -> None:
        """Convolve x into y, checked arrays in the layout of the layer and the formats of the plan."""
        scratch = self._scratch
        memory = room.bytes(self.bytes[1]) if room.is_given else None
        if scratch.padded:
            x = self._padded(x if packed.left.x is None else x - np.float32(packed.left.x.zero_point), room)
        elif scratch.converted:
            x = self._converted(x, packed.left.x, room)
        if residual is not None and self._plan.converts_residual:
            residual = _real(residual, packed.left.residual)
        total = room.array(scratch.total) if scratch.total else y
        if self._fused:
            self._run_only(packed, x, total, residual, memory, room)
            if total is not y:
                put_elements(y, self._requantised(packed, total))
            return
        first = self._first(total)
        if self._whole:
            self._run_only(packed, x, total, None, memory, room)
        else:
            self._run_parts(packed, x, first, memory, room)
        self._finish(packed, first, y, residual)

    def _run_parts(self, packed: Packed, x: Array, total: Array, memory: Array | None, room: Room) -> None:
        """All parts into the sum of their shares, (N, K, *out).

        What kernels can read and write where it lies is not copied.
        """
        image, share = room.array(self._scratch.image, self._x_type).ravel(), room.array(self._scratch.share).ravel()
        if not any(self._begins):
            total[...] = 0
        of_parts = zip(self._plan.reduction.parts, self._kernels, packed.contents, self._begins, strict=True)
        for part, kernel, contents, begins in of_parts:
            inputs, place = part.image(x), part.place(total) if begins else None
            if not kernel.takes(inputs):
                copied = image[: inputs.size].reshape(inputs.shape)
                copied[...] = inputs
                inputs = copied
            if place is not None and kernel.takes(place):
                kernel.run(inputs, contents, place, memory=memory)
                continue
            outputs = share[: prod(part.layer.output_shape)].reshape(part.layer.output_shape)
            kernel.run(inputs, contents, outputs, memory=memory)
            (part.put if begins else part.add)(total, outputs)

    def _first(self, array: Array) -> Array:
        """The array with its channels before the axes of the image."""
        return np.moveaxis(array, -1, 1) if self._is_last else array

    def _padded(self, x: Array, room: Room) -> Array:
        """x padded: for an only part in the layout of the layer, for others with the channels first."""
        batch, channels, *size = shape = self._scratch.padded
        is_last = self._whole and self._is_last
        padded = room.array((batch, *size, channels) if is_last else shape, self._x_type)
        target = np.moveaxis(padded, -1, 1) if is_last else padded
        pad_into(target, self._first(x), self._plan.padding, self._plan.layer.padding_mode)
        return padded

    def _converted(self, x: Array, affine: Affine | None, room: Room) -> Array:
        """x in the format that kernels read, integers less their zero point."""
        converted = room.array(self._scratch.converted, self._x_type)
        converted[...] = x
        if affine is not None:
            converted -= np.float32(affine.zero_point)
        return converted

    def _run_only(
        self, packed: Packed, x: Array, y: Array, residual: Array | None, memory: Array | None, room: Room
    ) -> None:
        """The one kernel of the layer, whose one axis may be two to it, and whose outputs may interleave."""
        x_shape, residual_shape, y_shape = self._shapes
        kernel, phases = self._kernels[0], self._plan.phases
        outputs = y if phases is None else room.array(self._scratch.phases)
        for group, contents in enumerate(packed.contents):
            added = None if residual is None else self._of_group(residual, group).reshape(residual_shape)
            of_x, of_y = (self._of_group(array, group) for array in (x, outputs))
            kernel.run(of_x.reshape(x_shape), contents, of_y.reshape(y_shape), added, memory)
        if phases is not None:
            phases.interleave(outputs, y)

    def _of_group(self, array: Array, group: int) -> Array:
        """The channels of a group that the kernel computes in its turn, where they lie."""
        if self._turns == 1:
            return array
        channels = array.shape[-1 if self._is_last else 1] // self._turns
        chosen = slice(group * channels, (group + 1) * channels)
        return array[..., chosen] if self._is_last else array[:, chosen]

    def _finish(self, packed: Packed, total: Array, y: Array, residual: Array | None) -> None:
        """What follows the convolution, (N, K, *out), into y."""
        plan, shape = self._plan, (self._plan.layer.filters,)
        bias, scale, shift = (
            None if values is None else real(values, "a number for each filter", shape)
            for values in (packed.bias, packed.scale, packed.shift)
        )
        operands = Operands(scale, shift, None if residual is None else self._first(residual))
        with np.errstate(all="ignore"):
            if plan.epilogue:
                total = finish(plan.epilogue, total, operands, bias=bias)
            elif bias is not None:
                total += bias.reshape(-1, *(1,) * plan.layer.dimension)
            total = self._requantised(packed, total)
            if plan.epilogue or plan.converts_y:
                put_elements(self._first(y), total)

    def _requantised(self, packed: Packed, total: Array) -> Array:
        """Outputs as the integers that y has, if no kernel makes them so."""
        return total if packed.left.y is None else requantised(total, packed.left.y, self._plan.output_format)


def _real(residual: Array, affine: Affine | None) -> Array:
    """The numbers that the elements of a residual stand for, in float32."""
    return residual.astype(np.float32) if affine is None else affine.real(residual)


def pad_into(target: Array, image: Array, padding: tuple[tuple[int, int], ...], mode: PaddingMode) -> None:
    """Write images (N, C, *size) into larger ones, padded by (before, after) along each axis."""
    pairs = list(zip(padding, image.shape[2:], strict=True))
    inside: Any = (..., *(slice(before, before + size) for (before, _), size in pairs))
    target[inside] = image
    for axis, ((before, after), size) in enumerate(pairs, 2):
        lines, end = np.moveaxis(target, axis, 0), before + size
        for place in [*range(before), *range(end, end + after)]:
            match mode:
                case "zeros":
                    lines[place] = 0
                case "replicate":
                    lines[place] = lines[before if place < before else end - 1]
                case "reflect":
                    lines[place] = lines[2 * (before if place < before else end - 1) - place]
