"""Matrices in the source text of any language but Python: what is declared, assigned, returned or named in a list.

    static const float BT[6][6] = {{4.f, 0, -5.f, …}, …};        var g = [4][3]float32{{…}}        BT = [1 0 -1 0; …]
    const Mat BT{{…}};        return {{…}};        { "BT": [[…]] }        BT << 1, 0, -1, 0, …;        #define G {{…}}

The words are gone through once. A list counts only if all that is right of the sign is understood. Constants are known
from where they stand (`const float sq2 = 1.41421356f;`, `#define C 0.25f`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell, Grid, cells
from wincook.interchange.read.numbers.element import integer_type, is_floating, narrow_format, rounding_remark
from wincook.interchange.read.syntax.initialiser import Value, Values
from wincook.interchange.read.syntax.language import PROSE, Language
from wincook.interchange.read.syntax.left_side import LeftSide
from wincook.interchange.read.syntax.right_side import FEWEST_IN_ALL, padded, shows_matrix, stacked_rows
from wincook.interchange.read.syntax.words import Word, after_type, partners, words
from wincook.interchange.read.tables import Change, Findings, Unread, reason, table

_LONGEST_LEFT, _LONGEST_SHOWN, _LONGEST_BROKEN = 40, 60, 400
_MOST_TABLES, _MOST_NUMBERS = 500, 50_000
_SCOPES = {"struct", "class", "namespace", "union", "impl", "mod", "interface", "module", "object", "trait", "enum"}
_STOPS = {";", ",", ")", "]", "}", "=", ":=", "+=", "-=", "*=", "/=", "<<", "return"}
_CHANGING = {"+=", "-=", "*=", "/=", "++", "--"}
_MUTATORS = {
    "memset",
    "memcpy",
    "memmove",
    "bzero",
    "fill",
    "fill_n",
    "copy_n",
    "swap",
    "transform",
    "fill!",
    "copyto!",
}
_OPERATORS = {"+", "-", "*", "/", "//", ".*", "./", "=", ",", ":=", "^", "**", "("}
_KEYWORDS = {"return", "else", "case", "if", "in", "goto", "throw", "yield", "do", "new", "delete"}
_SHAPE = re.compile(r"\d+ ?[x×*,] ?\d+")
_DEFINE = re.compile(r"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+((?:[^\n\\]|\\.|\\\n)*)$")
_DEAD = re.compile(r"(?ms)^[ \t]*#[ \t]*if[ \t]+(?:0|false)[ \t]*$.*?^[ \t]*#[ \t]*(?:else|elif|endif)\b[^\n]*$")
_DIRECTIVE = re.compile(r"(?m)^[ \t]*#(?:[^\n\\]|\\.|\\\n)*$")


def declared_findings(text: str, language: Language, constants: dict[str, Cell]) -> Findings:
    """All matrices of a text without comments; `constants` are those known before, and take up those of the text.

    Raises:
        DataError: it holds too many lists or numbers.
    """
    if language.preprocessed:
        text = _DEAD.sub(lambda match: "\n" * match[0].count("\n"), text)
        text = _DEFINE.sub(lambda match: f"{match[1]} = {match[2]};".replace("\\\n", " \n"), text)
        text = _DIRECTIVE.sub(lambda match: "\n" * match[0].count("\n"), text)
    scanner = _Scanner(words(text, quotes=language.quotes), language, constants)
    scanner.scan()
    return scanner.findings


class _Scanner:
    """Goes through the words once; what it finds is in `findings`."""

    def __init__(self, found: list[Word], language: Language, constants: dict[str, Cell]) -> None:
        self.words = found
        self.partners = partners(found)
        self.language = language
        self.left = LeftSide(found, language)
        self.constants = constants
        self.findings = Findings()
        self.scope: list[str] = []
        self.values = Values(language, constants)
        self.numbers = 0
        self.fixed: set[str] = set()  # names of constants

    def scan(self) -> None:
        """Read every declaration; one that is neither matrix nor constant is passed over."""
        place = 0
        while place < len(self.words):
            place = max(place, self._step(place)) + 1

    def _step(self, place: int) -> int:  # noqa: C901, PLR0911 (one case for each sign)
        """What begins at a word; returns the last place that was read."""
        word = self.words[place]
        if word.kind == "NAME" and word.text == "return":
            return self._returned(place)
        if word.kind != "SIGN":
            return place
        match word.text:
            case "=" | ":=":
                return self._assigned(place)
            case ":":
                return self._named(place)
            case "<<":
                return self._streamed(place)
            case ";":
                self.findings.given.add(self.left.read(place)[0])
            case "{" | "(" if self._initialises(place):
                return self._initialised(place)
            case "{":
                self.scope.append(self.left.scope_name(place))
            case "}" if self.scope:
                self.scope.pop()
            case sign if sign in _CHANGING and (self._text(place - 1) == "]" or self._name(place - 1)):
                self._changed(place)
            case "(" if self._text(place - 1).rsplit("::", maxsplit=1)[-1] in _MUTATORS:
                self._filled(place)
        return place

    def _assigned(self, place: int) -> int:
        name, kind, dimensions = self.left.read(place)
        if not name:
            self._changed_part(place)
            return place
        self.findings.given.add(name)
        if dimensions and not kind and (self._known_in(name) is not None or not self._lists(place + 1)):
            self._changed(place)
            return place
        return self._value(name, place + 1, kind, dimensions)

    def _named(self, place: int) -> int:
        """`"BT": [[…]]` and `BT: {{…}}`: an entry of a dictionary, or a member."""
        name = self._name(place - 1)
        self.findings.given.add(name)
        if not name or not self._lists(place + 1) or self._text(place - 2) == "[":
            return place
        return self._value(name, place + 1, (), ())

    def _returned(self, place: int) -> int:
        name = next((name for name in reversed(self.scope) if name), "")
        return self._value(name, place + 1, (), ()) if name and self._lists(place + 1) else place

    def _streamed(self, place: int) -> int:
        """`BT << 1, 0, -1, 0, …;` and `Mat_<float>(4, 4) << 1, 0, …`: numbers that fill what stands on the left."""
        end = place + 1
        while end < len(self.words) and self._text(end) not in {";", ")", "{", "}", "<<"}:
            end = self.partners[end] + 1 if self._text(end) == "(" else end + 1
        listed = [Word("["), *self.words[place + 1 : end], Word("]")]
        if sum(word.text == "," for word in listed) < FEWEST_IN_ALL - 1:
            return place
        name, dimensions = self._name(place - 1), list[list[Word]]()
        if self._text(place - 1) == ")":
            opening = place - 1
            while opening > 0 and self._text(opening) != "(":
                opening -= 1
            dimensions = [[word] for word in self.words[opening + 1 : place - 1] if word.kind in {"NUMBER", "NAME"}]
            equals = next((at for at in range(opening, max(0, opening - 12), -1) if self._text(at) == "="), 0)
            name = self.left.read(equals)[0] if equals else self._name(opening - 1)
        return self._kept(name, listed, place, end - 1, [], dimensions[:2]) if name else place

    def _initialises(self, place: int) -> bool:
        """Whether `{` or `(` begins the value of `const Mat BT{{…}}` or `Mat AT({{…}})`."""
        named_at = place - 1
        while self._text(place) == "{" and named_at > 0 and self._text(named_at) == "]":  # float BT[4][4] {{…}}
            named_at = self._opening(named_at) - 1
        before = self.words[named_at - 1] if named_at > 0 else Word("")
        typed = (before.kind == "NAME" and before.text not in _SCOPES | _KEYWORDS) or before.text in {
            ">",
            "]",
            "&",
            "*",
        }
        inside = self._text(place + 1)
        begins = inside == "{" or (self._text(place) == "{" and place + 1 < len(self.words) and self._number(place + 1))
        return bool(self._name(named_at)) and typed and begins

    def _opening(self, place: int) -> int:
        """Where the bracket opens that closes at a place."""
        depth = 0
        for at in range(place, max(-1, place - _LONGEST_LEFT), -1):
            depth += (self._text(at) == "]") - (self._text(at) == "[")
            if not depth:
                return at
        return 0

    def _initialised(self, place: int) -> int:
        name, kind, dimensions = self.left.read(place)
        end = self.partners[place]
        if end >= len(self.words):
            return place
        inner = self.words[place : end + 1]
        if self._text(place) == "(":
            inner = inner[1:-1]
        return self._kept(name, inner, place, end, kind, dimensions)

    def _value(self, name: str, start: int, kind: Sequence[str], dimensions: Sequence[Sequence[Word]]) -> int:
        """Read what stands right of the sign, as a whole."""
        end = self._end(start)
        if end >= len(self.words) and any(
            self.partners[at] >= end
            for at in range(start, min(end, start + FEWEST_IN_ALL))
            if self._text(at) in {"{", "["}
        ):
            self._unread(name, "it breaks off", self.words[start : start + _LONGEST_BROKEN], self.words[start - 1].line)
            return start
        return self._kept(name, stacked_rows(self.words[start:end]), start - 1, end - 1, kind, dimensions)

    def _kept(
        self,
        name: str,
        listed: Sequence[Word],
        place: int,
        last: int,
        kind: Sequence[str],
        dimensions: Sequence[Sequence[Word]],
    ) -> int:
        """Note the value of the words as a matrix or a constant; returns the last place that was read."""
        line = self.words[place].line
        try:
            value = self.values.read(listed)
            if isinstance(value, Cell):
                self.constants[name] = self._constant(value, kind)
                return last
            self.findings.given.add(name)
            self._keep(name, value, kind, [self._size(dimension) for dimension in dimensions], line)
        except _TooMuchError:
            raise
        except DataError as error:
            self.constants.pop(name, None)
            if any(self._text(at) in {"=", ":"} for at in range(place + 1, min(last, len(self.words)))):
                return place  # what is inside has names of its own
            return last if self._unread(name, str(error), listed, line) else place
        return last

    def _unread(self, name: str, why: str, listed: Sequence[Word], line: int) -> bool:
        """Note what is not understood; returns whether it looks like a matrix."""
        is_matrix = shows_matrix(listed)
        scope = tuple(part for part in self.scope if part)
        self.findings.unread.append(Unread(name, reason(name, why), is_matrix, scope, line))
        return is_matrix

    def _constant(self, value: Cell, kind: Sequence[str]) -> Cell:
        """A number as its type holds it: `const int half = 0.5` is 0, and `const float two = 2` no integer."""
        integers = integer_type(kind)
        if integers is not None:
            return integers.convert(value)
        return value.floating() if any(map(is_floating, kind)) else value

    def _keep(self, name: str, value: Value, kind: Sequence[str], sizes: list[int], line: int) -> None:
        if self.language.fixed & set(kind):
            self.fixed.add(name)
        sizes = [] if 0 in sizes else sizes
        remarks: list[str] = []
        array = padded(value, sizes)
        if sizes and array.size > np.prod(sizes):
            remarks = [f"{name[:40]} is declared for {'×'.join(map(str, sizes))} numbers, and holds {array.size}"]
            sizes = []
        integers = integer_type(kind)
        if integers is not None:
            converted: Grid = np.asarray(np.frompyfunc(integers.convert, 1, 1)(array))
            if any(a.value != b.value for a, b in zip(array.ravel(), converted.ravel(), strict=True)):
                remarks += [f"{name[:40]} is of the type {' '.join(kind)[:40]}: its numbers are cut to integers"]
            array = converted
        narrow = next((fmt for word in kind if (fmt := narrow_format(word)) is not None), None)
        remarks += (
            [f"{name[:40]}: {remark}" for remark in rounding_remark(narrow, cells(array))] if narrow is not None else []
        )
        self.numbers += array.size
        if len(self.findings.tables) >= _MOST_TABLES or self.numbers > _MOST_NUMBERS:
            raise _TooMuchError(f"it has more than {_MOST_TABLES} lists or {_MOST_NUMBERS} numbers in them")
        if array.size:
            self.findings.tables.append(
                table(name, array, sizes, remarks=remarks, scope=[part for part in self.scope if part], line=line)
            )

    def _end(self, start: int, most: int = 1 << 30) -> int:
        """Where a value ends: at a semicolon, a comma, a bracket that was not opened, or a line that is complete."""
        at = start
        while at < min(len(self.words), start + most):
            word = self.words[at]
            ends_line = word.starts_line and self.language.ends_at_line and at > start
            goes_on = self._text(at - 1) in _OPERATORS or word.text in _OPERATORS - {"-", "("}
            if ends_line and not goes_on and not (word.text == "[" and self._text(at - 1) == "]"):
                return at
            if word.text in {"as", "\\", "`"} and at > start:
                return at
            if self.language is PROSE and at > start and self._text(at - 1) == "]" and word.kind in {"NAME", "STRING"}:
                return at  # the sentence goes on
            if word.kind == "NAME":
                at = after_type(self.words, at)
                continue
            if word.kind == "SIGN":
                if word.text in _STOPS or self._tells_shape(at):
                    return at
                if word.text in {"(", "[", "{"}:
                    at = self.partners[at]
            at += 1
        return min(at, len(self.words))

    def _tells_shape(self, at: int) -> bool:
        """Whether `(4x3)` stands behind a matrix, as in prose."""
        inside = (
            [word.text for word in self.words[at + 1 : min(self.partners[at], at + 5)]] if self._text(at) == "(" else []
        )
        return self._text(at - 1) in {"]", "}"} and bool(_SHAPE.fullmatch(" ".join(inside)))

    def _changed(self, place: int) -> None:
        start = self.left.start(place)
        name = self.left.read(place)[0]
        if name:
            line = self.words[place].line
            end = self._end(place + 1, _LONGEST_SHOWN // 5)
            shown = "".join(
                word.text if word.text not in {"=", *_CHANGING} else f" {word.text} " for word in self.words[start:end]
            )
            self._note_change(name, shown, line)

    def _filled(self, place: int) -> None:
        """`memset(G, 0, sizeof(G))`: a call that changes what it is given."""
        end = min(self.partners[place], place + _LONGEST_LEFT, len(self.words) - 1)
        shown = "".join(word.text for word in self.words[place - 1 : end + 1])
        for word in self.words[place + 1 : end]:
            if word.kind == "NAME":
                self._note_change(word.text, shown, word.line)

    def _note_change(self, name: str, shown: str, line: int) -> None:
        scope = self._known_in(name)
        if scope is not None:
            last = re.split(r"\.|->|::", name)[-1]
            self.findings.changes.append(Change(last, shown[:_LONGEST_SHOWN], line, scope))

    def _changed_part(self, place: int) -> None:
        """`G(2,:) = …`, as Matlab writes it."""
        opening = place - 1
        while self._text(place - 1) == ")" and opening > max(0, place - _LONGEST_LEFT) and self._text(opening) != "(":
            opening -= 1
        name = self._name(opening - 1)
        if self.language.arrays and name and self._text(opening) == "(":
            shown = "".join(word.text for word in self.words[opening - 1 : place + 1])
            self._note_change(name, f"{shown} …", self.words[place].line)

    def _known_in(self, name: str) -> tuple[str, ...] | None:
        """The innermost scope around that has a matrix of the name; none if it is constant, or another's.

        A member, `w->BT`, is that of any scope.
        """
        last = re.split(r"\.|->|::", name)[-1]
        if last != name:
            scopes = [table.scope for table in self.findings.tables if table.name == last]
            return None if last in self.fixed or not scopes else scopes[-1]
        here = tuple(part for part in self.scope if part)
        scopes = [
            table.scope
            for table in self.findings.tables
            if table.name == name and here[: len(table.scope)] == table.scope
        ]
        return None if name in self.fixed or not scopes else max(scopes, key=len)

    def _size(self, dimension: Sequence[Word]) -> int:
        """The number that a dimension is; 0 if that is not known."""
        colon = [at for at, word in enumerate(dimension) if word.text == ":"]
        try:
            if colon:  # [0:3]
                ends = [self.values.read(part) for part in (dimension[: colon[0]], dimension[colon[0] + 1 :])]
                size: Any = abs(ends[0].value - ends[1].value) + 1
            else:
                size = self.values.read(list(dimension)).value
        except (DataError, AttributeError):
            return 0
        return size if isinstance(size, int) and 0 < size <= 1 << 16 else 0

    def _lists(self, place: int) -> bool:
        """Whether a list begins at a place, with or without a head."""
        text = self._text(place)
        if text in {"[", "{"}:
            return True
        head = place
        while head < min(len(self.words), place + 12) and (
            self.words[head].kind == "NAME"
            or self._text(head) in {"<", ">", ",", ".", "&", "!", "'", "(", "]"}
            or self.words[head].kind == "NUMBER"
        ):
            head += 1
        return head > place and self._text(head) in {"[", "{"} and self.words[place].kind != "NUMBER"

    def _number(self, place: int) -> bool:
        return self.words[place].kind == "NUMBER" or (
            self._text(place) in {"-", "+"} and place + 1 < len(self.words) and self.words[place + 1].kind == "NUMBER"
        )

    def _text(self, place: int) -> str:
        inside = 0 <= place < len(self.words) and self.words[place].kind != "STRING"
        return self.words[place].text if inside else ""

    def _name(self, place: int) -> str:
        inside = 0 <= place < len(self.words) and self.words[place].kind in {"NAME", "STRING"}
        return self.words[place].text.strip("\"'") if inside else ""


class _TooMuchError(DataError):
    """More than is read of any file."""
