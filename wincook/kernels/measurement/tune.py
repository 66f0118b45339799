"""The best of a few choices by the clock, remembered for later choices of the same layer on the same machine."""

from __future__ import annotations

from wincook.arguments import whole_number
from wincook.kernels.alternatives import alternatives
from wincook.kernels.choice.error_limit import DEFAULT_LIMIT, error_limit
from wincook.kernels.choice.tuned import MOST_TUNED, keep_winner
from wincook.kernels.make_plan import check_threads
from wincook.kernels.measurement.trial import Trial, trials
from wincook.kernels.target import Target
from wincook.layers import Layer


def tune(
    layer: Layer,
    *,
    max_error: float | str | None = None,
    threads: int | None = None,
    target: Target | str | None = None,
    most: int = 4,
    seconds: float = 2.0,
) -> tuple[Trial, ...]:
    """Time the quickest alternatives, and remember the best: `compile` takes it from now on. The best comes first.

    Args:
        layer: what to compute.
        max_error: as for `wincook.kernels.alternatives`, and so are `threads` and `target`.
        threads: see `max_error`.
        target: see `max_error`.
        most: how many alternatives, 8 at the most; each is compiled.
        seconds: how long to measure, for all of them together.

    Raises:
        ShapeError, TargetError, NotationError: as for `wincook.kernels.alternatives`.
        OutputError: what was found cannot be kept.
    """
    machine = Target.of(target)
    several = alternatives(
        layer,
        max_error=max_error,
        threads=threads,
        target=machine,
        most=whole_number("most", most, most=MOST_TUNED),
    )
    measured = sorted(
        trials([each.plan for each in several], seconds, errors=False), key=lambda trial: trial.timing.least
    )
    if measured:
        limit = DEFAULT_LIMIT if max_error is None else error_limit(max_error)
        keep_winner(layer, machine, check_threads(threads, machine), limit, measured[0].plan.parts)
    return tuple(measured)
