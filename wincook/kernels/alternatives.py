"""The quickest ways to compute a layer, side by side, as the cost model sees them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from wincook.arguments import whole_number
from wincook.kernels.choice.choose import Choice, choice_of, choices, closest
from wincook.kernels.choice.cost.estimate import Estimate
from wincook.kernels.choice.error_limit import DEFAULT_LIMIT, error_limit
from wincook.kernels.choice.family import choose_family
from wincook.kernels.choice.machine import Machine
from wincook.kernels.choice.narrow import DEFAULT_DECIBELS, narrow_choices
from wincook.kernels.choice.tuned import best_choice
from wincook.kernels.make_plan import check_threads, make_plan
from wincook.kernels.plans.formats import WITH_KERNELS, Formats, product_format
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.target import Target
from wincook.layers import Layer, layer_of
from wincook.shown import brief

ANY = "any"
"""Format of products: whichever is the quickest within the limit."""

_MOST = 50


@dataclass(frozen=True, slots=True)
class Alternative:
    """A plan of a layer, its predicted time, and the predicted RMS of its error over the RMS of y."""

    plan: LayerPlan
    estimate: Estimate
    error: float

    __repr__ = brief

    @property
    def algorithms(self) -> str:
        """The tiles of its parts, each different one once; of narrow formats with their points and the format."""
        single, *others = self.plan.plans
        if single.format == "float32":
            return self.plan.algorithms
        named = self.plan.algorithms if others or not single.tiled else single.algorithm.name
        return f"{named}, {single.formats}"

    def __str__(self) -> str:
        spent = self.estimate
        return (
            f"{self.algorithms}: {1e3 * spent.seconds:.3g} ms predicted, bound by {spent.binds}, relative RMS error "
            f"{self.error:.2g}"
        )


def alternatives(
    layer: Layer,
    *,
    max_error: float | str | None = None,
    format: str = "float32",
    threads: int | None = None,
    target: Target | str | None = None,
    most: int = 3,
) -> tuple[Alternative, ...]:
    """The quickest plans within a limit on the error; none if nothing is within it.

    They come as they are predicted on one thread, the quickest first; but where the layer was tuned, the winner comes
    before all.

    Args:
        layer: what to compute.
        max_error: as for `compile`; left out, 3e-6, or the least there is where that is more. In narrow formats, those
            that `compile` allows.
        format: of products: float32, bfloat16, int8, int16; or `any`, to choose among them all.
        threads: how many to use; all cores of this process if left out.
        target: `avx512`, `avx2` or `generic`; the best this machine has if left out.
        most: how many plans.

    Raises:
        ShapeError, TargetError, FormatError: as for `compile`.
        NotationError: a limit that is none.

    >>> layer = Layer(channels=64, filters=64, size=(56, 56), kernel=(3, 3), padding=1)
    >>> first, second = alternatives(layer, max_error="110 dB", threads=1, most=2)
    >>> first.estimate.seconds <= 1.02 * second.estimate.seconds, first.error <= 10 ** (-110 / 20)
    (True, True)
    """
    layer, machine = layer_of(layer), Target.of(target)
    wanted, most = check_threads(threads, machine), whole_number("most", most, most=_MOST)
    limit = None if max_error is None else error_limit(max_error)
    if format != "float32":
        return _in_formats(layer, format, limit, wanted, machine, most)
    return _in_float32(layer, limit, wanted, machine, most)


def _in_formats(
    layer: Layer, format: str, limit: float | None, threads: int, machine: Target, most: int
) -> tuple[Alternative, ...]:
    """Those of a narrow format, or of all formats together."""
    several = _in_float32(layer, limit, threads, machine, most) if format == ANY else ()
    inner = layer if layer.padding_mode == "zeros" else layer.unpadded
    narrow = [each for each in WITH_KERNELS if each != "float32"]
    for name in narrow if format == ANY else [product_format(format, (ANY,))]:
        allowed = 10 ** (-DEFAULT_DECIBELS[name] / 20) if limit is None else limit
        for choice in narrow_choices(inner, Formats(name), machine, threads, allowed, most):
            several += (_alternative(layer, inner, choice),)
    return tuple(sorted(several, key=lambda each: each.estimate.seconds)[:most])


def _alternative(layer: Layer, inner: Layer, choice: Choice) -> Alternative:
    padding = choice.padding if inner is layer else layer.pads
    return Alternative(LayerPlan(layer, padding, choice.parts), choice.estimate, choice.error)


def _in_float32(
    layer: Layer, given_limit: float | None, wanted: int, machine: Target, most: int
) -> tuple[Alternative, ...]:
    limit = DEFAULT_LIMIT if given_limit is None else given_limit
    inner = layer if layer.padding_mode == "zeros" else layer.unpadded
    if choose_family(inner) != "nested":  # one kernel computes it as it stands
        only = make_plan(layer, threads=wanted, target=machine)
        choice = choice_of(only.plans[0].layer, (), only.parts, Machine.of(machine))
        is_within = given_limit is None or choice.error <= limit
        return (Alternative(only, choice.estimate, choice.error),) if is_within else ()
    first = best_choice(inner, machine, wanted, limit)
    if first is None and given_limit is None:
        first = closest(inner, machine, wanted)
    if first is None:
        return ()
    others = (each for each in choices(inner, machine, wanted, limit, most) if each.parts != first.parts)
    return tuple(_alternative(layer, inner, each) for each in (first, *islice(others, most - 1)))
