"""The families of kernels: each is one body of generated code.

    nested      F(m,r) along both axes of a plain layer
    sparse      the same with filters of which whole blocks are left out
    shallow     the same on images of few channels, whose tiles are the lanes of vectors
    direct      sums of products: the channels and taps of a group are one long axis that is summed over
    depthwise   the same with one channel a group, and taps that the code knows

A plan names its family, and the format of its products. Here is which files of the body make its module, in the order
in which they are joined. Rows are of float32; another format has files of its own in the place of some.
"""

from __future__ import annotations

from wincook.epilogue.epilogue import Epilogue
from wincook.kernels.plans.formats import ProductFormat
from wincook.kernels.plans.plan import Family

_LANES = ("job", "lanes/vectors", "lanes/halves", "lanes/elements", "lanes/finish", "lanes/inputs")
_PRODUCTS = ("products/float32", "gemm", "products/sums", "products/micro_kernel")
_CALLS = ("calls/memory", "calls/threads")
_ARRAYS = ("calls/arrays", "calls/weights", "calls/entry", "calls/alone")
_NESTED = (
    *(*_LANES, "nested/transforms", *_PRODUCTS, "products/terms", "nested/moves", "nested/panels", "nested/ahead"),
    *("nested/half", "products/blocks", "products/values", "nested/inputs", "nested/outputs", "nested/stages"),
    *("products/taps", "nested/packing", *_CALLS, "nested/packed", "nested/purpose", "nested/filters", *_ARRAYS),
)
_SPARSE = {
    "products/sums": ("sparse/sums",),
    "products/blocks": ("sparse/blocks",),
    "nested/packed": ("sparse/words", "sparse/packed"),
}

FAMILIES: dict[Family, tuple[str, ...]] = {
    "nested": _NESTED,
    "sparse": tuple(file for name in _NESTED for file in _SPARSE.get(name, (name,))),
    "shallow": (
        *(*_LANES, "lanes/partial", "nested/transforms", "nested/moves", "products/taps", "nested/packing"),
        *("nested/outputs", "shallow/products", "shallow/interleave", "shallow/inputs", "shallow/columns"),
        *("shallow/pixels", "shallow/stages"),
        *(*_CALLS, "shallow/filters", *_ARRAYS),
    ),
    "direct": (
        *(*_LANES, "lanes/partial", *_PRODUCTS, "direct/gather", "direct/spread"),
        *("direct/lines", "direct/stages", "direct/packing", *_CALLS, "direct/filters", *_ARRAYS),
    ),
    "depthwise": (
        *(*_LANES, "lanes/partial", "depthwise/places", "depthwise/strips", "depthwise/outputs", "depthwise/blocks"),
        *("depthwise/ring", "depthwise/pixels", "depthwise/stages"),
        *(*_CALLS, "depthwise/filters", *_ARRAYS),
    ),
}

_QUANTISED = {
    "products/float32": ("quantised/dots",),
    "products/sums": ("quantised/sums",),
    "products/blocks": ("quantised/blocks", "quantised/shorts"),
    "products/values": ("quantised/rounded", "quantised/inputs"),
    "nested/packing": ("nested/packing", "quantised/scales", "quantised/packing"),
    "nested/packed": ("quantised/packed",),
}

_TERMS = _QUANTISED | {
    "products/terms": ("terms/numbers",),
    "products/blocks": ("quantised/blocks",),
    "products/values": ("quantised/rounded",),
    "nested/inputs": ("terms/elements", "terms/whole", "terms/gather"),
    "nested/packing": ("quantised/scales", "quantised/packing"),
    "nested/packed": ("terms/packed",),
    "nested/purpose": ("terms/purpose",),
}

_DOTS: dict[str, tuple[str, ...]] = {
    "products/float32": ("products/bfloat16",),
    "nested/packing": ("products/pairs",),
    "sparse/words": ("sparse/pairs",),
}

_DOTS_OF_TERMS = _DOTS | {
    "products/terms": ("terms/numbers",),
    "products/values": (),
    "nested/inputs": ("terms/elements", "terms/pairs", "terms/gather"),
    "nested/packed": ("terms/packed_pairs",),
    "nested/purpose": ("terms/purpose",),
}

REPLACED: dict[ProductFormat, dict[str, tuple[str, ...]]] = {
    "float32": {},
    "bfloat16": _DOTS,
    "int8": _QUANTISED,
    "int16": _QUANTISED,
}
"""By format, what stands in the place of a file of float32."""

TERMS_REPLACED: dict[ProductFormat, dict[str, tuple[str, ...]]] = {
    "bfloat16": _DOTS_OF_TERMS,
    "int8": _TERMS,
    "int16": _TERMS,
}
"""The same of direct kernels, in the place of files of nested ones."""


def files_of(family: Family, format: ProductFormat = "float32") -> tuple[str, ...]:
    """The files of a module."""
    replaced = REPLACED[format]
    if family == "direct" and format in TERMS_REPLACED:
        family, replaced = "nested", TERMS_REPLACED[format]
    return tuple(file for name in FAMILIES[family] for file in replaced.get(name, (name,)))


def fuses(family: Family, outputs: tuple[int, ...], epilogue: Epilogue) -> bool:
    """Whether code of a family does all that an epilogue says, in tiles of so many outputs along each axis."""
    return family in {"direct", "depthwise"} or all(number % epilogue.step == 0 for number in outputs)
