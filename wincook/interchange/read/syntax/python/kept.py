"""The matrices of a module as they are given, one after another, and the block of statements each stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell, grid
from wincook.interchange.read.syntax.python.arrays import Fill, TypeName, Value, listed
from wincook.interchange.read.tables import Findings, table

Scope = tuple[str, ...]

_MOST_TABLES, _MOST_NUMBERS = 500, 50_000


class Kept:
    """Keeps what is a matrix among the findings; what a name is given again in one block takes the place of the first.

    Blocks are numbered in their order. What follows where a block may be left is another one.
    """

    def __init__(self) -> None:
        self.findings = Findings()
        self.block = 0
        self._blocks = 0
        self._numbers = 0
        self._given_in: dict[tuple[str, Scope], int] = {}

    def begin_block(self) -> None:
        """The statements that follow are carried out together or not at all."""
        self._blocks += 1
        self.block = self._blocks

    def given_here(self, name: str, scope: Scope) -> bool:
        """Whether a matrix has been given in this block."""
        return self._given_in.get((name, scope)) == self.block

    def given_elsewhere(self, name: str, scope: Scope) -> bool:
        """Whether it has been given last in another."""
        return self._given_in.get((name, scope), self.block) != self.block

    def keep(
        self, name: str, value: Value, line: int, scope: Scope, remarks: Sequence[str], *, again: bool = False
    ) -> None:
        """Note a value that is a matrix, or a list of matrices; one that is made of its own name takes its place.

        Raises:
            DataError: it is an array of other dimensions.
            TooMuchError: the module has too many lists or numbers.
        """
        if isinstance(value, Fill | TypeName | Cell | str | bool | None):
            return
        if isinstance(value, list | tuple) and all(isinstance(part, np.ndarray) and part.ndim > 1 for part in value):
            for place, part in enumerate(value):
                self.keep(f"{name}[{place}]", part, line, scope, remarks, again=again)
            return
        array = value if isinstance(value, np.ndarray) else grid(listed(value))
        if array.ndim == 0 or not array.size:
            return
        self._numbers += array.size
        if len(self.findings.tables) >= _MOST_TABLES or self._numbers > _MOST_NUMBERS:
            raise TooMuchError(f"it has more than {_MOST_TABLES} lists or {_MOST_NUMBERS} numbers in them")
        given = table(name, array, remarks=remarks, scope=scope, line=line)
        key = (given.name, scope)
        before = [other for other in self.findings.tables if (other.name, other.scope) == key]
        if again:
            for other in before:
                self.findings.tables.remove(other)
            said = dict.fromkeys([*(remark for other in before for remark in other.remarks), *remarks])
            given = replace(given, remarks=tuple(said))
        elif self._given_in.get(key) == self.block:
            self.findings.tables = [
                replace(other, superseded=True) if other in before else other for other in self.findings.tables
            ]
        self._given_in[key] = self.block
        self.findings.tables.append(given)


class TooMuchError(DataError):
    """More than is read of any file."""
