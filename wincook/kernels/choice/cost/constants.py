"""What the time of a kernel is made of, fitted to some hundred kernels of one processor with AVX-512 (docs/plan.md).

Most are in units of an fma at its peak. `python -m benchmarks.costs --fit` sets them anew while it looks for better
ones, so they are read from this module whenever they are needed.
"""

from __future__ import annotations

BYTES = 4
PER_OPERATION = 1.25  # fmas, of a transform
PER_INPUT = 2.2  # fmas, of reading a vector of x, or of turning it after its columns are transformed
PER_V, PER_PRODUCT = 1.9, 2.3  # fmas, of moving a vector of V, and one of M or y
PER_ROW = 1.5  # fmas, of storing a row of a micro-kernel
PER_MICRO_KERNEL = 12.0  # fmas, of calling it
WAITING = (1.97, 1.45, 1.41, 1.38)  # of micro-kernels with 1 to 4 rows
FEW_SUMS = 8  # that hide the latency of an fma
NOT_HIDDEN = 0.1  # of what goes on beside something longer
PER_LIST = 6.0  # words, of beginning with the list of those that a sparse kernel keeps
PER_SHALLOW_PRODUCT = {"NCHW": 1.45, "NHWC": 1.43}  # fmas, of a shallow kernel, which loads both factors of each
PER_SPILL = {"NCHW": 0.55, "NHWC": 1.1}  # fmas, of a value between its output programs, where they are many
PER_SHALLOW_OPERATION = 0.56  # fmas, of these programs
PER_SHUFFLE, PER_PICK = 0.95, 1.7  # fmas, of putting tiles side by side: even numbers of them, and odd ones
PER_SHALLOW_ROW = 10.0  # fmas, of a row of outputs of a filter, where y is too large for L2
SHARE_OF_L1, BEYOND_L1 = 0.5, 2.8  # of V of a shallow kernel, and what products take longer by for all of L1 beyond it
PER_SHALLOW_INPUT = {"NCHW": 3.1, "NHWC": 10.0}  # fmas, of an input of its tiles, transformed
PER_TILES = 135.0  # fmas, of a vector of its tiles: of beginning with it
KEPT_IN_REGISTERS = 0.75  # of all: values between the output programs
PER_GATHERED = 8.0  # fmas, of gathering a vector of terms for a direct kernel; twice as many with strides
PER_TERMS = {"NHWC": (12.0, 40.0), "NCHW": (45.0, 130.0)}  # fmas, of a vector of narrow terms, and of one part full
PER_FINISHED = 6.0  # fmas, of bringing a vector of its sums to y
PER_TAP = 5.0  # fmas, of gathering a vector of one tap of several narrow groups
SPREAD = 1.5  # fmas that a product takes whose input is spread over the lanes first
DEPTHWISE, RING = 1.3, 1.1  # times as long as their products take at peak: blocks of outputs, and rings of rows
PER_LINE = 120.0  # fmas, of beginning with another filter of an image with the channels first
PAIRED = {"avx2": 1.3, "avx512": 2.0}  # times as long as an fma: a step of a sum in two instructions
EMULATED = 20.0  # times as long: one of a format that the processor lacks
PER_CALL = 8e-6  # seconds
PER_PART = 30e-6  # seconds that numpy takes around the kernel of a part
PER_REGION = 8e-6  # seconds to start several threads
