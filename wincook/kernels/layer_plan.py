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
from wincook.errors import AlgorithmError, FormatError, NotationError, TargetError
from wincook.formats import FLOAT32, Format
from wincook.kernels.choice.choose import Choice, closest
from wincook.kernels.choice.error_limit import DEFAULT_LIMIT, error_limit
from wincook.kernels.choice.rank import relative_error
from wincook.kernels.choice.tuned import best_choice
from wincook.kernels.plan import AXES, Plan, plan
from wincook.kernels.target import Target
from wincook.layers import Layer, Part, Reduction, layer_of, lift, reduce
from wincook.shown import brief
from wincook.tile import Tile


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """How a layer is computed: x is padded by `padding`, y starts as zeros, and every part adds its share.

    A plain layer with two axes and a short filter is its own only part: its plan is for the layer itself, and nothing
    is padded before or added up.
    """

    layer: Layer
    padding: tuple[tuple[int, int], ...]
    parts: tuple[tuple[Part, Plan], ...]

    __repr__ = brief

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Of each part."""
        return tuple(decided for _, decided in self.parts)

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
        """Whether the layer is its own only part."""
        return self.plans[0].layer == self.layer

    @property
    def reduction(self) -> Reduction:
        """The layer as the sum of its parts."""
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
    max_error: float | str | None = None,
    format: Format | str = "float32",
    threads: int | None = None,
    target: Target | str | None = None,
) -> LayerPlan:
    """Decide how a layer is computed, without compiling; arguments and errors as for `compile`."""
    if Format.of(format) != FLOAT32:
        raise FormatError(f"there is no kernel in format {Format.of(format)}; float32 is the one there is")
    layer, machine = layer_of(layer), Target.of(target)
    wanted = check_threads(threads, machine)
    limit = None if max_error is None else error_limit(max_error)
    if algorithm is None:
        if points is not None:
            raise AlgorithmError("points are for a tile; give one with them, such as algorithm='F(4x4,3x3)'")
        chosen = _chosen(layer, machine, wanted, limit)
        return LayerPlan(layer, chosen.padding, chosen.parts)
    given = algorithm_of(algorithm, points)
    if given.tile.dimension == layer.dimension < AXES:
        given = _with_axes(given, AXES)
    given.verify()
    reduction = lift(reduce(layer), AXES)
    is_whole = layer.plain and layer.dimension == AXES and len(reduction.parts) == 1

    @cache
    def of_part(plain: Layer) -> Plan:
        return plan(plain, given, machine, wanted)

    parts = tuple((part, of_part(layer if is_whole else part.layer)) for part in reduction.parts)
    decided = LayerPlan(layer, reduction.padding, parts)
    if limit is not None and (error := relative_error_of(decided)) > limit:
        raise AlgorithmError(
            f"{given.name} has a relative RMS error of {error:.2g} on {layer}, more than max_error = {limit:.2g}; "
            "leave the algorithm out, and one within it is chosen"
        )
    return decided


def check_threads(threads: int | None, machine: Target) -> int:
    """How many threads to use: as many as are given, or all.

    Raises:
        TargetError: more than the machine runs at once, or no number.
    """
    wanted = machine.threads if threads is None else whole_number("threads", threads, error=TargetError)
    if not 1 <= wanted <= machine.threads:
        raise TargetError(f"threads = {wanted} is not possible here; give 1 to {machine.threads}")
    return wanted


def relative_error_of(decided: LayerPlan) -> float:
    """The predicted RMS of the error over the RMS of y: the largest of the parts'.

    Raises:
        NotationError: no plan.
    """
    plans = {single.layer: single for single in layer_plan_of(decided).plans}
    return max(relative_error(single.algorithm, plain.channels) for plain, single in plans.items())


def _chosen(layer: Layer, machine: Target, threads: int, limit: float | None) -> Choice:
    """The quickest choice within the limit; the closest one where none keeps the limit that nobody gave.

    Raises:
        AlgorithmError: none is within the limit.
    """
    quickest = best_choice(layer, machine, threads, limit or DEFAULT_LIMIT)
    if quickest is not None:
        return quickest
    best = closest(layer, machine, threads)
    if limit is not None:
        raise AlgorithmError(
            f"no algorithm computes {layer} within max_error = {limit:.2g}; the least relative RMS error is "
            f"{best.error:.2g}, so give at least {1.05 * best.error:.2g}"
        )
    return best


def _with_axes(chosen: BilinearAlgorithm, dimension: int) -> BilinearAlgorithm:
    """An algorithm nested in axes of one output and one tap, the same products: F(4,3) as F(1x4,1x3)."""
    missing, unit = dimension - chosen.tile.dimension, construct(Tile((1,), (1,)))
    tile = Tile((1,) * missing + chosen.tile.outputs, (1,) * missing + chosen.tile.taps)
    points = unit.points * missing + chosen.points if chosen.points else ()  # matrices from elsewhere have none
    return replace(chosen, tile=tile, points=points, axes=unit.axes * missing + chosen.axes)
