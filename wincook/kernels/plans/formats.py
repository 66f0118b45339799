"""The formats of kernels: in what they multiply, and what the elements of x and y are.

Words of 32 bits hold the channels of V and U. What a word holds, and how its products are added up, is the format of a
kernel: one float32, for an fma; two bfloat16, whose products are added to a float32; four of 8 bits or two of 16, whose
products are added to an int32.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import ml_dtypes
import numpy as np

from wincook.errors import FormatError, quoted
from wincook.formats import Format, official_name

ProductFormat = Literal["float32", "bfloat16", "int8", "int16"]
ElementFormat = Literal["float32", "bfloat16", "float16", "uint8", "int8"]

IN_WORD: dict[ProductFormat, int] = {"float32": 1, "bfloat16": 2, "int16": 2, "int8": 4}
"""Channels of a word."""

INSTRUCTIONS: dict[tuple[str, ProductFormat], str] = {
    ("avx512", "bfloat16"): "avx512bf16",
    ("avx512", "int8"): "avx512vnni",
    ("avx512", "int16"): "avx512vnni",
    ("avx2", "int8"): "avxvnni",
    ("avx2", "int16"): "avxvnni",
}
"""By instruction set and format, the feature of a processor that adds the products of words in one instruction."""

WITH_KERNELS: tuple[ProductFormat, ...] = ("float32", "bfloat16", "int16", "int8")
_QUANTISED = ("uint8", "int8")  # elements whose scales only kernels of integers know


@dataclass(frozen=True, slots=True)
class Formats:
    """The format of products, and those of the elements of x and y."""

    format: ProductFormat = "float32"
    input_format: ElementFormat = "float32"
    output_format: ElementFormat = "float32"

    @classmethod
    def of(cls, format: Any, input_format: Any, output_format: Any) -> Formats:
        """The formats that names, types of numpy or values denote.

        Raises:
            FormatError: one without kernels, or elements that need scales which these products do not have.
        """
        products = product_format(format)
        x = element_format("input_format", input_format, products)
        return cls(products, x, element_format("output_format", output_format, products))


IN_FLOAT32 = Formats()


def product_format(given: Any) -> ProductFormat:
    """The format of products by its name, or one of its other names.

    Raises:
        FormatError: no format, or one without kernels.

    >>> product_format("fp32"), product_format("bfloat16-dot")
    ('float32', 'bfloat16')
    """
    name = _name_of_type(given).replace("bfloat16-dot", "bfloat16")
    for known in WITH_KERNELS:
        if name == known:
            return known
    raise FormatError(f"there is no kernel in format {Format.of(given)}; there are {', '.join(WITH_KERNELS)}")


def element_format(argument: str, given: Any, products: ProductFormat) -> ElementFormat:
    """The format of elements of x or y, of a kernel with such products.

    Raises:
        FormatError: none of those that kernels read and write, or one that needs scales which the kernel lacks.

    >>> element_format("input_format", "bf16", "float32")
    'bfloat16'
    """
    name = _name_of_type(given)
    for known in get_args(ElementFormat):
        if name == known:
            if name in _QUANTISED and products not in {"int8", "int16"}:
                raise FormatError(
                    f"{argument} = {name} needs scales, which kernels in format {products} do not have; give float32, "
                    "bfloat16 or float16"
                )
            element: ElementFormat = known
            return element
    raise FormatError(f"{argument} = {quoted(given)} must be one of {', '.join(get_args(ElementFormat))}")


def _name_of_type(given: Any) -> str:
    """The name of a format or of a type of numpy; of anything else none."""
    if isinstance(given, Format):
        return given.name
    if isinstance(given, np.dtype) or (isinstance(given, type) and issubclass(given, np.generic)):
        return np.dtype(given).name
    name = official_name(given)
    return name if isinstance(name, str) else ""


def instruction_of(isa: str, format: ProductFormat, features: tuple[str, ...]) -> str | None:
    """The feature of a processor that adds products of a word in one instruction, if it has one; None for float32.

    >>> instruction_of("avx512", "bfloat16", ("avx512bf16",)), instruction_of("avx2", "bfloat16", ())
    ('avx512bf16', None)
    """
    feature = INSTRUCTIONS.get((isa, format))
    return feature if feature in features else None


def dtype_of(name: ElementFormat) -> np.dtype[Any]:
    """The type of numpy.

    >>> dtype_of("bfloat16").itemsize
    2
    """
    return np.dtype(ml_dtypes.bfloat16) if name == "bfloat16" else np.dtype(name)
