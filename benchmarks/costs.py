"""Times of kernels as the cost model predicts them, beside those measured, and whether the choice is the best there is.

    python -m benchmarks.costs [--layers issue] [--most 4] [--seconds 4] [--fit]

Of each layer the quickest alternatives are timed in turn, on one thread and by its own clock, which stands still while
the processor does something else; the least time of each counts. `--fit` also looks for constants of
`wincook/kernels/choice/cost/` that agree better, one after the other, up and down. They are printed, with what would
be gained; whether they are taken is for people to decide, who see whether a constant still means what it says. Run
`wincook doctor --measure` first, on a quiet machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from time import thread_time

from benchmarks.peers.layers import groups
from wincook.kernels.alternatives import alternatives
from wincook.kernels.choice.choose import choice_of
from wincook.kernels.choice.cost import constants
from wincook.kernels.choice.machine import Machine
from wincook.kernels.measurement.interleaved import timings
from wincook.kernels.measurement.trial import call_of, random_data
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.target import Target
from wincook.layers import layer_text

NEAR, AS_GOOD = 1.25, 1.05  # times as long
CONSTANTS = (
    *("PER_OPERATION", "PER_INPUT", "PER_V", "PER_PRODUCT", "PER_ROW", "PER_MICRO_KERNEL", "NOT_HIDDEN"),
    *("PER_GATHERED", "PER_TAP", "SPREAD", "DEPTHWISE", "RING", "PER_LINE", "PER_CALL", "PER_PART"),
)
_ROUNDS = 8  # of the search for better constants
_STEP = 0.25  # of the logarithm of a constant, halved in each round
_FAR = log(2)  # beyond, a kernel counts no more: it was disturbed, or its kind is not understood


@dataclass(frozen=True, slots=True)
class Measured:
    """A kernel: its plan, and the least seconds of a call."""

    plan: LayerPlan
    seconds: float

    def predicted(self, machine: Machine) -> float:
        """Seconds, with the constants of now."""
        return choice_of(self.plan.layer, self.plan.padding, self.plan.parts, machine).estimate.seconds

    def off(self, machine: Machine) -> float:
        """How many times as long it takes as predicted, or the other way round."""
        return exp(abs(log(self.seconds / self.predicted(machine))))


def measure(group: str, most: int, seconds: float) -> list[list[Measured]]:
    """The quickest alternatives of each layer of a group, as they are predicted; printed as they come."""
    machine, layers = Machine.of(Target.host()), []
    print("measured ms / predicted ms = ratio")
    for named in groups()[group]:
        several = alternatives(named.layer, threads=1, most=most)
        taken = timings([call_of(each.plan, *random_data(each.plan.layer)) for each in several], seconds, thread_time)
        layers.append([Measured(each.plan, timing.least) for each, timing in zip(several, taken, strict=True)])
        print(layer_text(named.layer))
        for each, alternative in zip(layers[-1], several, strict=True):
            predicted = each.predicted(machine)
            times = f"{1e3 * each.seconds:9.4f} / {1e3 * predicted:9.4f} = {each.seconds / predicted:.2f}"
            print(f"    {times}  {each.plan.algorithms}, bound by {alternative.estimate.binds}", flush=True)
    return layers


def summary(layers: Sequence[Sequence[Measured]], machine: Machine) -> str:
    """How many kernels and choices are as predicted."""
    kernels = [each for several in layers for each in several]
    near, first = (sum(each.off(machine) <= NEAR for each in some) for some in (kernels, [s[0] for s in layers]))
    best = sum(several[0].seconds <= AS_GOOD * min(each.seconds for each in several) for several in layers)
    return (
        f"within 25 %: {near} of {len(kernels)} kernels, {first} of {len(layers)} that are chosen; "
        f"chosen within 5 % of the best one measured: {best} of {len(layers)}"
    )


def misfit(kernels: Sequence[Measured], machine: Machine) -> float:
    """The mean of the logarithms of what times are off by, those far off counted no further."""
    return sum(min(log(each.off(machine)), _FAR) for each in kernels) / len(kernels)


def fit(kernels: Sequence[Measured], machine: Machine) -> dict[str, float]:
    """Constants that agree better; the module has them afterwards."""
    least = misfit(kernels, machine)
    for number in range(_ROUNDS):
        for name in CONSTANTS:
            kept = getattr(constants, name)
            for factor in (exp(_STEP / 2**number), exp(-_STEP / 2**number)):
                setattr(constants, name, kept * factor)
                if (found := misfit(kernels, machine)) < least:
                    least, kept = found, kept * factor
            setattr(constants, name, kept)
    return {name: getattr(constants, name) for name in CONSTANTS}


def main() -> None:
    """Measure, and say how it agrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", default="issue", choices=list(groups()), help="the group of layers")
    parser.add_argument("--most", type=int, default=4, help="alternatives of a layer")
    parser.add_argument("--seconds", type=float, default=4.0, help="for each layer")
    parser.add_argument("--fit", action="store_true", help="look for better constants")
    given = parser.parse_args()
    machine = Machine.of(Target.host())
    print(machine)
    layers = measure(given.layers, given.most, given.seconds)
    print(summary(layers, machine))
    if given.fit:
        before = {name: getattr(constants, name) for name in CONSTANTS}
        for name, value in fit([each for several in layers for each in several], machine).items():
            print(f"{name} = {value:.3g} in place of {before[name]:.3g}")
        print(summary(layers, machine))


if __name__ == "__main__":
    main()
