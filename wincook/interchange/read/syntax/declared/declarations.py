"""Matrices in the source text of any language but Python: what is declared, assigned, returned or named in a list.

    static const float BT[6][6] = {{4.f, 0, -5.f, …}, …};        var g = [4][3]float32{{…}}        BT = [1 0 -1 0; …]
    const Mat BT{{…}};        return {{…}};        { "BT": [[…]] }        BT << 1, 0, -1, 0, …;        #define G {{…}}
    transforms.insert({ Key{3, 2, WEIGHT}, matrix<double>({{…}}) });        map.put("BT", new float[][] {{…}});

The words are gone through once. A list counts only if all that is right of the sign is understood. Constants are known
from where they stand (`const float sq2 = 1.41421356f;`, `#define C 0.25f`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell
from wincook.interchange.read.syntax.declared.changes import CHANGING, Changes
from wincook.interchange.read.syntax.declared.extents import Extents
from wincook.interchange.read.syntax.declared.left_side import LeftSide
from wincook.interchange.read.syntax.declared.right_side import FEWEST_IN_ALL, shows_matrix, stacked_rows
from wincook.interchange.read.syntax.declared.typed import declared_sizes, typed_array, typed_constant
from wincook.interchange.read.syntax.declared.values import Values
from wincook.interchange.read.syntax.language import Language
from wincook.interchange.read.syntax.words import Word, name_at, text_at, words
from wincook.interchange.read.tables import Findings, Unread, reason, table

_LONGEST_BROKEN, _LONGEST_SHOWN = 400, 80
_MOST_TABLES, _MOST_NUMBERS = 500, 50_000
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

    def __init__(self, text: list[Word], language: Language, constants: dict[str, Cell]) -> None:
        self.words = text
        self.language = language
        self.constants = constants
        self.findings = Findings()
        self.left = LeftSide(text, language)
        self.extents = Extents(text, language)
        self.changes = Changes(text, self.extents, self.left, self.findings)
        self.values = Values(language, constants)
        self.scope: list[str] = []
        self.numbers = 0

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
            case "{" | "(" if self.extents.initialises(place):
                return self._initialised(place)
            case "{" | "(" | "[" if key := self._key(place):
                return self._keyed(place, *key)
            case "{":
                self.scope.append(self.left.scope_name(place))
            case "}" if self.scope:
                self.scope.pop()
            case sign if sign in CHANGING and (text_at(self.words, place - 1) == "]" or self._name(place - 1)):
                self.changes.assigned(place, self._scope())
            case "(":
                self.changes.called(place, self._scope())
        return place

    def _assigned(self, place: int) -> int:
        name, kind, dimensions = self.left.read(place)
        if not name:
            if self.language.arrays:
                self.changes.part_assigned(place, self._scope())
            return place
        self.findings.given.add(name)
        known = self.changes.scope_of(name, self._scope()) is not None
        if dimensions and not kind and (known or not self.extents.begins_list(place + 1)):
            self.changes.assigned(place, self._scope())
            return place
        return self._value(name, place + 1, kind, dimensions)

    def _named(self, place: int) -> int:
        """`"BT": [[…]]` and `BT: {{…}}`: an entry of a dictionary, or a member."""
        name = self._name(place - 1)
        self.findings.given.add(name)
        if not name or not self.extents.begins_list(place + 1) or text_at(self.words, place - 2) == "[":
            return place
        return self._value(name, place + 1, (), ())

    def _key(self, place: int) -> tuple[str, int] | None:
        """The key of an entry of a map, and where its list begins; None if no such entry stands in the bracket."""
        key = self.left.key(place)
        if key is None or not self.extents.begins_list(key[1]):
            return None
        end = min(self.extents.end(key[1]), key[1] + _LONGEST_SHOWN)
        return key if shows_matrix(self.words[key[1] : end]) else None

    def _keyed(self, place: int, name: str, start: int) -> int:
        """`{"BT", {{…}}}` and `put("BT", …)`: an entry of a map."""
        if text_at(self.words, place) == "{":
            self.scope.append("")
        self.findings.given.add(name)
        return self._value(name, start, (), ())

    def _returned(self, place: int) -> int:
        name = next((name for name in reversed(self.scope) if name), "")
        lists = bool(name) and self.extents.begins_list(place + 1)
        return self._value(name, place + 1, (), ()) if lists else place

    def _streamed(self, place: int) -> int:
        """`BT << 1, 0, -1, 0, …;` and `Mat_<float>(4, 4) << 1, 0, …`: numbers that fill what stands on the left."""
        end = place + 1
        while end < len(self.words) and text_at(self.words, end) not in {";", ")", "{", "}", "<<"}:
            end = self.extents.partners[end] + 1 if text_at(self.words, end) == "(" else end + 1
        listed = [Word("["), *self.words[place + 1 : end], Word("]")]
        if sum(word.text == "," for word in listed) < FEWEST_IN_ALL - 1:
            return place
        name, dimensions = self.left.streamed(place)
        return self._kept(name, listed, place, end - 1, [], dimensions) if name else place

    def _initialised(self, place: int) -> int:
        name, kind, dimensions = self.left.read(place)
        end = self.extents.partners[place]
        if end >= len(self.words):
            return place
        inner = self.words[place : end + 1]
        if text_at(self.words, place) == "(":
            inner = inner[1:-1]
        return self._kept(name, inner, place, end, kind, dimensions)

    def _value(self, name: str, start: int, kind: Sequence[str], dimensions: Sequence[Sequence[Word]]) -> int:
        """Read what stands right of the sign, as a whole."""
        end = self.extents.end(start)
        if self.extents.breaks_off(start, end, FEWEST_IN_ALL):
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
                self.constants[name] = typed_constant(value, kind)
                return last
            self.findings.given.add(name)
            if self.language.fixed & set(kind):
                self.changes.fixed.add(name)
            sizes = declared_sizes(dimensions, self.values)
            array, remarks = typed_array(name, value, kind, sizes)
            self._count(array.size)
            if array.size:
                matrix = table(name, array, sizes, remarks=remarks, scope=self._scope(), line=line)
                self.findings.tables.append(matrix)
        except _TooMuchError:
            raise
        except DataError as error:
            self.constants.pop(name, None)
            if self._names_inside(place, last):
                return place
            return last if self._unread(name, str(error), listed, line) else place
        return last

    def _names_inside(self, place: int, last: int) -> bool:
        """Whether what stands within a value has names of its own, those of members or keys."""
        inside = range(place + 1, min(last, len(self.words)))
        return any(text_at(self.words, at) in {"=", ":"} for at in inside) or any(
            text_at(self.words, at) in {"{", "[", "("} and self._key(at) is not None for at in inside[:_LONGEST_BROKEN]
        )

    def _unread(self, name: str, why: str, listed: Sequence[Word], line: int) -> bool:
        """Note what is not understood; returns whether it looks like a matrix."""
        is_matrix = shows_matrix(listed)
        self.findings.unread.append(Unread(name, reason(name, why), is_matrix, self._scope(), line))
        return is_matrix

    def _count(self, numbers: int) -> None:
        self.numbers += numbers
        if len(self.findings.tables) >= _MOST_TABLES or self.numbers > _MOST_NUMBERS:
            raise _TooMuchError(f"it has more than {_MOST_TABLES} lists or {_MOST_NUMBERS} numbers in them")

    def _scope(self) -> tuple[str, ...]:
        """The names of what is open here."""
        return tuple(name for name in self.scope if name)

    def _name(self, place: int) -> str:
        return name_at(self.words, place)


class _TooMuchError(DataError):
    """More than is read of any file."""
