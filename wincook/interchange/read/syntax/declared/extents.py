"""How far a value reaches in the words of a text, and whether a list of numbers begins at a place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wincook.interchange.read.syntax.language import PROSE, Language
from wincook.interchange.read.syntax.words import Word, after_type, name_at, partners, text_at

_STOPS = {";", ",", ")", "]", "}", "=", ":=", "+=", "-=", "*=", "/=", "<<", "return"}
_OPERATORS = {"+", "-", "*", "/", "//", ".*", "./", "=", ",", ":=", "^", "**", "("}
_BEFORE_A_LIST = {"<", ">", ",", ".", "&", "!", "'", "(", "]"}
_AFTER_A_TYPE = {">", "]", "&", "*"}
_NO_TYPES = {
    *("struct", "class", "namespace", "union", "impl", "mod", "interface", "module", "object", "trait", "enum"),
    *("return", "else", "case", "if", "in", "goto", "throw", "yield", "do", "new", "delete"),
}
_SHAPE = re.compile(r"\d+ ?[x×*,] ?\d+")
_LONGEST_HEAD, _LONGEST_DIMENSIONS = 12, 40


class Extents:
    """Of the values in a text; `partners` has for each bracket that opens the place of the one that closes it."""

    def __init__(self, words: Sequence[Word], language: Language) -> None:
        self.words = words
        self.language = language
        self.partners = partners(words)

    def end(self, start: int, most: int = 1 << 30) -> int:
        """Where a value ends: at a semicolon, a comma, a bracket that was not opened, or a line that is complete."""
        at = start
        while at < min(len(self.words), start + most):
            word = self.words[at]
            if at > start and (self._completes_line(at) or self._parts_prose(at)):
                return at
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

    def begins_list(self, place: int) -> bool:
        """Whether a list begins at a place, with or without a head such as `vec!` or `new float[]`."""
        text = text_at(self.words, place)
        if text in {"[", "{"}:
            return True
        head = place
        while head < min(len(self.words), place + _LONGEST_HEAD) and (
            self.words[head].kind in {"NAME", "NUMBER"} or text_at(self.words, head) in _BEFORE_A_LIST
        ):
            head += 1
        return head > place and text_at(self.words, head) in {"[", "{"} and self.words[place].kind != "NUMBER"

    def initialises(self, place: int) -> bool:
        """Whether `{` or `(` begins the value of `const Mat BT{{…}}` or `Mat AT({{…}})`."""
        named_at = place - 1
        while text_at(self.words, place) == "{" and text_at(self.words, named_at) == "]":  # float BT[4][4] {{…}}
            named_at = self._opening(named_at) - 1
        before = self.words[named_at - 1] if named_at > 0 else Word("")
        typed = before.text in _AFTER_A_TYPE or (before.kind == "NAME" and before.text not in _NO_TYPES)
        begins = text_at(self.words, place + 1) == "{" or (
            text_at(self.words, place) == "{" and self._begins_number(place + 1)
        )
        return bool(name_at(self.words, named_at)) and typed and begins

    def breaks_off(self, start: int, end: int, most: int) -> bool:
        """Whether one of the first words of a value that reaches to the end opens a list that is never closed."""
        return end >= len(self.words) and any(
            self.partners[at] >= end
            for at in range(start, min(end, start + most))
            if text_at(self.words, at) in {"{", "["}
        )

    def _completes_line(self, at: int) -> bool:
        """Whether a new line begins that does not go on with the value."""
        word, before = self.words[at], text_at(self.words, at - 1)
        if not (word.starts_line and self.language.ends_at_line):
            return False
        goes_on = before in _OPERATORS or word.text in _OPERATORS - {"-", "("}
        return not goes_on and not (word.text == "[" and before == "]")

    def _parts_prose(self, at: int) -> bool:
        """Whether a cast of Rust follows, or a sentence goes on behind a matrix."""
        word = self.words[at]
        sentence = self.language is PROSE and text_at(self.words, at - 1) == "]" and word.kind in {"NAME", "STRING"}
        return word.text in {"as", "\\", "`"} or sentence

    def _tells_shape(self, at: int) -> bool:
        """Whether `(4x3)` stands behind a matrix, as in prose."""
        if text_at(self.words, at) != "(" or text_at(self.words, at - 1) not in {"]", "}"}:
            return False
        inside = self.words[at + 1 : min(self.partners[at], at + 5)]
        return bool(_SHAPE.fullmatch(" ".join(word.text for word in inside)))

    def _opening(self, place: int) -> int:
        """Where the bracket opens that closes at a place."""
        depth = 0
        for at in range(place, max(-1, place - _LONGEST_DIMENSIONS), -1):
            depth += (text_at(self.words, at) == "]") - (text_at(self.words, at) == "[")
            if not depth:
                return at
        return 0

    def _begins_number(self, place: int) -> bool:
        signed = text_at(self.words, place) in {"-", "+"}
        at = place + signed
        return at < len(self.words) and self.words[at].kind == "NUMBER"
