"""What stands left of a sign of assignment, or before a brace: a name, its type, its dimensions, and what is around.

static const float BT[4][4] =      let AT: Vec<f32> =      localparam signed [7:0] G [0:3][0:2] =      struct F23 {
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from wincook.interchange.read.syntax.language import Language
from wincook.interchange.read.syntax.words import Word, matching, name_at, text_at

_LONGEST, _LONGEST_TYPE = 40, 12
_SCOPES = {"struct", "class", "namespace", "union", "impl", "mod", "interface", "module", "object", "trait", "enum"}
_ATTRIBUTES = {"__attribute__", "alignas", "__declspec", "aligned"}
_MEMBER = re.compile(r"\.|::|->")
_NO_FUNCTIONS = {"if", "for", "while", "switch"}


class Declared(NamedTuple):
    """A name, the words of its type, and its dimensions; the name is empty where none stands."""

    name: str = ""
    kind: tuple[str, ...] = ()
    dimensions: tuple[tuple[Word, ...], ...] = ()


class LeftSide:
    """Reads backwards from a place in the words of a text."""

    def __init__(self, words: Sequence[Word], language: Language) -> None:
        self.words = words
        self.language = language

    def read(self, place: int) -> Declared:
        """The name that is declared or assigned to, the words of its type, and its dimensions."""
        place = self._before_attributes(place)
        start = self.start(place)
        left = self.words[start:place]
        colon = next((at for at, word in enumerate(left) if word.text == ":" and _depth(left[:at]) == 0), 0)
        if colon and left[colon - 1].kind in {"NAME", "STRING"}:  # `let AT: Vec<f32> = …`
            kind = tuple(word.text for word in left[colon + 1 :] if word.kind == "NAME")
            return Declared(name_at(self.words, start + colon - 1), kind)
        dimensions: list[tuple[Word, ...]] = []
        while left and left[-1].text == "]":
            opening = len(left) - 1
            while opening and _depth(left[opening:]) < 0:
                opening -= 1
            dimensions.insert(0, tuple(left[opening + 1 : -1]))
            left = left[:opening]
        if not left or left[-1].kind not in {"NAME", "STRING"}:
            return Declared()
        kind = tuple(word.text for word in left[:-1] if word.kind in {"NAME", "NUMBER"})
        return Declared(left[-1].text.strip("\"'"), kind, tuple(dimensions))

    def _before_attributes(self, place: int) -> int:
        """Before `__attribute__((aligned(16)))`, where that stands behind what is declared."""
        at = place - 1
        depth = 0
        while text_at(self.words, place - 1) == ")" and at > max(0, place - _LONGEST):
            depth += (text_at(self.words, at) == ")") - (text_at(self.words, at) == "(")
            if not depth:
                return at - 1 if text_at(self.words, at - 1) in _ATTRIBUTES else place
            at -= 1
        return place

    def start(self, place: int) -> int:
        """Where the statement begins that a sign stands in."""
        depth = 0
        for at in range(place - 1, max(-1, place - 1 - _LONGEST), -1):
            word = self.words[at]
            if word.kind == "SIGN":
                depth += (word.text in ")]") - (word.text in "([")
                if depth == 1 and word.text == ")" and text_at(self.words, at + 1) != "[":
                    return at + 1  # for (…) and the like
                if (
                    depth < 0
                    or (word.text in {";", "{", "}"} and not depth)
                    or (word.text == "," and not depth and not self._angle(at, place))
                ):
                    return at + 1
            if word.starts_line and not depth and self.language.ends_at_line:
                return at
        return max(0, place - _LONGEST)

    def _angle(self, at: int, place: int) -> bool:
        """Whether a comma stands within < >."""
        return any(word.text == ">" for word in self.words[at:place])

    def scope_name(self, place: int) -> str:
        """The name of what a brace opens: a struct, a namespace, a function."""
        start = max(0, place - _LONGEST)
        for at in range(place - 1, start - 1, -1):
            if text_at(self.words, at) in {";", "{", "}"}:
                start = at + 1
                break
        before = self.words[start:place]
        for word, following in pairwise(before):
            if word.text in _SCOPES and following.kind == "NAME":
                return following.text
            if word.kind == "NAME" and following.text == "(" and word.text not in _NO_FUNCTIONS:
                return word.text.rsplit("::", maxsplit=1)[-1]
        return name_at(self.words, place - 2) if text_at(self.words, place - 1) in {"=", ":"} else ""

    def key(self, place: int) -> tuple[str, int] | None:
        """The key behind an opening bracket, and the place behind its comma: `{Key{3, 2, IN}, …}`, `put("BT", …)`.

        In braces any words can be a key, elsewhere a text or a member of a type: `rotate(BT, …)` names no entry. The
        words of a key make one name. None where no key and comma stand.
        """
        at = place + 1
        if not name_at(self.words, at):
            return None
        first = self.words[at]
        if text_at(self.words, place) != "{" and first.kind != "STRING" and not _MEMBER.search(first.text):
            return None
        end = at + 1
        if text_at(self.words, end) in {"{", "("}:
            end = matching(self.words[: end + _LONGEST], end) + 1
        if text_at(self.words, end) != ",":
            return None
        parts = [word.text.strip("\"'") for word in self.words[at:end] if word.kind in {"NAME", "NUMBER", "STRING"}]
        return "_".join(_MEMBER.split(part)[-1] for part in parts), end + 1

    def streamed(self, place: int) -> tuple[str, list[list[Word]]]:
        """The name and the dimensions of what a sign << fills: `BT << …` and `BT = Mat_<float>(4, 4) << …`."""
        if text_at(self.words, place - 1) != ")":
            return name_at(self.words, place - 1), []
        opening = place - 1
        while opening > 0 and text_at(self.words, opening) != "(":
            opening -= 1
        dimensions = [[word] for word in self.words[opening + 1 : place - 1] if word.kind in {"NUMBER", "NAME"}]
        before = range(opening, max(0, opening - _LONGEST_TYPE), -1)
        equals = next((at for at in before if text_at(self.words, at) == "="), 0)
        return self.read(equals)[0] if equals else name_at(self.words, opening - 1), dimensions[:2]


def _depth(words: Sequence[Word]) -> int:
    return sum((word.text in "([{") - (word.text in ")]}") for word in words if word.kind == "SIGN")
