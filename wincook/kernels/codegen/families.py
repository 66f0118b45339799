"""The families of kernels: each is one body of generated code.

    nested      F(m,r) along both axes of a plain layer
    sparse      the same with filters of which whole blocks are left out
    shallow     the same on images of few channels, whose tiles are the lanes of vectors
    direct      sums of products: the channels and taps of a group are one long axis that is summed over
    depthwise   the same with one channel a group, and taps that the code knows

A plan names its family. Here is which files of the body make its module, in the order in which they are joined.
"""

from __future__ import annotations

from wincook.epilogue.epilogue import Epilogue
from wincook.kernels.plans.plan import Family

_LANES = ("job", "lanes/vectors", "lanes/finish")
_CALLS = ("calls/memory", "calls/threads")
_ARRAYS = ("calls/arrays", "calls/entry", "calls/alone")
_NESTED = (
    *(*_LANES, "products/float32", "nested/transforms", "gemm", "products/sums", "products/blocks"),
    *("nested/moves", "nested/panels", "nested/ahead", "nested/half", "nested/inputs", "nested/outputs"),
    *("nested/stages", "nested/packing", *_CALLS, "nested/packed", "nested/filters", *_ARRAYS),
)
_SPARSE = {"products/sums": "sparse/sums", "products/blocks": "sparse/blocks", "nested/packed": "sparse/packed"}

FAMILIES: dict[Family, tuple[str, ...]] = {
    "nested": _NESTED,
    "sparse": tuple(_SPARSE.get(part, part) for part in _NESTED),
    "shallow": (
        *(*_LANES, "lanes/partial", "nested/transforms", "nested/moves", "nested/packing", "nested/outputs"),
        *("shallow/products", "shallow/interleave", "shallow/inputs", "shallow/columns", "shallow/pixels"),
        "shallow/stages",
        *(*_CALLS, "shallow/filters", *_ARRAYS),
    ),
    "direct": (
        *(*_LANES, "lanes/partial", "products/float32", "gemm", "products/sums", "direct/gather", "direct/spread"),
        *("direct/lines", "direct/stages", "direct/packing", *_CALLS, "direct/filters", *_ARRAYS),
    ),
    "depthwise": (
        *(*_LANES, "lanes/partial", "depthwise/places", "depthwise/strips", "depthwise/outputs", "depthwise/blocks"),
        *("depthwise/ring", "depthwise/pixels", "depthwise/stages"),
        *(*_CALLS, "depthwise/filters", *_ARRAYS),
    ),
}


def fuses(family: Family, outputs: tuple[int, ...], epilogue: Epilogue) -> bool:
    """Whether code of a family does all that an epilogue says, in tiles of so many outputs along each axis."""
    return family in {"direct", "depthwise"} or all(number % epilogue.step == 0 for number in outputs)
