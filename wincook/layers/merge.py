"""Parallel branches merged into one kernel: Σ_b (w_b * x) = (Σ_b w_b) * x, once the taps stand at their places.

Tap j of branch b reads the input stride·i + dilation_b·j - before_b. In a kernel with the padding p = max before_b, it
is the tap dilation_b·j + p - before_b; the others are zeros. An identity is a branch with one tap (Ding et al.,
*RepVGG*, arXiv 2101.03697, section 3.3). Batch normalisations are folded first. The one layer costs what the largest
branch does, where branches are centred on one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wincook.arguments import instance, items, whole_number
from wincook.arrays import Array, real_array
from wincook.errors import ShapeError
from wincook.layers.sizes import Padding, PerAxis, pairs, per_axis

_FEWEST_AXES, _MOST_AXES = 3, 4  # of weights; of the image
_MOST_CHANNELS = 1 << 14  # of an identity, whose weights are their square


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Weights (K, C/groups, *kernel), bias (K,) or None, and how the branch is padded and dilated.

    Raises:
        ShapeError: a padding or dilation that does not fit the axes of the kernel, or weights without any.
        DataError: weights or a bias that are no real numbers.
        NotationError: an unknown word for the padding.
    """

    weights: Array
    bias: Array | None = None
    padding: Padding = 0
    dilation: PerAxis = 1

    def __post_init__(self) -> None:
        weights = real_array("weights", self.weights, exact=True)
        if weights.ndim < _FEWEST_AXES or not weights.size:
            raise ShapeError(
                f"weights have shape {weights.shape}; give (filters, channels, and the axes of the kernel)"
            )
        object.__setattr__(self, "weights", weights)
        if self.bias is not None:
            object.__setattr__(self, "bias", real_array("bias", self.bias, exact=True))
        object.__setattr__(self, "dilation", self.steps)
        object.__setattr__(self, "padding", self.pads)

    @classmethod
    def identity(cls, channels: int, dimension: int = 2, groups: int = 1) -> Branch:
        """What passes its input on; integers, which leave the others' type as it is.

        Raises:
            ShapeError: numbers out of range, or groups that do not divide the channels.
        """
        channels, groups = whole_number("channels", channels, most=_MOST_CHANNELS), whole_number("groups", groups)
        dimension = whole_number("dimension", dimension, most=_MOST_AXES)
        if channels % groups:
            raise ShapeError(f"groups = {groups} must divide channels = {channels}")
        weights = np.tile(np.eye(channels // groups, dtype=np.int8), (groups, 1))
        return cls(weights.reshape(*weights.shape, *(1,) * dimension))

    @property
    def steps(self) -> tuple[int, ...]:
        """The dilation of each axis."""
        return per_axis("dilation", self.dilation, self.weights.ndim - 2)

    @property
    def pads(self) -> tuple[tuple[int, int], ...]:
        """The padding as (before, after) for each axis."""
        kernel = self.weights.shape[2:]
        return pairs(self.padding, kernel, (1,) * len(kernel), self.steps, transposed=False)

    @property
    def spans(self) -> tuple[int, ...]:
        """How many inputs the taps span along each axis."""
        return tuple(d * (r - 1) + 1 for d, r in zip(self.steps, self.weights.shape[2:], strict=True))


def merge_branches(branches: Sequence[Branch]) -> Branch:
    """The one branch that is the sum of all.

    Exact for integers and fractions; the type is the one that the sum of all weights has. The branches run on the same
    input, with the same stride and groups; so do those of transposed layers, with weights (C, K/groups, *kernel).

    >>> three = Branch(np.array([[[1, 2, 3]]]), padding=1)
    >>> merge_branches([three, Branch.identity(1, dimension=1)])
    Branch(weights=array([[[1, 3, 3]]]), bias=None, padding=((1, 1),), dilation=(1,))

    Raises:
        ShapeError: no branches, other channels or filters, or outputs that do not align: before + after - span must be
            the same in all branches.
    """
    hint = "make it with Branch(weights, bias, padding, dilation)"
    branches = [
        instance("a branch", branch, Branch, hint, ShapeError)
        for branch in items("branches", branches, "[Branch(weights), Branch.identity(channels)]")
    ]
    if not branches:
        raise ShapeError("there must be at least one branch to merge")
    first = branches[0]
    for number, branch in enumerate(branches):
        if branch.weights.ndim != first.weights.ndim or branch.weights.shape[:2] != first.weights.shape[:2]:
            raise ShapeError(
                f"branch {number} has weights {branch.weights.shape}, branch 0 {first.weights.shape}; filters, "
                "channels and the number of axes must be the same"
            )
        if _growth(branch) != _growth(first):
            raise ShapeError(
                f"the outputs of branch {number} do not align with those of branch 0: padding {branch.pads} for "
                f"{branch.spans} taps grows the image by {_growth(branch)}, padding {first.pads} for {first.spans} by "
                f"{_growth(first)}"
            )
    before = [max(axis) for axis in zip(*([b for b, _ in branch.pads] for branch in branches), strict=True)]
    after = [max(axis) for axis in zip(*([a for _, a in branch.pads] for branch in branches), strict=True)]
    kernel = [b + a - growth + 1 for b, a, growth in zip(before, after, _growth(first), strict=True)]
    kinds = (branch.weights.dtype for branch in branches)
    weights = np.zeros((*first.weights.shape[:2], *kernel), np.result_type(*kinds))
    for branch in branches:
        starts = (p - b for p, (b, _) in zip(before, branch.pads, strict=True))
        taps = (slice(a, a + n, d) for a, n, d in zip(starts, branch.spans, branch.steps, strict=True))
        place: tuple[Any, ...] = (..., *taps)
        weights[place] += branch.weights
    biases = [branch.bias for branch in branches if branch.bias is not None]
    if len({bias.shape for bias in biases}) > 1:
        raise ShapeError(
            f"branches have bias {', '.join(str(bias.shape) for bias in biases)}; give one number per filter"
        )
    return Branch(weights, sum(biases[1:], biases[0]) if biases else None, tuple(zip(before, after, strict=True)))


def _growth(branch: Branch) -> tuple[int, ...]:
    """How much larger than its input the output of a branch is at unit stride."""
    return tuple(before + after - span + 1 for (before, after), span in zip(branch.pads, branch.spans, strict=True))
