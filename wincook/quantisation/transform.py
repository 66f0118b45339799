"""U and V before they are quantised: what the float32 programs make of filters and tiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wincook.arrays import Array
from wincook.formats import FLOAT32
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.ir import Program
from wincook.program.programs import sizes


def transformed(stage: Sequence[Program], values: Array) -> Array:
    """Filters (K, C, r_1, ...), or tiles likewise, through the programs of their stage: (K, C, P) in float32."""
    shaped = values.astype(np.float32, copy=False).reshape(*values.shape[:2], *sizes(stage))
    return evaluate_axes(stage, shaped, Rounded(FLOAT32)).reshape(*values.shape[:2], -1)
