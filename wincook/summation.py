"""How products are summed over the channels: in one chain, or in several whose results are added one after the other.

Each sum of a chain is rounded, and the square of its error grows with the length. So more than ONE_CHAIN channels are
summed in chains of CHAIN, each from zero, as in blocked summation (Higham, *Accuracy and Stability of Numerical
Algorithms*, 2nd ed., section 4.2; Blanchard, Higham and Mary, *A class of fast and accurate summation algorithms*, SIAM
J. Sci. Comput. 42 (2020), A1541). Of 256 channels, that leaves two fifths of the error, for 2 % of a kernel's time.

Kernels of F(m,r), the interpreter, predictions and bounds all sum like this. Direct convolution, which is F(1,1) on the
terms of an output, is one chain, and so are dot products of pairs of bfloat16.
"""

from __future__ import annotations

from dataclasses import dataclass

ONE_CHAIN = 64
CHAIN = 32


@dataclass(frozen=True, slots=True)
class Chains:
    """The sum of `channels` products in chains of `length`, the last of which may be shorter.

    >>> Chains.of(100), Chains.of(64), Chains.of(576, inputs=1)
    (Chains(channels=100, length=32), Chains(channels=64, length=64), Chains(channels=576, length=576))
    """

    channels: int
    length: int

    @classmethod
    def of(cls, channels: int, inputs: int = 0, *, in_pairs: bool = False) -> Chains:
        """As an algorithm sums whose tile has so many inputs: one chain, if it is only one.

        Pairs of bfloat16 are one chain too: their roundings to so few bits outweigh those of the sums.
        """
        return cls(channels, channels if channels <= ONE_CHAIN or inputs == 1 or in_pairs else CHAIN)

    @property
    def lengths(self) -> tuple[tuple[int, int], ...]:
        """Pairs of a length, and how many chains have it.

        >>> Chains.of(100).lengths
        ((32, 3), (4, 1))
        """
        rest = self.channels % self.length
        return ((self.length, self.channels // self.length), (rest, 1))[: 2 if rest else 1]

    @property
    def number(self) -> int:
        """Of chains."""
        return -(-self.channels // self.length)

    @property
    def added(self) -> tuple[int, int]:
        """Products in each sum of chains, all sums together; and the squares of these numbers.

        >>> Chains.of(100).added  # 64 + 96 + 100
        (260, 23312)
        """
        n, last = self.number - 1, self.channels
        if not n:
            return 0, 0
        whole, squares = n * (n + 1) // 2 - 1, n * (n + 1) * (2 * n + 1) // 6 - 1
        return self.length * whole + last, self.length**2 * squares + last**2

    @property
    def like(self) -> float:
        """How many channels in one chain have an error as large, in relation to what is summed.

        >>> Chains.of(64).like, round(Chains.of(256).like, 1)
        (64.0, 40.8)
        """
        partial = sum(number * length * (length + 1) / 2 for length, number in self.lengths) + self.added[0]
        return 2 * partial / self.channels - 1
