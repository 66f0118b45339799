"""A plan for any layer: the plain layers that it is made of, and the plan of each.

The kernels there are run plain layers with two axes. `reduce` makes plain layers of all others, `split` short filters
of long ones, which lose digits and time in tiles of many inputs, and `lift` gives them two axes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from wincook.arguments import instance, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.make.points_per_axis import Given
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import FormatError, NotationError, TargetError
from wincook.formats import FLOAT32, Format
from wincook.kernels.choose import LARGEST_OUTPUTS, choose_family, choose_tile
from wincook.kernels.depthwise_plan import plan_depthwise
from wincook.kernels.direct_plan import plan_direct
from wincook.kernels.plan import AXES, Plan, plan
from wincook.kernels.target import Target
from wincook.layers import Layer, Part, Phases, Reduction, has_phases, layer_of, lift, reduce, split
from wincook.shown import brief
from wincook.tile import Tile

_AS_IT_STANDS = {"direct": plan_direct, "depthwise": plan_depthwise}  # families of whole layers


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """How a layer is computed: x is padded by `padding`, y starts as zeros, and every part adds its share.

    A plain layer with two axes and a short filter is its own only part: its plan is for the layer itself, and nothing
    is padded before or added up. A layer that a kernel computes as it stands, strides and groups included, has no parts
    but a plan `alone`. So has a transposed layer of many phases, for the plain layer whose filters they are.
    """

    layer: Layer
    padding: tuple[tuple[int, int], ...]
    parts: tuple[tuple[Part, Plan], ...]
    alone: Plan | None = None
    phases: Phases | None = None

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
        return self.alone is not None or self.plans[0].layer == self.layer

    @property
    def reduction(self) -> Reduction:
        """The layer as the sum of its parts, of which there are none where one kernel computes it as it stands."""
        return Reduction(self.layer, self.padding, tuple(part for part, _ in self.parts))

    def __str__(self) -> str:
        if self.whole:
            return str(self.plans[0])
        different = list(dict.fromkeys(map(str, self.plans)))
        return "\n".join([f"{self.layer}, in {len(self.parts)} parts:", *different])


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
) -> LayerPlan:
    """Decide how a layer is computed, without compiling; arguments and errors as for `compile`."""
    if Format.of(format) != FLOAT32:
        raise FormatError(f"there is no kernel in format {Format.of(format)}; float32 is the one there is")
    layer, machine = layer_of(layer), Target.of(target)
    wanted = machine.threads if threads is None else whole_number("threads", threads, error=TargetError)
    if not 1 <= wanted <= machine.threads:
        raise TargetError(f"threads = {wanted} is not possible here; give 1 to {machine.threads}")
    family = choose_family(layer) if algorithm is None and points is None else algorithm
    if isinstance(family, str) and family in _AS_IT_STANDS:
        if points is not None:
            raise NotationError(f"points are for a tile, and {family} kernels have none; leave them out")
        return _as_it_stands(layer, family, machine, wanted)
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

    parts = ((part, of_part(layer if is_whole else part.layer)) for part in reduction.parts)
    return LayerPlan(layer, reduction.padding, tuple(parts))


def _as_it_stands(layer: Layer, family: str, target: Target, threads: int) -> LayerPlan:
    """The plan of a layer that one kernel computes, transposed ones by the phases of their outputs."""
    phases = Phases(layer) if family == "direct" and has_phases(layer) else None
    single = _AS_IT_STANDS[family](layer if phases is None else phases.plain, target, threads)
    return LayerPlan(layer, (), (), single, phases)


def _with_axes(chosen: BilinearAlgorithm, dimension: int) -> BilinearAlgorithm:
    """An algorithm nested in axes of one output and one tap, the same products: F(4,3) as F(1x4,1x3)."""
    missing, unit = dimension - chosen.tile.dimension, construct(Tile((1,), (1,)))
    tile = Tile((1,) * missing + chosen.tile.outputs, (1,) * missing + chosen.tile.taps)
    return replace(
        chosen, tile=tile, points=unit.points * missing + chosen.points, axes=unit.axes * missing + chosen.axes
    )
