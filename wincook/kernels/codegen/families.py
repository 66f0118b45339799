"""The families of kernels: each is one body of generated code.

    nested      F(m,r) along both axes of a plain layer
    direct      sums of products: the channels and taps of a group are one long axis that is summed over
    depthwise   the same with one channel a group, and taps that the code knows

A plan names its family. Here is which files of the body make its module, in the order in which they are joined.
"""

from __future__ import annotations

from wincook.kernels.plan import Family

_CALLS = ("memory", "threads")

FAMILIES: dict[Family, tuple[str, ...]] = {
    "nested": ("job", "vectors", "transforms", "gemm", "stages", "packing", *_CALLS, "filters", "entry", "alone"),
    "direct": (
        *("job", "vectors", "partial", "gemm", "direct/gather", "direct/stages", "direct/packing"),
        *(*_CALLS, "direct/filters", "entry"),
    ),
    "depthwise": (
        *("job", "vectors", "partial", "depthwise/strips", "depthwise/blocks", "depthwise/stages"),
        *(*_CALLS, "depthwise/filters", "entry"),
    ),
}
