"""How wide the sums of a residue system get before they are reduced: bounds, hence proofs.

Symmetric residues modulo p are at most h = (p - 1)/2. A row a of a matrix gives at most h Σ|a_i|, C channels of
products C h², and the digits of `mixed_radix` h² + h.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wincook.bilinear import BilinearAlgorithm
from wincook.stages import PerStage


@dataclass(frozen=True, slots=True)
class Accumulators:
    """Bits, the sign included, that hold every sum of a stage before it is reduced, and those of the reconstruction.

    U and V hold residues.
    """

    stages: PerStage[int]
    reconstruction: int

    @classmethod
    def of(cls, algorithms: Sequence[BilinearAlgorithm], channels: int) -> Accumulators:
        """Those that serve all algorithms, each modulo its prime."""
        half = max(algorithm.modulus // 2 for algorithm in algorithms)
        stages = PerStage(
            filter=_bits(_longest_row(algorithms, "G")),
            U=_bits(half),
            input=_bits(_longest_row(algorithms, "BT")),
            V=_bits(half),
            product=_bits(half**2),
            accumulate=_bits(channels * half**2),
            output=_bits(_longest_row(algorithms, "AT")),
        )
        return cls(stages, reconstruction=_bits(half**2 + half))

    @property
    def widest(self) -> int:
        """Of all."""
        return max(*self.stages.values(), self.reconstruction)

    def __str__(self) -> str:
        return f"{self.stages}, reconstruction {self.reconstruction}"


def _longest_row(algorithms: Sequence[BilinearAlgorithm], letter: str) -> int:
    """The largest h Σ|a_i|."""
    return max(
        algorithm.modulus // 2 * sum(abs(int(entry)) for entry in matrix.row(k))
        for algorithm in algorithms
        for matrix in (getattr(axis, letter) for axis in algorithm.axes)
        for k in range(matrix.rows)
    )


def _bits(bound: int) -> int:
    return bound.bit_length() + 1
