"""Stand-in for what the generator writes: the constants of F(2x2,3x3) for 16 lanes.

It lets the body be read, checked and typed as it stands. FORMAT is that of products, whose words have IN_WORD channels;
X_FORMAT, Y_FORMAT and RESIDUAL_FORMAT are those of x, y and a residual, and FEATURES what the processor has for them
beside its vectors. V of whole numbers is from LOWEST to HIGHEST, U up to MOST; of MOST_OF_FILTER
`quantised/packing` tells. GROUP is of direct kernels, what follows it of
depthwise ones. More than ONE_CHAIN words are summed in chains of CHAIN, or in one if that is 0, as `wincook.summation`
says. L2, its bytes, CODE_NUMBER, which tells the code, CALIBRATED, what calibrations say of a layer, ROWS_SAID, what
scales say of every filter, as `lanes/finish` has it, SCALE_OF_X, by which weights are multiplied, and all that follows,
are of functions for C: the outputs of a layer of several kernels before they are pooled, or zeros where code is for all
sizes, and its tables, as `composed` says; CENTRE is taken from elements of x that become float32.
Each program is (operations, outputs); an operation is (kind, value, ...) as in `wincook.program.ir`, with its constants
rounded to float32. ACTIVATION and POOLING are steps as in `wincook.epilogue.steps`.
"""

from __future__ import annotations

from typing import Any

TILE = "F(2x2,3x3)"
POINTS = ("0, ±1, ∞", "0, ±1, ∞")
LAYOUT = "NCHW"
FORMAT = X_FORMAT = Y_FORMAT = RESIDUAL_FORMAT = "float32"
IN_WORD = 1
FEATURES: tuple[str, ...] = ()
ISA = "avx512"
LANES = 16
ROWS = 14
VECTORS = 2
HALF_FILTERS = False
OUTPUTS = (2, 2)
TAPS = (3, 3)
TILE_STRIDES = (1, 1)
TILE_INPUTS = (4, 4)
RANKS = (4, 4)
INTEGER_SHIFT: Any = None
LOWEST, HIGHEST, MOST = 0, 255, 127
MOST_OF_FILTER = (2**31 - 1) // 255
FILTER_PROGRAMS: Any = (
    ((("add", 0, 2), ("add", 3, 1), ("mul", 4, 0.5), ("sub", 3, 1), ("mul", 6, 0.5), ("neg", 0)), (8, 5, 7, 2)),
) * 2
INPUT_PROGRAMS: Any = (((("sub", 2, 0), ("add", 1, 2), ("sub", 2, 1), ("sub", 3, 1)), (4, 5, 6, 7)),) * 2
OUTPUT_PROGRAMS: Any = (((("add", 0, 1), ("add", 4, 2), ("sub", 1, 2), ("add", 6, 3)), (5, 7)),) * 2
ONE_CHAIN = 64
CHAIN = 32
SCALED = False
RESIDUAL = False
ACTIVATION: Any = ()
POOLING: Any = ()
GROUP = (0, 0)
STRIDE = (1, 1)
DILATION = (1, 1)
BLOCK = (4, 2)
CHUNK = (3, 3)
RING = False
CODE = "000000000000"
L2 = 1 << 20
CODE_NUMBER = 1
CALIBRATED: tuple[tuple[float, ...], ...] = ((1.0,) * 36,)
ROWS_SAID: tuple[float, ...] = ()
SCALE_OF_X = 1.0
OUT_SIZE = (0, 0)
KNOWN = (1, 4, 4, 1, 1, 3, 3, 1, 1, 1, 1, 0, 0, 0, 0)
CALLS: Any = ((*("describe",) * 4, *(1,) * 24),)
WEIGHT_MOVES: Any = ((0,) * 14,)
OUTPUT_MOVES: Any = ((0,) * 7,)
PADDING_MODE = "zeros"
INNER_LAST = False
ADDS = True
INNER_FORMAT = "float32"
BESIDE = CENTRE = 0
BAND = 2
BAND_STEP = 1
BANDS = 1
OUT_ROWS = 2
IMAGE_FLOATS = SHARE_FLOATS = TOTAL_FLOATS = 16
TOTAL_FILTERS = TOTAL_WIDTH = 16
PART_FILTERS = PART_WEIGHTS = 16
