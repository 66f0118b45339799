"""The plans of layers: what is chosen, its time, how far it is from the roofline, what binds it, and the runners-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wincook.kernels.measurement.planned import PlannedLayer
from wincook.kernels.measurement.stages import StageTimes
from wincook.kernels.measurement.trial import Trial
from wincook.layers.notation.text import layer_text
from wincook.report.table import Part, View, number, remark, table, words

_BOUND_BY = {
    "products": "products: multiplications and sums over the channels",
    "transforms": "transforms: of inputs and outputs",
    "filters": "filters: reading the transformed filters",
    "images": "images: reading x and writing y",
    "copies": "copies: putting parts together",
    "calls": "calls: starting the kernel",
}
_MILLI = 1e3


def plans_view(layers: Sequence[PlannedLayer], *, machine_is_known: bool) -> View:
    """One table for all layers, and sentences on the whole."""
    are_measured = all(each.trials for each in layers)
    columns = [words("layer", grouped=True), number("times", "d"), remark("algorithm"), number("error", ".2g")]
    columns += [number("predicted ms", ".3g"), *[number("measured ms", ".3g")] * are_measured]
    columns += [number("of roofline", ".0%"), remark("bound by")]
    rows = [row for each in layers for row in _rows(each)]
    plans = table("plan", "The quickest within the error allowed, and the runners-up", columns, rows)
    return View((plans, *_sentences(layers, machine_is_known)))


def bench_view(trials: Sequence[Trial], errors: Sequence[float], stages: Sequence[StageTimes | None]) -> View:
    """Times of the calls of plans, errors beside what is predicted, and what time is spent on, where that is known."""
    columns = [remark("algorithm"), number("least ms", ".4g"), number("median ms", ".4g"), number("calls", "d")]
    columns += [number("GFLOP/s", ".0f"), number("error", ".2g"), number("predicted error", ".2g")]
    rows = [
        (
            trial.plan.algorithms,
            _MILLI * trial.timing.least,
            _MILLI * trial.timing.median,
            trial.timing.calls,
            2e-9 * trial.plan.layer.multiplications / trial.timing.least,
            trial.error,
            error,
        )
        for trial, error in zip(trials, errors, strict=True)
    ]
    caption = "GFLOP/s count the operations of direct convolution"
    times = table("bench", str(trials[0].plan.layer), columns, rows, caption=caption)
    spent = [row for trial, each in zip(trials, stages, strict=True) if each for row in _stage_rows(trial, each)]
    return View((times, _stages_table(spent)) if spent else (times,))


def _stages_table(rows: Sequence[tuple[Any, ...]]) -> Part:
    columns = [words("algorithm", grouped=True), words("stage"), number("ms", ".4g"), number("of the call", ".0%")]
    caption = "the rest: Python, starting threads, copies; packing is done once for many calls"
    return table("stages", "What the time is spent on", columns, rows, caption=caption)


def _stage_rows(trial: Trial, times: StageTimes) -> Iterator[tuple[Any, ...]]:
    call = {**times.stages, "the rest": times.rest}
    for stage, seconds in call.items():
        yield trial.plan.algorithms, stage, _MILLI * seconds, seconds / sum(call.values())
    yield trial.plan.algorithms, "packing", _MILLI * times.packing, None


def _rows(planned: PlannedLayer) -> Iterator[tuple[Any, ...]]:
    named = planned.named
    name = f"{named.name}: {layer_text(named.layer)}" if named.name else layer_text(named.layer)
    for place, alternative in enumerate(planned.alternatives):
        spent = alternative.estimate
        measured = [_MILLI * planned.trials[place].timing.least] if planned.trials else []
        seconds = planned.trials[place].timing.least if planned.trials else spent.seconds
        yield (
            name,
            None if place else named.times,
            alternative.algorithms,
            alternative.error,
            _MILLI * spent.seconds,
            *measured,
            spent.roofline / seconds,
            spent.binds,
        )


def _sentences(layers: Sequence[PlannedLayer], machine_is_known: bool) -> Iterator[Part]:  # noqa: FBT001 (private)
    yield ""
    for binds in dict.fromkeys(each.estimate.binds for planned in layers for each in planned.alternatives):
        yield _BOUND_BY[binds]
    if len(layers) > 1:
        measured = [each.measured_seconds for each in layers]
        beside = f", {_MILLI * sum(filter(None, measured)):.3g} ms measured" if all(measured) else ""
        yield f"together: {_MILLI * sum(each.seconds for each in layers):.3g} ms predicted{beside}"
    if not machine_is_known:
        yield "predicted with the numbers of a typical machine; wincook doctor --measure finds out those of this one"
