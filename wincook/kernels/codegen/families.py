"""The families of kernels: each is one body of generated code.

    nested      F(m,r) along both axes of a plain layer
    direct      sums of products: the channels and taps of a group are one long axis that is summed over

A plan names its family. Here is which files of the body make its module, in the order in which they are joined.
"""

from __future__ import annotations

from wincook.kernels.plan import Family

_CALLS = ("memory", "threads")
_ENDS = ("filters", "arrays", "entry")

FUSING: frozenset[Family] = frozenset({"nested"})  # whose code does what follows a convolution

FAMILIES: dict[Family, tuple[str, ...]] = {
    "nested": ("job", "vectors", "finish", "transforms", "gemm", "stages", "packing", *_CALLS, *_ENDS, "alone"),
    "direct": (
        *("job", "vectors", "finish", "gemm", "direct/moves", "direct/gather", "direct/stages", "direct/packing"),
        *(*_CALLS, "direct/filters", *_ENDS[1:]),
    ),
}
