"""A program as statements of another language: the interpreter, run on names instead of numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from typing import NamedTuple

from wincook.exact.number import Number
from wincook.program.interpret import evaluate
from wincook.program.ir import Program, operands


class Statement(NamedTuple):
    """`name` is given the value of an expression."""

    name: str
    expression: str


class Listing(ABC):
    """An `Arithmetic` of names: each operation appends a statement, whose name is its value.

    After a run, `statements` are the operations that an output needs, `inputs` the names of the inputs, and `outputs`
    those of the outputs, which may be inputs or occur twice. `read` are the names of all that is needed.
    """

    def __init__(self, program: Program) -> None:
        self.statements: list[Statement] = []
        self.inputs = [self.name(program.source, place) for place in range(program.inputs)]
        self._names = self._values(program)
        self.outputs = evaluate(program, self.inputs, self)
        names = [*self.inputs, *self._names]
        self.read = {names[value] for value in _needed(program)}
        self.statements = [statement for statement in self.statements if statement.name in self.read]

    def name(self, letter: str, place: int) -> str:
        """What d0 is called."""
        return f"{letter}{place}"

    def add(self, a: str, b: str, /) -> str:
        """a + b."""
        return self._state(f"{a} + {b}")

    def sub(self, a: str, b: str, /) -> str:
        """a - b."""
        return self._state(f"{a} - {b}")

    def neg(self, a: str, /) -> str:
        """-a."""
        return self._state(f"-{a}")

    def mul(self, a: str, constant: Number, /) -> str:
        """a · constant."""
        return self._state(self.product(a, constant))

    def fma(self, a: str, constant: Number, b: str, /) -> str:
        """a · constant + b."""
        return self._state(self.fused(a, constant, b))

    @abstractmethod
    def product(self, a: str, constant: Number) -> str:
        """a · constant, as the language writes it."""

    @abstractmethod
    def fused(self, a: str, constant: Number, b: str) -> str:
        """a · constant + b, with one rounding where the language can say so."""

    def _state(self, expression: str) -> str:
        name = self._names[len(self.statements)]
        self.statements.append(Statement(name, expression))
        return name

    def _values(self, program: Program) -> list[str]:
        """A name for each operation: that of the output which it alone makes, or t with its number."""
        places = {value: place for place, value in enumerate(program.outputs)}
        times = Counter(program.outputs)
        return [
            self.name(program.target, places[value]) if times[value] == 1 else self.name("t", number)
            for number, value in enumerate(range(program.inputs, program.inputs + len(program.ops)))
        ]


def _needed(program: Program) -> set[int]:
    """The values that outputs depend on."""
    needed = set(program.outputs)
    for number, op in reversed(list(enumerate(program.ops, start=program.inputs))):
        if number in needed:
            needed.update(operands(op))
    return needed
