"""From a layer to its plan: which algorithms, which parts, and what follows them.

The kernels of F(m,r) run plain layers with two axes. `reduce` makes plain layers of all others, `split` short filters
of long ones, which lose digits and time in tiles of many inputs, and `lift` gives them two axes.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from wincook.arguments import flag, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.make.points_per_axis import Given
from wincook.construct.subject import Subject, algorithm_of
from wincook.epilogue.activation import Activation
from wincook.epilogue.epilogue import Epilogue
from wincook.errors import AlgorithmError, FormatError, NotationError, TargetError
from wincook.formats import Format
from wincook.kernels.choice.choose import Choice, choice_of, closest
from wincook.kernels.choice.error_limit import DEFAULT_LIMIT, error_limit
from wincook.kernels.choice.family import choose_family
from wincook.kernels.choice.machine import Machine
from wincook.kernels.choice.narrow import narrow_choice
from wincook.kernels.choice.rank import error_of
from wincook.kernels.choice.tuned import best_choice
from wincook.kernels.codegen.families import fuses
from wincook.kernels.plans.depthwise import plan_depthwise
from wincook.kernels.plans.direct import plan_direct, plan_terms, with_axes, with_two_axes
from wincook.kernels.plans.formats import Formats
from wincook.kernels.plans.layer_plan import LayerPlan, Padding, Parts, layer_plan_of, within
from wincook.kernels.plans.one_group import one_group
from wincook.kernels.plans.plan import AXES, Plan
from wincook.kernels.plans.quantised import is_quantised, plan_quantised
from wincook.kernels.plans.tiles.sparse import as_sparse, check_layer_of_sparse
from wincook.kernels.plans.tiles.tiled import plan
from wincook.kernels.target import Target
from wincook.layers import Layer, Phases, has_phases, layer_of, lift, reduce

_AS_IT_STANDS = ("direct", "depthwise")  # families of whole layers


def make_plan(  # noqa: PLR0913 (what defines a kernel)
    layer: Layer,
    algorithm: Subject | None = None,
    *,
    points: Given = None,
    max_error: float | str | None = None,
    format: Format | str = "float32",
    input_format: Format | str = "float32",
    output_format: Format | str = "float32",
    residual_format: Format | str = "float32",
    threads: int | None = None,
    target: Target | str | None = None,
    epilogue: Epilogue | Activation | str | None = None,
    memory: int | None = None,
    sparse: bool = False,
) -> LayerPlan:
    """Decide how a layer is computed, without compiling; arguments and errors as for `compile`."""
    formats = Formats.of(format, input_format, output_format, residual_format)
    layer, machine = layer_of(layer), Target.of(target)
    wanted = check_threads(threads, machine)
    limit = None if max_error is None else error_limit(max_error)
    after = Epilogue.of(epilogue)
    if not after.residual and formats.residual_format != "float32":
        raise FormatError(
            f"residual_format = {formats.residual_format} is of a residual, and the epilogue is {after}; give it "
            "residual=True"
        )
    after.output_size(layer)  # an output that cannot be pooled is told now
    inner = layer if layer.padding_mode == "zeros" else layer.unpadded
    if flag("sparse", sparse):
        check_layer_of_sparse(inner)
    decided = _planned(inner, algorithm, points, limit, wanted, machine, after, formats)
    if sparse:
        decided = as_sparse(decided, wanted, formats)
    decided = replace(
        decided,
        input_format=formats.input_format,
        output_format=formats.output_format,
        residual_format=formats.residual_format,
    )
    if inner is not layer:
        decided = replace(decided, layer=layer, padding=layer.pads)
    return decided if memory is None else within(decided, whole_number("memory", memory, most=None, error=TargetError))


def _planned(
    layer: Layer,
    algorithm: Subject | None,
    points: Given,
    limit: float | None,
    wanted: int,
    machine: Target,
    after: Epilogue,
    formats: Formats,
) -> LayerPlan:
    if algorithm is None and points is not None:
        raise AlgorithmError("points are for a tile; give one with them, such as algorithm='F(4x4,3x3)'")
    if is_quantised(formats) and algorithm is not None:
        single = plan_quantised(layer, algorithm, points, machine, wanted, formats)
        return _within_limit(_finished(layer, (), ((None, single),), after), limit)
    if algorithm is None and is_quantised(formats):
        narrow = narrow_choice(layer, formats, machine, wanted, limit)
        return _finished(layer, narrow.padding, narrow.parts, after)
    if algorithm is None and formats.format != "float32":
        in_float32 = _planned(layer, None, None, limit, wanted, machine, after, replace(formats, format="float32"))
        return _quicker(in_float32, formats, limit, wanted, after)
    family = choose_family(layer) if algorithm is None else algorithm
    if isinstance(family, str) and family in _AS_IT_STANDS:
        if points is not None:
            raise NotationError(f"points are for a tile, and {family} kernels have none; leave them out")
        return _as_it_stands(layer, family, machine, wanted, after, formats)
    if algorithm is None:
        chosen = _chosen(layer, machine, wanted, limit)
        return _finished(layer, chosen.padding, _in_formats(chosen.parts, formats), after)
    given = algorithm_of(algorithm, points)
    if given.tile.dimension == layer.dimension < AXES:
        given = with_axes(given, AXES)
    given.verify()
    if given.tile.strided:
        decided = _finished(layer, (), ((None, plan(with_two_axes(layer), given, machine, wanted, formats)),), after)
    else:
        decided = _finished(layer, *_in_parts(layer, given, machine, wanted, formats), after)
    return _within_limit(decided, limit)


def _quicker(in_float32: LayerPlan, formats: Formats, limit: float | None, threads: int, after: Epilogue) -> LayerPlan:
    """The quickest plan in a narrow format, or that in float32 where it is quicker, or where there is no other."""
    layer, target = in_float32.layer, in_float32.target
    try:
        narrow = narrow_choice(layer, formats, target, threads, limit)
    except FormatError:
        return in_float32
    seconds = choice_of(layer, in_float32.padding, in_float32.parts, Machine.of(target)).estimate.seconds
    if seconds < narrow.estimate.seconds:
        return in_float32
    return _finished(layer, narrow.padding, narrow.parts, after)


def _within_limit(decided: LayerPlan, limit: float | None) -> LayerPlan:
    """The plan, of a given algorithm.

    Raises:
        AlgorithmError: its error is beyond the limit.
    """
    if limit is not None and (error := relative_error_of(decided)) > limit:
        raise AlgorithmError(
            f"{decided.plans[0].algorithm.name} has a relative RMS error of {error:.2g} on {decided.layer}, more than "
            f"max_error = {limit:.2g}; leave the algorithm out, and one within it is chosen"
        )
    return decided


def _in_parts(
    layer: Layer, given: BilinearAlgorithm, machine: Target, threads: int, formats: Formats
) -> tuple[Padding, Parts]:
    """Each part by the same algorithm, and the padding of x; the shares of parts are added up in float32."""
    reduction = lift(reduce(layer), AXES)
    is_whole = layer.plain and layer.dimension == AXES and len(reduction.parts) == 1
    formats = formats if is_whole else formats.inner

    @cache
    def of_part(plain: Layer) -> Plan:
        return plan(plain, given, machine, threads, formats)

    parts = tuple((part, of_part(layer if is_whole else part.layer)) for part in reduction.parts)
    return reduction.padding, parts


def _finished(layer: Layer, padding: Padding, parts: Parts, epilogue: Epilogue) -> LayerPlan:
    """Parts and what follows them: in the code of an only part, if that can be."""
    (part, single), *_ = parts
    phases = Phases(layer) if layer.transposed and part is None else None
    is_fused = phases is None and fuses(single.loops, single.algorithm.tile.outputs, epilogue)
    if is_fused and (part is None or single.layer == layer):
        parts = ((part, replace(single, epilogue=epilogue)),)
    elif not is_fused:  # numpy does what follows, in float32
        parts = tuple(
            (part, replace(single, output_format="float32", residual_format="float32")) for part, single in parts
        )
    return LayerPlan(layer, padding, parts, phases, epilogue)


def _in_formats(parts: Parts, formats: Formats) -> Parts:
    """The parts of a choice in other formats of x, y and products."""
    is_whole = parts[0][0] is None or len(parts) == 1
    inner = formats if is_whole else formats.inner
    return tuple((part, _in_format(single, inner)) for part, single in parts)


def _in_format(single: Plan, formats: Formats) -> Plan:
    if not single.tiled:
        return _of_whole_layer(single.layer, single.family, single.target, single.threads, formats)
    return plan(single.layer, single.algorithm, single.target, single.threads, formats)


def _of_whole_layer(layer: Layer, family: str, target: Target, threads: int, formats: Formats) -> Plan:
    """The plan of a family that needs no parts.

    Raises:
        FormatError: it has no products in such a format.
    """
    if formats.format == "float32":
        return (
            plan_direct(layer, target, threads)
            if family == "direct"
            else plan_depthwise(layer, target, threads, formats)
        )
    if family == "direct":
        return plan_terms(one_group(layer, formats.format), target, threads, formats)
    raise FormatError(
        f"{family} kernels have no products in {formats.format}; take float32, whose x and y may be narrow"
    )


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
    return max(map(error_of, plans.values()))


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


def _as_it_stands(
    layer: Layer, family: str, target: Target, threads: int, epilogue: Epilogue, formats: Formats
) -> LayerPlan:
    """The plan of a layer that one kernel computes, transposed ones by the phases of their outputs."""
    planned = Phases(layer).plain if family == "direct" and has_phases(layer) else layer
    return _finished(layer, (), ((None, _of_whole_layer(planned, family, target, threads, formats)),), epilogue)
