"""A plan for any layer: the plain layers that it is made of, and the plan of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from wincook.arguments import instance
from wincook.epilogue.epilogue import NOTHING, Epilogue
from wincook.errors import NotationError, TargetError
from wincook.kernels.codegen.footprint import footprint_of
from wincook.kernels.plans.formats import ElementFormat, dtype_of
from wincook.kernels.plans.plan import Plan
from wincook.kernels.plans.scratch import BYTES, Scratch, in_lines
from wincook.kernels.target import Target
from wincook.layers import Layer, Part, Phases, Reduction
from wincook.quantisation.affine import KINDS
from wincook.shown import brief

Padding = tuple[tuple[int, int], ...]
Parts = tuple[tuple[Part | None, Plan], ...]
"""Parts and their plans; a part that is None is the whole layer, which one kernel computes as it stands."""

_MOST_HALVINGS = 32  # of a panel: no panel is larger than 2^32 tiles


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """How a layer is computed: x is padded by `padding`, y starts as zeros, and every part adds its share.

    A plain layer with two axes and a short filter is its own only part: its plan is for the layer itself, and nothing
    is padded before or added up. A layer that one kernel computes as it stands, strides and groups included, needs no
    part to be named, nor does a transposed layer of many phases, for the plain layer whose filters they are. Where its
    plan is for one group of several, the kernel computes them in turn, each with filters of its own. A padding
    of other numbers than zeros is always made before. What the epilogue says is done in the kernel of an only part,
    where its tile and family allow, or by numpy, with the same bits. Elements of x, y and a residual have the formats
    of input, output and residual; where kernels read or write float32 instead, numpy converts them.
    """

    layer: Layer
    padding: Padding
    parts: Parts
    phases: Phases | None = None
    epilogue: Epilogue = NOTHING
    input_format: ElementFormat = "float32"
    output_format: ElementFormat = "float32"
    residual_format: ElementFormat = "float32"

    __repr__ = brief

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Of each part."""
        return tuple(decided for _, decided in self.parts)

    @property
    def algorithms(self) -> str:
        """The tiles of its parts, or the families that need none, each different one once."""
        names = (str(single.algorithm.tile) if single.tiled else single.family for single in self.plans)
        return ", ".join(dict.fromkeys(names))

    @property
    def threads(self) -> int:
        """The most that a part uses."""
        return max(decided.threads for decided in self.plans)

    @property
    def target(self) -> Target:
        """What its code is for."""
        return self.plans[0].target

    @property
    def whole(self) -> bool:
        """Whether one kernel computes the layer."""
        return self.parts[0][0] is None or self.plans[0].layer == self.inner

    @property
    def turns(self) -> int:
        """How many groups the kernel of a whole layer computes, one after the other."""
        return self.layer.groups // self.plans[0].layer.groups if self.parts[0][0] is None else 1

    @property
    def inner(self) -> Layer:
        """What the parts compute: the layer itself, or what is left when x has been padded."""
        return self.layer if self.layer.padding_mode == "zeros" else self.layer.unpadded

    @property
    def fused(self) -> bool:
        """Whether the kernel of an only part does what the epilogue says, and the scale of y."""
        needs_scale = self.phases is not None and self.output_format in KINDS
        return self.whole and self.plans[0].epilogue == self.epilogue and not needs_scale

    @property
    def sparse(self) -> bool:
        """Whether its kernel leaves out blocks of filters that are zero."""
        return self.plans[0].family == "sparse"

    @property
    def converts_y(self) -> bool:
        """Whether y is made of a float32 array that kernels wrote."""
        return self.output_format != ("float32" if self.phases is not None else self.plans[0].output_format)

    @property
    def converts_residual(self) -> bool:
        """Whether a residual is made floats before it is added."""
        return self.residual_format != (self.plans[0].residual_format if self.fused else "float32")

    @property
    def converts(self) -> bool:
        """Whether numpy converts x, y or a residual, which takes longer than to read and write them as they are."""
        is_read = self.plans[0].input_format == self.input_format
        return self.converts_y or self.converts_residual or not is_read

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of y in the layer's layout: smaller than the layer's if the epilogue pools."""
        return self.epilogue.output_shape(self.layer)

    @property
    def scratch(self) -> Scratch:
        """The arrays that a call needs beside the workspaces of kernels."""
        padded: tuple[int, ...] = ()
        converted = self.layer.input_shape if self.plans[0].input_format != self.input_format else ()
        if not self.whole or self.inner is not self.layer:
            converted = ()  # while it is padded
            pads = map(sum, self.padding)
            size = (axis.size + more for axis, more in zip(self.layer.axes, pads, strict=True))
            padded = (self.layer.batch, self.layer.channels, *size)
        plain: list[Layer] = [] if self.whole else [single.layer for single in self.plans]
        return Scratch(
            padded=padded,
            converted=converted,
            total=self._total,
            image=max((layer.input_shape for layer in plain), key=prod, default=()),
            share=max((layer.output_shape for layer in plain), key=prod, default=()),
            phases=() if self.phases is None else self.phases.plain.output_shape,
        )

    @property
    def _total(self) -> tuple[int, ...]:
        """The shape of what kernels write, where that is not y."""
        if self.epilogue and not self.fused:
            return self.layer.output_shape
        return self.output_shape if self.converts_y else ()

    @property
    def scratch_bytes(self) -> tuple[int, ...]:
        """Of each array that a call needs, in whole lines."""
        of_x = dtype_of(self.plans[0].input_format).itemsize
        sizes = {"padded": of_x, "converted": of_x, "image": of_x}
        shapes = self.scratch._asdict().items()
        return tuple(in_lines(prod(shape) * sizes.get(name, BYTES)) for name, shape in shapes if shape)

    @property
    def kernel_bytes(self) -> int:
        """How much memory the kernel that needs most works in."""
        return max(footprint_of(single).workspace for single in set(self.plans))

    @property
    def workspace_bytes(self) -> int:
        """How much memory a call needs beside its arrays: what `workspace=` of a kernel must hold."""
        return in_lines(self.kernel_bytes) + sum(self.scratch_bytes)

    @property
    def packed_bytes(self) -> int:
        """How much memory the packed weights take."""
        return self.turns * sum(footprint_of(single).packed for single in self.plans)

    @property
    def reduction(self) -> Reduction:
        """The layer as the sum of its parts; of none, where one kernel computes it as it stands."""
        return Reduction(self.layer, self.padding, tuple(part for part, _ in self.parts if part is not None))

    def __str__(self) -> str:
        after = "" if self.fused or not self.epilogue else f", then {self.epilogue}"
        if self.whole:
            before = "" if self.inner == self.layer else f"{self.layer.padding_mode} padding {self.padding}, then "
            groups = "" if self.turns == 1 else f"{self.turns} groups in turn: "
            return f"{before}{groups}{self.plans[0]}{after}"
        different = list(dict.fromkeys(map(str, self.plans)))
        return "\n".join([f"{self.layer}{after}, in {len(self.parts)} parts:", *different])


def layer_plan_of(plan: object) -> LayerPlan:
    """The plan itself.

    Raises:
        NotationError: it is none.
    """
    return instance("plan", plan, LayerPlan, "wincook.kernels.make_plan(layer) makes one", NotationError)


def within(decided: LayerPlan, memory: int) -> LayerPlan:
    """The plan with panels small enough for a budget of bytes, for workspaces and packed weights together.

    Raises:
        TargetError: the smallest panels take more.
    """
    smaller, needed = decided, decided.workspace_bytes + decided.packed_bytes
    for _ in range(_MOST_HALVINGS):
        if needed <= memory:
            return smaller
        halved = (
            (part, single if single.family == "shallow" else replace(single, panel=-(-single.panel // 2)))
            for part, single in smaller.parts
        )
        smaller = replace(smaller, parts=tuple(halved))
        needed = smaller.workspace_bytes + smaller.packed_bytes
    raise TargetError(
        f"{decided.layer} takes {needed} bytes of memory with the smallest panels, more than memory = {memory}; "
        "give more, fewer threads or a smaller tile"
    )
