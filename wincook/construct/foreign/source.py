"""Matrices in the source text of programs: nested lists or braces that are assigned to a name, in C and in Python.

    static const float BT[6][6] = {{4.f, 0, -5.f, …}, …};        AT = np.array([[1, 1, 1, 0], [0, 1, -1, 1]])

The text is scanned for `name = [`, `name = {`, `name = call([` and, in dictionaries, `"name": [`; all else is passed
over. Constants (`const float sq2 = 1.41421356f;`, `#define C 0.25f`) are known from where they stand. Comments come
last, for names that the code does not have: many programs show there the matrices that their code has unrolled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from wincook.construct.foreign.expression import Reader, is_name, tokens
from wincook.construct.foreign.table import Cell, Table, table
from wincook.errors import DataError

Unread = dict[str, str]

_COMMENT = re.compile(
    r"\"(?:[^\"\\\n]|\\.){0,2000}\"?|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z)|#(?![ \t]*define\b)[^\n]*)", re.DOTALL
)
_MARKERS = re.compile(r"(?m)^[ \t]*(?://+|/?\*+/?|#+)|\*/\Z")
_C_SUFFIXES = (".c", ".h", ".cc", ".hh", ".cpp", ".hpp", ".cxx", ".cu", ".cuh", ".cl", ".inc")
_MOST_BRACKETS = 3
_LONGEST_BRACKET = 20
_MOST_MATRICES = 500
_MOST_NUMBERS = 50_000


def source_tables(text: str, suffix: str, known: Mapping[str, Cell] | None = None) -> tuple[list[Table], Unread]:
    """All matrices of a source text, those of its comments last; a suffix of C lets `1/4` be 0.

    The second are the lists that look like matrices and could not be read, by name. `known` are constants from before.

    Raises:
        DataError: there are no matrices; it says what kept the first from being read.
    """
    constants: dict[str, Cell] = dict(known or {})
    found: list[Table] = []
    unread: Unread = {}
    reasons: list[str] = []
    for part in _code_and_comments(text):
        in_code = {one.name for one in found}
        scanner = _Scanner(tokens(part), constants, integer_division=suffix in _C_SUFFIXES)
        scanner.scan()
        found += [one for one in scanner.found if one.name not in in_code]
        unread |= {name: reason for name, reason in scanner.unread.items() if name not in {*in_code, *unread}}
        reasons += scanner.reasons
    if not found:
        raise DataError(f"no matrix is assigned to a name{': ' + reasons[0] if reasons else ''}")
    return found, unread


def _code_and_comments(text: str) -> tuple[str, str]:
    comments: list[str] = []

    def keep_code(match: re.Match[str]) -> str:
        if match["comment"] is None:
            return match[0]
        comments.append(_MARKERS.sub("", match["comment"]))
        return " "

    return _COMMENT.sub(keep_code, text), "\n".join(comments)


class _Scanner:
    """Goes through the tokens once; it notes matrices in `found` and constants in `constants`.

    `reasons` say why lists were not read, and `unread` says it of those that look like matrices, by name.
    """

    def __init__(self, words: list[str], constants: dict[str, Cell], *, integer_division: bool) -> None:
        self.words = words
        self.constants = constants
        self.found: list[Table] = []
        self.unread: Unread = {}
        self.reasons: list[str] = []
        self.reader = Reader(words, constants, integer_division=integer_division)

    def scan(self) -> None:
        """Read every assignment; one that is neither matrix nor constant is passed over."""
        place = 0
        while place < len(self.words):
            text = self.words[place]
            if text in {"=", ":"}:
                place = self._assignment(place)
            elif text == "define":
                self.reader.place = place + 2
                self._constant(self._name(place + 1))
            place += 1

    def _assignment(self, place: int) -> int:
        """Read what stands right of `=` or `:`; returns the last place that was read."""
        name, shape = self._left(place)
        if not name:
            return place
        start = place + 1
        while self._text(start + 1) == "(" and is_name(self._text(start)):
            start += 2
        if self._text(start) not in {"[", "{"}:
            self.reader.place = place + 1
            self._constant(name)
            return place
        self.reader.place = start
        try:
            self.found.append(table(name, self.reader.rows(), shape))
        except DataError as error:
            self.reasons.append(f"{name[:40]} holds {error}")
            if self._looks_like_matrix(start):
                self.unread.setdefault(name, self.reasons[-1])
            return place
        if len(self.found) > _MOST_MATRICES or sum(len(one.matrix) for one in self.found) > _MOST_NUMBERS:
            raise DataError(f"it has more than {_MOST_MATRICES} lists or {_MOST_NUMBERS} numbers in them")
        return self.reader.place - 1

    def _looks_like_matrix(self, start: int) -> bool:
        """Whether a list holds a list, or begins with a number."""
        first = self._text(start + 1)
        return first in {"[", "{"} or (self._text(start + 2) if first in {"-", "+"} else first)[:1].isdecimal()

    def _left(self, place: int) -> tuple[str, list[int]]:
        """The name on the left, and its sizes in brackets, as far as they are numbers."""
        end = place - 1
        shape: list[int] = []
        for _ in range(_MOST_BRACKETS):
            if self._text(end) != "]":
                break
            if self._text(end - 2) == "[" and self._text(end - 1).isdecimal():
                shape.insert(0, int(self._text(end - 1)[:9]))
            depth = 0
            for back in range(end, max(-1, end - _LONGEST_BRACKET), -1):
                depth += {"]": 1, "[": -1}.get(self._text(back), 0)
                if not depth:
                    end = back - 1
                    break
        if self._text(end - 1) == ":" and self._name(end - 2):  # an annotation: `AT: np.ndarray = …`
            end -= 2
        return self._name(end), shape

    def _constant(self, name: str) -> None:
        if not name:
            return
        try:
            cell = self.reader.cell()
        except DataError:
            self.constants.pop(name, None)
            return
        self.constants[name] = cell

    def _text(self, place: int) -> str:
        return self.words[place] if 0 <= place < len(self.words) else ""

    def _name(self, place: int) -> str:
        text = self._text(place).strip("\"'")
        return text if is_name(text) else ""
