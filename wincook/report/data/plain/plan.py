"""Plans of layers, ready for JSON; times in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from wincook.interchange.write.plain import Plain
from wincook.kernels.alternatives import Alternative
from wincook.kernels.measurement.planned import PlannedLayer
from wincook.kernels.measurement.trial import Trial
from wincook.layers.notation.text import layer_text


def plain_plans(layers: Sequence[PlannedLayer]) -> Plain:
    """Each layer with its choices, the first one taken; and the time of all together."""
    measured = [each.measured_seconds for each in layers]
    return {
        "layers": [_plain_layer(each) for each in layers],
        "seconds": sum(each.seconds for each in layers),
        "measured_seconds": sum(filter(None, measured)) if all(measured) else None,
    }


def plain_trial(trial: Trial) -> Plain:
    """The times of calls, and the error that was measured."""
    timing = trial.timing
    return {"least": timing.least, "median": timing.median, "calls": timing.calls, "error": trial.error}


def _plain_layer(planned: PlannedLayer) -> Plain:
    trials = planned.trials or (None,) * len(planned.alternatives)
    return {
        "name": planned.named.name,
        "times": planned.named.times,
        "layer": layer_text(planned.named.layer),
        "choices": [_plain_choice(*each) for each in zip(planned.alternatives, trials, strict=True)],
    }


def _plain_choice(alternative: Alternative, trial: Trial | None) -> Plain:
    spent = alternative.estimate
    return {
        "algorithms": [
            {
                "tile": str(algorithm.tile),
                "points": list(map(str, algorithm.points)),
                "products": algorithm.multiplications,
            }
            for algorithm in dict.fromkeys(single.algorithm for single in alternative.plan.plans)
        ],
        "parts": len(alternative.plan.parts),
        "error": alternative.error,
        "seconds": spent.seconds,
        "spent": {field.name: getattr(spent, field.name) for field in fields(spent) if field.name != "roofline"},
        "roofline": spent.roofline,
        "bound_by": spent.binds,
        "measured": None if trial is None else plain_trial(trial),
    }
