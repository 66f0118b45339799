"""Which blocks of U are kept, as a value: of filters in the domain of the products, where all others are zero.

U has a number for each product of the tile, filter and channel. A block is so many filters × so many channels of one
product; the default, 32 × 1, is what a micro-kernel with AVX-512 multiplies at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wincook.arguments import instance, items, whole_number, words
from wincook.arrays import Array, real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import DataError, ShapeError, quoted
from wincook.shown import brief

BLOCK = (32, 1)
"""Filters and channels."""

_BITS = 8  # of a byte


@dataclass(frozen=True, slots=True)
class Mask:
    """The blocks of U that are kept, for so many filters and channels, of a tile on its points.

    `bits` are those of booleans (products, blocks of filters, blocks of channels), in this order, eight in a byte, the
    first one highest; zeros fill up the last. The last blocks may be smaller than the others.

    Raises:
        ShapeError: sizes that are no whole numbers from 1 on.
        DataError: no texts, or other bits than there are blocks.
    """

    filters: int
    channels: int
    tile: str
    points: str
    products: int
    block: tuple[int, int]
    bits: bytes

    __repr__ = brief

    def __post_init__(self) -> None:
        for name in ("filters", "channels", "products"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name)))
        for name, example in (("tile", "F(4x4,3x3)"), ("points", "0, ±1, ±2, ∞")):
            object.__setattr__(self, name, words(name, getattr(self, name), example, DataError))
        object.__setattr__(self, "block", block_of(self.block))
        bits = instance("bits", self.bits, bytes, "Mask.of packs them", DataError)
        blocks = self.shape[0] * self.shape[1] * self.shape[2]
        unused = -blocks % _BITS
        if len(bits) * _BITS != blocks + unused or (bits and bits[-1] & ((1 << unused) - 1)):
            raise DataError(
                f"bits of a mask of {blocks} blocks must be {-(-blocks // _BITS)} bytes, with zeros at the end"
            )

    @classmethod
    def of(
        cls, algorithm: Subject, kept: Array, *, filters: int, channels: int, block: tuple[int, int] = BLOCK
    ) -> Mask:
        """The mask that keeps the blocks that are true in `kept` (products, blocks of filters, blocks of channels).

        Raises:
            ShapeError: another shape, or sizes that are no whole numbers from 1 on.
            DataError: no booleans.
            WincookError: no algorithm, or one that is no correlation.

        >>> mask = Mask.of("F(2x2,3x3)", np.arange(16).reshape(16, 1, 1) < 4, filters=32, channels=1)
        >>> mask.sparsity, mask.kept.shape
        (0.75, (16, 1, 1))
        """
        algorithm, block = correlation_of(algorithm, "have masks"), block_of(block)
        filters, channels = whole_number("filters", filters), whole_number("channels", channels)
        shape = blocks_of(algorithm.multiplications, filters, channels, block)
        kept = real_array("kept", kept)
        if kept.dtype != np.bool_:
            raise DataError(f"what a mask keeps has element type {kept.dtype}; give booleans")
        if kept.shape != shape:
            raise ShapeError(
                f"what a mask keeps has shape {kept.shape}; blocks of {_told(block)} of {filters} filters "
                f"and {channels} channels need {shape}"
            )
        bits = np.packbits(kept).tobytes()
        return cls(
            filters, channels, str(algorithm.tile), algorithm.point_names, algorithm.multiplications, block, bits
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many products, blocks of filters and blocks of channels there are."""
        return blocks_of(self.products, self.filters, self.channels, self.block)

    @property
    def kept(self) -> Array:
        """Whether each block is kept: booleans of the shape of the mask."""
        bits = np.unpackbits(np.frombuffer(self.bits, np.uint8))
        products, rows, columns = self.shape
        return bits[: products * rows * columns].astype(np.bool_).reshape(self.shape)

    @property
    def sparsity(self) -> float:
        """The share of blocks that are zero."""
        return 1 - float(np.mean(self.kept))

    def of_each(self) -> Array:
        """Whether each number of U is kept: booleans (products, K, C)."""
        return self._of(np.arange(self.filters), np.arange(self.channels))

    def rows(self, width: int, word: int = 1) -> Array:
        """Whether each word of channels is kept, by blocks of `width` filters: (products, blocks of filters, words).

        Raises:
            ShapeError: filters of one of these blocks, or channels of one word, lie in different blocks of the mask.
        """
        together = whole_number("width", width), whole_number("word", word)
        firsts = []
        for number, step, size in zip((self.filters, self.channels), together, self.block, strict=True):
            first = np.arange(0, number, step)
            if (first // size != (np.minimum(first + step, number) - 1) // size).any():
                raise ShapeError(
                    f"the mask has blocks of {_told(self.block)}, and the kernel leaves out {_told(together)} at once; "
                    "prune with blocks of a multiple of these"
                )
            firsts.append(first)
        return self._of(*firsts)

    def check(self, algorithm: BilinearAlgorithm, filters: int, channels: int) -> None:
        """See that it is a mask of such an algorithm, for so many filters and channels.

        Raises:
            ShapeError: it has other filters or channels.
            DataError: it is of another tile, or of other points.
        """
        if (self.filters, self.channels) != (filters, channels):
            raise ShapeError(
                f"the mask is of {self.filters} filters and {self.channels} channels, not of {filters} and {channels}; "
                "prune the weights of this layer"
            )
        theirs = self.tile, self.points, self.products
        if theirs != (str(algorithm.tile), algorithm.point_names, algorithm.multiplications):
            raise DataError(
                f"the mask is of {self.tile} on {{{self.points}}}, not of {algorithm.name}; prune for this algorithm"
            )

    def _of(self, filters: Array, channels: Array) -> Array:
        """Whether some filters and channels are kept: (products, these filters, these channels)."""
        return self.kept[:, (filters // self.block[0])[:, None], channels // self.block[1]]

    def __str__(self) -> str:
        return (
            f"mask of {self.tile} on {{{self.points}}}: {self.filters} filters, {self.channels} channels, "
            f"{self.sparsity:.1%} of blocks of {_told(self.block)} zero"
        )


def block_of(block: object) -> tuple[int, int]:
    """Filters and channels of a block.

    Raises:
        ShapeError: anything else than two whole numbers from 1 on.
    """
    sizes = items("block", block, "(32, 1), filters and channels")
    if len(sizes) != len(BLOCK):
        raise ShapeError(f"block = {quoted(block)} must be filters and channels, such as (32, 1)")
    filters, channels = (whole_number("block", size) for size in sizes)
    return filters, channels


def blocks_of(products: int, filters: int, channels: int, block: tuple[int, int]) -> tuple[int, int, int]:
    """The products, and the blocks of filters and of channels, the last of which may be smaller."""
    return products, -(-filters // block[0]), -(-channels // block[1])


def _told(block: tuple[int, int]) -> str:
    return f"{block[0]} filters x {block[1]} channel{'s' if block[1] > 1 else ''}"
