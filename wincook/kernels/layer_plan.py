"""A plan for any layer: the plain layers that it is made of, and the plan of each.

The kernels there are run plain layers with two axes. `reduce` makes plain layers of all others, `split` short filters
of long ones, which lose digits and time in tiles of many inputs, and `lift` gives them two axes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import prod

from wincook.arguments import instance, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.make.points_per_axis import Given
from wincook.construct.subject import Subject, algorithm_of
from wincook.epilogue.activation import Activation
from wincook.epilogue.epilogue import NOTHING, Epilogue
from wincook.errors import FormatError, NotationError, TargetError
from wincook.formats import FLOAT32, Format
from wincook.kernels.choose import LARGEST_OUTPUTS, choose_family, choose_tile
from wincook.kernels.codegen.families import fuses
from wincook.kernels.codegen.footprint import footprint_of
from wincook.kernels.depthwise_plan import plan_depthwise
from wincook.kernels.direct_plan import plan_direct
from wincook.kernels.plan import AXES, Plan, plan
from wincook.kernels.scratch import BYTES, Scratch, in_lines
from wincook.kernels.target import Target
from wincook.layers import Layer, Part, Phases, Reduction, has_phases, layer_of, lift, reduce, split
from wincook.shown import brief
from wincook.tile import Tile

_AS_IT_STANDS = {"direct": plan_direct, "depthwise": plan_depthwise}  # families of whole layers

_MOST_HALVINGS = 32  # of a panel: no panel is larger than 2^32 tiles


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """How a layer is computed: x is padded by `padding`, y starts as zeros, and every part adds its share.

    A plain layer with two axes and a short filter is its own only part: its plan is for the layer itself, and nothing
    is padded before or added up. A layer that a kernel computes as it stands, strides and groups included, has no parts
    but a plan `alone`. So has a transposed layer of many phases, for the plain layer whose filters they are. A padding
    of other numbers than zeros is always made before. What the epilogue says is done in the kernel of a whole layer,
    where its tile and family allow, or by numpy, with the same bits.
    """

    layer: Layer
    padding: tuple[tuple[int, int], ...]
    parts: tuple[tuple[Part, Plan], ...]
    alone: Plan | None = None
    phases: Phases | None = None
    epilogue: Epilogue = NOTHING

    __repr__ = brief

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Of each part, or the one of the layer."""
        return tuple(decided for _, decided in self.parts) if self.alone is None else (self.alone,)

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
        """Whether one kernel computes the layer, which is nobody's part."""
        return self.alone is not None or self.plans[0].layer == self.inner

    @property
    def inner(self) -> Layer:
        """What the parts compute: the layer itself, or what is left when x has been padded."""
        return self.layer if self.layer.padding_mode == "zeros" else self.layer.unpadded

    @property
    def fused(self) -> bool:
        """Whether the kernel of an only part does what the epilogue says."""
        return self.whole and self.plans[0].epilogue == self.epilogue

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of y in the layer's layout: smaller than the layer's if the epilogue pools."""
        return self.epilogue.output_shape(self.layer)

    @property
    def scratch(self) -> Scratch:
        """The arrays that a call needs beside the workspaces of kernels."""
        padded: tuple[int, ...] = ()
        if not self.whole or self.inner is not self.layer:
            pads = map(sum, self.padding)
            size = (axis.size + more for axis, more in zip(self.layer.axes, pads, strict=True))
            padded = (self.layer.batch, self.layer.channels, *size)
        plain: list[Layer] = [] if self.whole else [single.layer for single in self.plans]
        return Scratch(
            padded=padded,
            total=self.layer.output_shape if self.epilogue and not self.fused else (),
            image=max((layer.input_shape for layer in plain), key=prod, default=()),
            share=max((layer.output_shape for layer in plain), key=prod, default=()),
            phases=() if self.phases is None else self.plans[0].layer.output_shape,
        )

    @property
    def kernel_bytes(self) -> int:
        """How much memory the kernel that needs most works in."""
        return max(footprint_of(single).workspace for single in set(self.plans))

    @property
    def workspace_bytes(self) -> int:
        """How much memory a call needs beside its arrays: what `workspace=` of a kernel must hold."""
        return in_lines(self.kernel_bytes) + sum(in_lines(prod(shape) * BYTES) for shape in self.scratch if shape)

    @property
    def packed_bytes(self) -> int:
        """How much memory the packed weights take."""
        return sum(footprint_of(single).packed for single in self.plans)

    @property
    def reduction(self) -> Reduction:
        """The layer as the sum of its parts, of which there are none where one kernel computes it as it stands."""
        return Reduction(self.layer, self.padding, tuple(part for part, _ in self.parts))

    def __str__(self) -> str:
        after = "" if self.fused or not self.epilogue else f", then {self.epilogue}"
        if self.whole:
            before = "" if self.inner == self.layer else f"{self.layer.padding_mode} padding {self.padding}, then "
            return f"{before}{self.plans[0]}{after}"
        different = list(dict.fromkeys(map(str, self.plans)))
        return "\n".join([f"{self.layer}{after}, in {len(self.parts)} parts:", *different])


def layer_plan_of(plan: object) -> LayerPlan:
    """The plan itself.

    Raises:
        NotationError: it is none.
    """
    return instance("plan", plan, LayerPlan, "wincook.kernels.make_plan(layer) makes one", NotationError)


def make_plan(
    layer: Layer,
    algorithm: Subject | None = None,
    *,
    points: Given = None,
    format: Format | str = "float32",
    threads: int | None = None,
    target: Target | str | None = None,
    epilogue: Epilogue | Activation | str | None = None,
    memory: int | None = None,
) -> LayerPlan:
    """Decide how a layer is computed, without compiling; arguments and errors as for `compile`."""
    if Format.of(format) != FLOAT32:
        raise FormatError(f"there is no kernel in format {Format.of(format)}; float32 is the one there is")
    layer, machine = layer_of(layer), Target.of(target)
    wanted = machine.threads if threads is None else whole_number("threads", threads, error=TargetError)
    if not 1 <= wanted <= machine.threads:
        raise TargetError(f"threads = {wanted} is not possible here; give 1 to {machine.threads}")
    after = Epilogue.of(epilogue)
    after.output_size(layer)  # an output that cannot be pooled is told now
    inner = layer if layer.padding_mode == "zeros" else layer.unpadded
    decided = _planned(inner, algorithm, points, wanted, machine, after)
    if inner is not layer:
        decided = replace(decided, layer=layer, padding=layer.pads)
    return decided if memory is None else within(decided, whole_number("memory", memory, most=None, error=TargetError))


def _planned(
    layer: Layer, algorithm: Subject | None, points: Given, wanted: int, machine: Target, after: Epilogue
) -> LayerPlan:
    family = choose_family(layer) if algorithm is None and points is None else algorithm
    if isinstance(family, str) and family in _AS_IT_STANDS:
        if points is not None:
            raise NotationError(f"points are for a tile, and {family} kernels have none; leave them out")
        return _as_it_stands(layer, family, machine, wanted, after)
    reduction = reduce(layer)
    if algorithm is None:
        reduction = split(reduction, LARGEST_OUTPUTS)
    reduction = lift(reduction, AXES)
    is_whole = layer.plain and layer.dimension == AXES and len(reduction.parts) == 1
    given = None if algorithm is None else algorithm_of(algorithm, points)
    if given is not None and given.tile.dimension == layer.dimension < AXES:
        given = _with_axes(given, AXES)

    @cache
    def of_part(plain: Layer) -> Plan:
        decided = algorithm_of(choose_tile(plain), points) if given is None else given
        decided.verify()
        return plan(plain, decided, machine, wanted)

    if is_whole:
        (part,) = reduction.parts
        return LayerPlan(layer, reduction.padding, ((part, _with_epilogue(of_part(layer), after)),), epilogue=after)
    parts = ((part, of_part(part.layer)) for part in reduction.parts)
    return LayerPlan(layer, reduction.padding, tuple(parts), epilogue=after)


def _with_epilogue(single: Plan, epilogue: Epilogue) -> Plan:
    """The plan with an epilogue in its code, if that can be."""
    fused = fuses(single.family, single.algorithm.tile.outputs, epilogue)
    return replace(single, epilogue=epilogue) if fused else single


def _as_it_stands(layer: Layer, family: str, target: Target, threads: int, epilogue: Epilogue) -> LayerPlan:
    """The plan of a layer that one kernel computes, transposed ones by the phases of their outputs."""
    phases = Phases(layer) if family == "direct" and has_phases(layer) else None
    single = _AS_IT_STANDS[family](layer if phases is None else phases.plain, target, threads)
    if phases is None:
        single = _with_epilogue(single, epilogue)
    return LayerPlan(layer, (), (), single, phases, epilogue)


def _with_axes(chosen: BilinearAlgorithm, dimension: int) -> BilinearAlgorithm:
    """An algorithm nested in axes of one output and one tap, the same products: F(4,3) as F(1x4,1x3)."""
    missing, unit = dimension - chosen.tile.dimension, construct(Tile((1,), (1,)))
    tile = Tile((1,) * missing + chosen.tile.outputs, (1,) * missing + chosen.tile.taps)
    return replace(
        chosen, tile=tile, points=unit.points * missing + chosen.points, axes=unit.axes * missing + chosen.axes
    )


def within(decided: LayerPlan, memory: int) -> LayerPlan:
    """The plan with panels small enough for a budget of bytes, for workspaces and packed weights together.

    Raises:
        TargetError: the smallest panels take more.
    """
    smaller, needed = decided, decided.workspace_bytes + decided.packed_bytes
    for _ in range(_MOST_HALVINGS):
        if needed <= memory:
            return smaller
        parts = tuple((part, _halved(single)) for part, single in smaller.parts)
        smaller = replace(smaller, parts=parts, alone=smaller.alone and _halved(smaller.alone))
        needed = smaller.workspace_bytes + smaller.packed_bytes
    raise TargetError(
        f"{decided.layer} takes {needed} bytes of memory with the smallest panels, more than memory = {memory}; "
        "give more, fewer threads or a smaller tile"
    )


def _halved(single: Plan) -> Plan:
    """The plan with panels of half the size."""
    return replace(single, panel=-(-single.panel // 2))
