"""Guarded calls of random layers: `-m tests.kernels.guarded_layers SIDE LAYERS` prints how many it made.

As guarded.py, whose walls these are, for every kind of layer: sums of parts, transposed ones, all padding modes and
epilogues. The workspace, which the caller gives, stands between walls too.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial

import numpy as np

from tests.kernels.check_layer import Call
from tests.kernels.guarded import walled
from tests.kernels.guarded_narrow import elements
from tests.kernels.random_layers import KINDS, Case, drawn
from wincook.arrays import Array


def check(case: Case, side: str) -> None:
    """See that a call between walls is right."""
    call = Call(replace(case, dtype="float32"), case.threads)
    for module in call.kernel.modules:
        vars(module)["aligned"] = partial(walled, side=side)
    packed = call.pack(_between(call.weights, side))
    residual = None if call.residual is None else _between(call.residual, side)
    out = elements(call.kernel.plan.output_shape, case.kind.y, side)
    workspace = walled(call.kernel.plan.workspace_bytes // 4, side).view(np.uint8)
    call.kernel(_between(call.x, side), packed, out, residual=residual, workspace=workspace)
    call.check(out)


def _between(array: Array, side: str) -> Array:
    guarded = elements(array.shape, array.dtype.name, side)
    guarded[...] = array
    return guarded


def main(side: str, layers: int) -> int:
    """Check so many layers."""
    cases = drawn(KINDS, layers)
    for case in cases:
        check(case, side)
    return len(cases)


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], int(sys.argv[2]))))
