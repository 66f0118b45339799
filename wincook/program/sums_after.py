"""What the programs of an algorithm looked like on their way: the sums of each transform after a pass.

Of the chains of an aim that have the pass, the one is shown whose program is the cheapest.
"""

from __future__ import annotations

from dataclasses import dataclass

from wincook.arguments import choice, instance
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import NotationError
from wincook.program.chain import START, Transform, steps, sums_text
from wincook.program.cost import Cost, cost
from wincook.program.programs import cheapest, exact, lower
from wincook.program.style import AIMS, BALANCED, PASSES, Style
from wincook.program.sums import Sums

STEPS = (START, *PASSES)


@dataclass(frozen=True, slots=True)
class TransformSums:
    """The sums of one transform, and what they cost as operations if no pass came after."""

    transform: Transform
    sums: Sums
    cost: Cost

    def __str__(self) -> str:
        return sums_text(self.sums, self.transform.source, self.transform.target)


def sums_after(algorithm: Subject, step: str, style: Style = BALANCED) -> tuple[TransformSums, ...]:
    """The sums of every transform after a step, and their cost: of the filter first, then of input and output.

    Axes with the same matrix share one entry. Where a matrix is a product, each factor has one, the rightmost first.

    Args:
        algorithm: any proven algorithm of real numbers.
        step: `dot products`, or the name of a pass in `wincook.program.style.PASSES`; +- may stand for ±.
        style: which chains are run.

    Raises:
        NotationError: there is no such step, or no chain of the style has it.
        AlgorithmError: an entry is no real number, or a symbol.

    >>> print(sums_after("F(2,3)", "share ± rows")[0])
    U0 = -g0
    t1 = g0 · 1/2 + g2 · 1/2
    U1 = t1 + g1 · 1/2
    U2 = t1 + g1 · -1/2
    U3 = g2
    """
    step = step_named(step)
    style = instance("style", style, Style, "make it with Style('additions')")
    chains = [chain for chain in AIMS[style.aim] if step in (START, *chain)]
    if not chains:
        raise NotationError(f"style {style} has no pass {step!r}; {_aims_of(step)} has")
    return tuple(
        TransformSums(transform, sums, cost(lower(sums, transform.matrix, transform.source, transform.target, style)))
        for transform in _transforms(algorithm)
        for name, sums in steps(transform, cheapest(transform, style, chains)[1], style)
        if name == step
    )


def _aims_of(step: str) -> str:
    return " or ".join(aim for aim, chains in AIMS.items() if any(step in chain for chain in chains))


def step_named(step: str) -> str:
    """A step by its name, or by the name with +- for ±.

    Raises:
        NotationError: there is no such step.
    """
    return choice("pass", step.replace("+-", "±") if isinstance(step, str) else step, STEPS)


def _transforms(algorithm: Subject) -> list[Transform]:
    axes = algorithm_of(algorithm).axes
    of_filter = [(factor, "g", "U") for axis in axes for factor in reversed(axis.G_factors or (axis.G,))]
    of_input = [(factor, "d", "V") for axis in axes for factor in reversed(axis.BT_factors or (axis.BT,))]
    of_output = [(factor, "M", "y") for axis in axes for factor in reversed(axis.AT_factors or (axis.AT,))]
    matrices = dict.fromkeys((*of_filter, *of_input, *of_output))
    return [Transform(exact(matrix), source, target) for matrix, source, target in matrices]
