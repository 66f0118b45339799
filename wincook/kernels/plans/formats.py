"""The formats of kernels: in what they multiply, and what the elements of x, y and a residual are.

Words of 32 bits hold the channels of V and U. What a word holds, and how its products are added up, is the format of a
kernel: one float32, for an fma; two bfloat16, whose products are added to a float32; four of 8 bits or two of 16, whose
products are added to an int32.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import ml_dtypes
import numpy as np

from wincook.arguments import did_you_mean
from wincook.errors import FormatError, quoted
from wincook.formats import FORMATS, Format, official_name
from wincook.quantisation.integers import INTEGERS

ProductFormat = Literal["float32", "bfloat16", "int8", "int16"]
ElementFormat = Literal["float32", "bfloat16", "float16", "uint8", "int8"]

Way = Literal["one instruction", "two instructions", "emulated"]
"""How the products of a word are added to a sum."""

_CHANNELS: dict[ProductFormat, int] = {"float32": 1, "bfloat16": 2, "int16": 2, "int8": 4}
"""Of a word, where its products are not those of pairs."""

INSTRUCTIONS: dict[tuple[str, ProductFormat], str] = {
    ("avx512", "bfloat16"): "avx512bf16",
    ("avx512", "int8"): "avx512vnni",
    ("avx512", "int16"): "avx512vnni",
    ("avx2", "int8"): "avxvnni",
    ("avx2", "int16"): "avxvnni",
}
"""By instruction set and format, the feature of a processor that adds the products of words in one instruction."""

_PAIRS = {"avx512": "avx512bw", "avx2": "avx2"}
"""By instruction set, the feature that adds the two products of pairs of 16 bits; then they are added to the sum."""

WITH_KERNELS: tuple[ProductFormat, ...] = ("float32", "bfloat16", "int16", "int8")
_QUANTISED = ("uint8", "int8")  # elements with scales


@dataclass(frozen=True, slots=True)
class Formats:
    """The format of products, and those of the elements of x, y and a residual."""

    format: ProductFormat = "float32"
    input_format: ElementFormat = "float32"
    output_format: ElementFormat = "float32"
    residual_format: ElementFormat = "float32"

    @classmethod
    def of(cls, format: Any, input_format: Any, output_format: Any, residual_format: Any = "float32") -> Formats:
        """The formats that names, types of numpy or values denote.

        Raises:
            FormatError: one without kernels, or an x whose elements need scales which these products do not have.
        """
        products = product_format(format)
        x = element_format("input_format", input_format)
        if x in _QUANTISED and products == "bfloat16":
            raise FormatError(
                f"input_format = {x} needs scales, which kernels in format {products} do not have; give float32, "
                "bfloat16 or float16"
            )
        y, residual = element_format("output_format", output_format), element_format("residual_format", residual_format)
        return cls(products, x, y, residual)

    @property
    def inner(self) -> Formats:
        """Those of kernels whose outputs others make y of, in float32, and which may be given parts of a padded x."""
        is_centred = self.format == "float32" and self.input_format in _QUANTISED
        x = "float32" if is_centred else self.input_format
        return replace(self, input_format=x, output_format="float32", residual_format="float32")


IN_FLOAT32 = Formats()


def product_format(given: Any, others: tuple[str, ...] = ()) -> ProductFormat:
    """The format of products by its name, or one of its other names; a message tells other words that are taken.

    Raises:
        FormatError: no format, or one without kernels.

    >>> product_format("fp32"), product_format("bfloat16-dot")
    ('float32', 'bfloat16')
    """
    name = _name_of_type(given).replace("bfloat16-dot", "bfloat16")
    for known in WITH_KERNELS:
        if name == known:
            return known
    shown = name if name in FORMATS else quoted(given)
    words = (*WITH_KERNELS, *others)
    raise FormatError(f"there is no kernel in format {shown}; there are {', '.join(words)}{did_you_mean(given, words)}")


def element_format(argument: str, given: Any) -> ElementFormat:
    """The format of elements of x, y or a residual.

    Raises:
        FormatError: none of those that kernels read and write.

    >>> element_format("input_format", "bf16")
    'bfloat16'
    """
    name = _name_of_type(given)
    for known in get_args(ElementFormat):
        if name == known:
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


@dataclass(frozen=True, slots=True)
class Words:
    """The words of V and U on a processor: their channels, in which way it multiplies, by which of its features.

    A word of two numbers of 16 bits is a pair. Where pairs are what a processor multiplies, int8 lies in them too.
    """

    channels: int
    way: Way
    feature: str = ""

    def __str__(self) -> str:
        return "emulated" if self.way == "emulated" else f"by {self.way}"


def words_of(format: ProductFormat, isa: str, features: tuple[str, ...]) -> Words:
    """The words of a format, by the name of an instruction set and the further features of a processor.

    >>> words_of("int8", "avx2", ())
    Words(channels=2, way='two instructions', feature='avx2')
    >>> print(words_of("int8", "avx512", ("avx512vnni",)), words_of("int8", "generic", ()), sep=", ")
    by one instruction, emulated
    """
    channels, feature = _CHANNELS[format], INSTRUCTIONS.get((isa, format), "")
    if format == "float32" or feature in features:
        return Words(channels, "one instruction", feature)
    if format in INTEGERS and isa in _PAIRS:
        return Words(2, "two instructions", _PAIRS[isa])
    return Words(channels, "emulated")


def dtype_of(name: ElementFormat) -> np.dtype[Any]:
    """The type of numpy.

    >>> dtype_of("bfloat16").itemsize
    2
    """
    return np.dtype(ml_dtypes.bfloat16) if name == "bfloat16" else np.dtype(name)
