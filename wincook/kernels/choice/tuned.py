"""Which choice won when a layer was tuned on this machine.

What is kept is the text of its algorithms. It is looked for among the choices of today; a file that is damaged, or of
what is no choice any more, is as good as none.
"""

from __future__ import annotations

from wincook.kernels.choice.choose import Choice, choices
from wincook.kernels.choice.machine import machine_key
from wincook.kernels.choice.remembered import recall, remember
from wincook.kernels.plans.layer_plan import Parts
from wincook.kernels.target import Target
from wincook.layers import Layer

MOST_TUNED = 8
"""How many choices are compared at the most."""

_KIND = "tuned"


def keep_winner(layer: Layer, target: Target, threads: int, limit: float, parts: Parts) -> None:
    """Remember the parts as the best.

    Raises:
        OutputError: they cannot be kept.
    """
    remember(_KIND, _key(layer, target, threads, limit), _text(parts))


def best_choice(layer: Layer, target: Target, threads: int, limit: float) -> Choice | None:
    """The choice that won when the layer was tuned; the first one if it never was; None if none is within the limit."""
    winner = recall(_KIND, _key(layer, target, threads, limit))
    if winner is not None:
        for choice in choices(layer, target, threads, limit, MOST_TUNED):
            if _text(choice.parts) == winner:
                return choice
    return next(iter(choices(layer, target, threads, limit, 1)), None)


def _key(layer: Layer, target: Target, threads: int, limit: float) -> str:
    return f"{layer!r} on {threads} threads within {limit:g}; {machine_key(target)}"


def _text(parts: Parts) -> str:
    return "; ".join(dict.fromkeys(f"{plan.layer}: {plan.algorithm}" for _, plan in parts))
