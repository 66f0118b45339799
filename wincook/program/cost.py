"""What a program costs: operations, constants, and values alive at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from wincook.arguments import instance
from wincook.program.ir import MADE_BY, Add, Fma, Mul, Neg, Program, Sub, operands


@dataclass(frozen=True, slots=True)
class Cost:
    """Counts of one run. `live` is the largest number of values alive between two operations."""

    additions: int
    multiplications: int
    fmas: int
    negations: int
    constants: int
    live: int

    @property
    def sums(self) -> int:
        """Additions, subtractions and fmas: what is counted where multiplications by constants are free."""
        return self.additions + self.fmas

    @property
    def operations(self) -> int:
        """All operations together."""
        return self.additions + self.multiplications + self.fmas + self.negations


def cost(program: Program) -> Cost:
    """Count a program; subtractions count as additions.

    Raises:
        NotationError: no program.
    """
    program = instance("program", program, Program, MADE_BY)
    kinds = Counter(type(op) for op in program.ops)
    return Cost(
        additions=kinds[Add] + kinds[Sub],
        multiplications=kinds[Mul],
        fmas=kinds[Fma],
        negations=kinds[Neg],
        constants=len(program.constants),
        live=_live(program),
    )


def _live(program: Program) -> int:
    """Inputs count as alive from the start, outputs to the end."""
    end = len(program.ops)
    last_use = dict.fromkeys(program.outputs, end)
    for time, op in reversed(list(enumerate(program.ops))):
        for value in operands(op):
            last_use.setdefault(value, time)
    first = {value: max(0, value - program.inputs + 1) for value in last_use}
    return max(
        (sum(first[v] <= time <= last_use[v] for v in last_use) for time in range(end + 1)),
        default=0,
    )


def additions_over_axes(programs: Sequence[Program], order: Sequence[int]) -> int:
    """Additions, fmas among them, of one tile when the programs run along their axes in an order."""
    return _over_axes(programs, order, lambda program: cost(program).sums)


def operations_over_axes(programs: Sequence[Program], order: Sequence[int]) -> int:
    """All operations of one tile when the programs run along their axes in an order."""
    return _over_axes(programs, order, lambda program: cost(program).operations)


def _over_axes(programs: Sequence[Program], order: Sequence[int], count: Callable[[Program], int]) -> int:
    total, shape = 0, [program.inputs for program in programs]
    for axis in order:
        shape[axis] = len(programs[axis].outputs)
        total += count(programs[axis]) * prod(shape[:axis] + shape[axis + 1 :])
    return total
