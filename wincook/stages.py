"""The seven stages of y = AT [Σ_c (G g) ⊙ (BT d)], and one value for each of them.

| stage | what it computes or holds |
|---|---|
| `filter` | the operations of G g |
| `U` | the transformed filter, as stored |
| `input` | the operations of BT d |
| `V` | the transformed input, as stored |
| `product` | U ⊙ V |
| `accumulate` | the sum over the channels, M as stored |
| `output` | the operations of AT M, y as stored |

Formats, ranges, bounds, shares of an error, overflows and widths of words are all values of this kind, so that the same
words stand for the same stages in code, options, tables and files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")
Other = TypeVar("Other")

_FORMULAS = {"filter": "G g", "input": "BT d", "product": "U V", "accumulate": "M", "output": "AT M"}


@dataclass(frozen=True, slots=True)
class PerStage(Generic[T]):
    """A value for each stage, in the order of computation.

    >>> counts = PerStage.uniform(0).replace(U=3, output=1)
    >>> print(counts)
    filter 0, U 3, input 0, V 0, product 0, accumulate 0, output 1
    >>> counts["U"], counts.map(bool).output
    (3, True)
    """

    filter: T
    U: T
    input: T
    V: T
    product: T
    accumulate: T
    output: T

    @classmethod
    def uniform(cls, value: T) -> Self:
        """The same value for all stages."""
        return cls(*(value for _ in STAGES))

    def __getitem__(self, stage: str) -> T:
        """The value of a stage, by its name; a KeyError if there is no such stage."""
        if stage not in STAGES:
            raise KeyError(stage)
        value: T = getattr(self, stage)
        return value

    def items(self) -> Iterator[tuple[str, T]]:
        """Each stage and its value."""
        return ((stage, self[stage]) for stage in STAGES)

    def values(self) -> tuple[T, ...]:
        """One for each stage."""
        return tuple(self[stage] for stage in STAGES)

    def map(self, function: Callable[[T], Other]) -> PerStage[Other]:
        """What a function makes of each value."""
        return PerStage(*map(function, self.values()))

    def replace(self, **values: T) -> Self:
        """The same with other values for some stages."""
        return replace(self, **values)

    def __str__(self) -> str:
        return ", ".join(f"{stage} {value}" for stage, value in self.items())


STAGES = tuple(field.name for field in fields(PerStage))


def label(stage: str) -> str:
    """How tables name a stage: with what it computes.

    >>> [label(stage) for stage in STAGES]
    ['filter (G g)', 'U', 'input (BT d)', 'V', 'product (U V)', 'accumulate (M)', 'output (AT M)']
    """
    return f"{stage} ({_FORMULAS[stage]})" if stage in _FORMULAS else stage


def add(first: PerStage[Any], second: PerStage[Any]) -> PerStage[Any]:
    """The sum, stage by stage."""
    return PerStage(*(a + b for a, b in zip(first.values(), second.values(), strict=True)))
