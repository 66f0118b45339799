"""What is counted of a tile, before or after its algorithm is built."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from wincook.bilinear import BilinearAlgorithm
from wincook.kernels.plans.tiles.blocking import filters_kept
from wincook.program.cost import cost
from wincook.program.programs import operations_per_tile, programs_of


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one tile: its outputs and inputs along each axis, its products, and the operations of its transforms.

    `kept` of the products have filters of their own; `between` both programs of the outputs are so many values. Inputs
    are transformed down the columns, which tiles share, into `rows` of products, and then along each of these: the
    operations are those of one column, and of one row.
    """

    outputs: tuple[int, ...]
    inputs: tuple[int, ...]
    rows: int
    products: int
    kept: int
    between: int
    per_column: int
    per_row: int
    output_operations: int

    @property
    def input_operations(self) -> int:
        """Of the input transform of a tile that shares no columns."""
        return self.per_column * self.inputs[1] + self.per_row * self.rows

    @property
    def operations(self) -> int:
        """Of both transforms of such a tile."""
        return self.input_operations + self.output_operations


@lru_cache(maxsize=1024)
def counts_of(algorithm: BilinearAlgorithm) -> Counts:
    """What one tile of an algorithm takes."""
    programs = programs_of(algorithm)
    return Counts(
        outputs=algorithm.tile.outputs,
        inputs=algorithm.tile.inputs,
        rows=len(programs.input[0].outputs),
        products=algorithm.multiplications,
        kept=filters_kept(algorithm.axes),
        between=algorithm.tile.outputs[0] * algorithm.axes[1].multiplications,
        per_column=cost(programs.input[0]).operations,
        per_row=cost(programs.input[1]).operations,
        output_operations=operations_per_tile(programs.output),
    )
