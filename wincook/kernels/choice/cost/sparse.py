"""The time of a sparse kernel: that of a nested one, but for the blocks of filters that are left out."""

from __future__ import annotations

from dataclasses import replace

from wincook.kernels.choice.cost import constants
from wincook.kernels.choice.cost.estimate import Estimate
from wincook.kernels.choice.cost.predict import estimate_of
from wincook.kernels.choice.machine import Machine
from wincook.kernels.plans.plan import Plan


def estimate_of_sparse(plan: Plan, machine: Machine, sparsity: float) -> Estimate:
    """The time of a plan of which such a share of the blocks is zero; each list takes a few words' time to begin."""
    dense, words = estimate_of(plan, machine), plan.layer.channels / plan.words.channels
    share = 1 - sparsity + constants.PER_LIST / words
    return replace(dense, products=dense.products * share, filters=dense.filters * (1 - sparsity))
