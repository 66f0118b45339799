"""Put operations in an order that keeps few values alive at once.

Any order will do in which each operation follows those that it reads. Orders grow from the front; of all that have done
the same operations one with the lowest peak is kept, and of each length only the best few (list scheduling as a beam;
Cooper and Torczon, *Engineering a Compiler*, chapter 12). Rounding does not change, since no operation does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from wincook.program.cost import cost
from wincook.program.ir import Program, operands, reading

_KEPT = 32


@dataclass(frozen=True, slots=True)
class Progress:
    """The operations done, in order, the values alive after them, and the most that ever were."""

    order: tuple[int, ...]
    alive: frozenset[int]
    peak: int

    @property
    def rank(self) -> tuple[int, int]:
        """What is least for the best of several."""
        return self.peak, len(self.alive)


def fewest_live(program: Program) -> Program:
    """The operations in the order found with the fewest values alive at once; the program itself if none is better."""
    readers = Counter(value for op in program.ops for value in set(operands(op)))
    readers.update(program.outputs)  # never read for the last time
    alive = frozenset(value for value in range(program.inputs) if readers[value])
    best = [Progress((), alive, len(alive))]
    for _ in program.ops:
        reached: dict[frozenset[int], Progress] = {}
        for progress in best:
            for place in _ready(program, progress.order):
                step = _after(program, readers, progress, place)
                done = frozenset(step.order)
                reached[done] = min(reached.get(done, step), step, key=lambda one: one.rank)
        best = sorted(reached.values(), key=lambda one: one.rank)[:_KEPT]
    ordered = _in_order(program, best[0].order)
    return ordered if cost(ordered).live < cost(program).live else program


def _ready(program: Program, order: tuple[int, ...]) -> list[int]:
    """The operations not yet done that read only what is there."""
    there = {*range(program.inputs), *(program.inputs + place for place in order)}
    done = set(order)
    return [place for place, op in enumerate(program.ops) if place not in done and there.issuperset(operands(op))]


def _after(program: Program, readers: Counter[int], progress: Progress, place: int) -> Progress:
    order = (*progress.order, place)
    read = set(operands(program.ops[place]))
    gone = Counter(value for done in order for value in read.intersection(operands(program.ops[done])))
    alive = progress.alive - {value for value in read if gone[value] == readers[value]} | {program.inputs + place}
    return Progress(order, alive, max(progress.peak, len(alive)))


def _in_order(program: Program, order: tuple[int, ...]) -> Program:
    """The operations in another order, with values numbered anew."""
    number = list(range(program.inputs + len(program.ops)))
    for place, old in enumerate(order):
        number[program.inputs + old] = program.inputs + place
    ops = tuple(reading(program.ops[old], number) for old in order)
    return replace(program, ops=ops, outputs=tuple(number[output] for output in program.outputs))
