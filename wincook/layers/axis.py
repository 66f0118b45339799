"""One axis of a layer: which input, tap and output meet.

Input a, tap j and output i meet, y[i] += w[j] x[a], wherever (Dumoulin and Visin, arXiv 1603.07285, chapters 2 and 4)

    a = stride·i + dilation·j - before      in a convolution,
    i = stride·a + dilation·j - before      in a transposed one:

the same equation with inputs and outputs exchanged, which is what makes one the adjoint of the other. Inputs outside
the image are zeros.
"""

from __future__ import annotations

from dataclasses import dataclass

from wincook.arguments import flag, whole_number
from wincook.errors import ShapeError


@dataclass(frozen=True, slots=True)
class Axis:
    """`size` inputs and `kernel` taps along one axis, and how they step; all whole numbers.

    Padding adds zeros `before` and `after` the input of a convolution, and cuts so much off the output of a
    transposed one, to which `output_padding` adds places at the end.

    >>> Axis(size=7, kernel=3, stride=2, before=1, after=1).output_size
    4
    >>> Axis(size=4, kernel=3, stride=2, before=1, after=1, transposed=True).output_size
    7

    Raises:
        ShapeError: numbers that are not whole or out of range, no output is left, or an output padding that is no
            position of the last step.
    """

    size: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0
    output_padding: int = 0
    transposed: bool = False

    def __post_init__(self) -> None:
        for name in ("size", "kernel", "stride", "dilation"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name)))
        for name in ("before", "after", "output_padding"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), least=0))
        object.__setattr__(self, "transposed", flag("transposed", self.transposed, ShapeError))
        if self.output_padding and not self.transposed:
            raise ShapeError(f"output_padding = {self.output_padding} is for transposed layers; it must be 0 here")
        if self.transposed and self.output_padding >= max(self.stride, self.dilation):
            raise ShapeError(
                f"output_padding = {self.output_padding} must be less than the stride {self.stride} or the dilation "
                f"{self.dilation}"
            )
        if self.output_size >= 1:
            return
        if self.transposed:
            raise ShapeError(
                f"padding ({self.before}, {self.after}) leaves nothing of an output of "
                f"{self.output_size + self.before + self.after}; pad less"
            )
        raise ShapeError(
            f"the kernel is larger than the padded image: {self.kernel} taps, which span {self.span} inputs, of "
            f"{self.size} with padding ({self.before}, {self.after}); pad more, or span at most "
            f"{self.size + self.before + self.after} inputs along this axis"
        )

    @property
    def span(self) -> int:
        """How far the taps reach: dilation·(kernel - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def output_size(self) -> int:
        """How many outputs there are."""
        padding = self.before + self.after
        if self.transposed:
            return self.stride * (self.size - 1) + self.span + self.output_padding - padding
        return (self.size + padding - self.span) // self.stride + 1
