"""What was made of a set of matrices in a file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wincook.bilinear import BilinearAlgorithm
from wincook.interchange.read.numbers.cell import Decimal
from wincook.transforms import Transforms


@dataclass(frozen=True, slots=True)
class Reading:
    """The matrices of one set, and what was made of the file: `taken_for` tells the name behind AT, G and BT.

    `axis` are the matrices alone, or an algorithm of one set where the file says what they are to compute. `taken` are
    decimals and the exact numbers they were taken for; `doubts` name entries whose decimals are those of no simple
    number, and which were left as they are; `remarks` say what else was made of the text, such as fractions that are
    cut to integers.
    """

    axis: Transforms | BilinearAlgorithm
    taken_for: tuple[tuple[str, str], ...]
    taken: tuple[Decimal, ...] = ()
    doubts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def matrices(self) -> Transforms:
        """AT, G and BT."""
        return self.axis.axes[0] if isinstance(self.axis, BilinearAlgorithm) else self.axis

    def with_remark(self, remark: str) -> Reading:
        """The same with one more remark."""
        return replace(self, remarks=(*self.remarks, remark))
