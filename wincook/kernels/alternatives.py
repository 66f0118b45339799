"""The quickest ways to compute a layer, side by side, as the cost model sees them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from wincook.arguments import whole_number
from wincook.kernels.choice.choose import choice_of, choices, closest
from wincook.kernels.choice.cost.estimate import Estimate
from wincook.kernels.choice.error_limit import DEFAULT_LIMIT, error_limit
from wincook.kernels.choice.family import choose_family
from wincook.kernels.choice.machine import Machine
from wincook.kernels.choice.tuned import best_choice
from wincook.kernels.make_plan import check_threads, make_plan
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.target import Target
from wincook.layers import Layer, layer_of
from wincook.shown import brief

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
        """The tiles of its parts, each different one once."""
        return self.plan.algorithms

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
    threads: int | None = None,
    target: Target | str | None = None,
    most: int = 3,
) -> tuple[Alternative, ...]:
    """The quickest plans within a limit on the error; none if nothing is within it.

    They come as they are predicted on one thread, the quickest first; but where the layer was tuned, the winner comes
    before all.

    Args:
        layer: what to compute.
        max_error: as for `compile`; left out, 3e-6, or the least there is where that is more.
        threads: how many to use; all cores of this process if left out.
        target: `avx512`, `avx2` or `generic`; the best this machine has if left out.
        most: how many plans.

    Raises:
        ShapeError, TargetError: as for `compile`.
        NotationError: a limit that is none.

    >>> layer = Layer(channels=64, filters=64, size=(56, 56), kernel=(3, 3), padding=1)
    >>> first, second = alternatives(layer, max_error="110 dB", threads=1, most=2)
    >>> first.estimate.seconds <= 1.02 * second.estimate.seconds, first.error <= 10 ** (-110 / 20)
    (True, True)
    """
    layer, machine = layer_of(layer), Target.of(target)
    wanted, most = check_threads(threads, machine), whole_number("most", most, most=_MOST)
    limit = DEFAULT_LIMIT if max_error is None else error_limit(max_error)
    inner = layer if layer.padding_mode == "zeros" else layer.unpadded
    if choose_family(inner) != "nested":  # one kernel computes it as it stands
        only = make_plan(layer, threads=threads, target=machine)
        choice = choice_of(only.plans[0].layer, (), only.parts, Machine.of(machine))
        return (Alternative(only, choice.estimate, choice.error),) if max_error is None or choice.error <= limit else ()
    first = best_choice(inner, machine, wanted, limit)
    if first is None and max_error is None:
        first = closest(inner, machine, wanted)
    if first is None:
        return ()
    others = (each for each in choices(inner, machine, wanted, limit, most) if each.parts != first.parts)
    return tuple(
        Alternative(
            LayerPlan(layer, each.padding if inner is layer else layer.pads, each.parts), each.estimate, each.error
        )
        for each in (first, *islice(others, most - 1))
    )
