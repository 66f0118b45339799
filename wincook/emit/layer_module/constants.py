"""Stand-in for what is written for a layer: the constants of a layer of one axis, two kernels of one module.

It lets the body be read, checked and typed as it stands. ONE is what the only kernel of a layer is called with, or
None where there are PARTS, with these kernels by their numbers; both are tuples, as the body names them. Steps are as
in `wincook.epilogue.steps`.
"""

from __future__ import annotations

from typing import Any

KERNELS: tuple[Any, ...] = ()
LAYOUT = "NCHW"
CHANNELS, FILTERS, GROUPS = 2, 4, 1
SIZE, OUT_SIZE = (8,), (3,)
WEIGHTS = (4, 2, 3)
STRIDE, DILATION = (2,), (1,)
TRANSPOSED = False
PADDING: Any = ((1, 0),)
PADDING_MODE = "zeros"
FUSED = False
SCALED = False
RESIDUAL = False
ACTIVATION: Any = ()
POOLING: Any = ()
ONE: Any = None
PHASES: Any = ()
JOINED = 0
PARTS: Any = (
    (
        *(0, True, (slice(None), slice(0, 2), slice(0, 9, 2)), (slice(0, 4), slice(None), slice(0, 3, 2))),
        *((slice(None), slice(0, 4), slice(0, 4)), (2, 1, 5), (4, 2, 1, 2)),
    ),
)
