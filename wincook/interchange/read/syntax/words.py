"""The words of a text: numbers, names, short strings and signs, and what a grammar needs to know of them.

`plain` turns the ways of languages into one. A head is a type before a list: `std::array<float, 16>{…}`,
`new float[4,4] {…}`, `[4][4]float32{…}`, `vec![…]`; its sizes are part of the type and never data. In brackets, where a
language has that, blanks part numbers and lines part rows: `[1 0; 0 1]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wincook.errors import DataError
from wincook.interchange.read.numbers.element import is_number_type

_WORD = re.compile(
    r"(?P<NUMBER>\d{1,4}'s?[dD]\d+|\.?\d(?:[eEpP][+-]|[\w.])*)"
    r"|(?P<NAME>[^\W\d]\w*(?:(?:\.|::|->)[^\W\d]\w*)*)"
    r"|(?P<STRING>\"(?:[^\"\\\n]|\\.){0,200}\"|'[\w .\-/]{0,60}')"
    r"|(?P<SIGN>\+\+|--|\*\*|==|!=|<=|>=|\+=|-=|\*=|/=|:=|<<|=>|\.\*|\./|//|\S)"
)
_UNQUOTED = re.compile(_WORD.pattern.replace("|'[\\w .\\-/]{0,60}'", ""))
_OPENING, _CLOSING = "([{", ")]}"
_LONGEST_TYPE = 40
_MOST_WORDS = 150_000
_ENDS = {"NUMBER", "NAME", "STRING"}
_QUALIFIERS = {"const", "constexpr", "static", "volatile", "struct"}


class Word(NamedTuple):
    """`kind` is NUMBER, NAME, STRING, SIGN, HEAD or CAST; `line` is 0 for what stands in no text."""

    text: str
    kind: str = "SIGN"
    line: int = 0
    spaced: bool = False
    starts_line: bool = False


def words(text: str, *, quotes: bool = True) -> list[Word]:
    """All words; those that begin a line are marked.

    Raises:
        DataError: there are too many.
    """
    listed: list[Word] = []
    line, end, last_line = 1, 0, 0
    for match in (_WORD if quotes else _UNQUOTED).finditer(text):
        start = match.start()
        line += text.count("\n", end, start)
        listed.append(Word(match[0], str(match.lastgroup), line, start > end or not start, line > last_line))
        last_line, end = line, match.end()
        if len(listed) > _MOST_WORDS:
            raise DataError(f"it has more than {_MOST_WORDS} words and signs; keep the part with the matrices")
    return listed


def matching(listed: Sequence[Word], place: int) -> int:
    """The place of the bracket that closes the one at `place`; the end if there is none."""
    depth = 0
    for at in range(place, len(listed)):
        if listed[at].kind == "SIGN":
            depth += (listed[at].text in _OPENING) - (listed[at].text in _CLOSING)
            if not depth:
                return at
    return len(listed)


def partners(listed: Sequence[Word]) -> list[int]:
    """For each bracket that opens, the place of the one that closes it; the end of all where there is none."""
    places = [len(listed)] * len(listed)
    opened: list[int] = []
    for at, word in enumerate(listed):
        if word.kind == "SIGN" and word.text in _OPENING:
            opened.append(at)
        elif word.kind == "SIGN" and word.text in _CLOSING and opened:
            places[opened.pop()] = at
    return places


def plain(listed: Sequence[Word], *, blanks: bool) -> list[Word]:
    """The words of a value with heads and casts as one word each; with `blanks`, these part the numbers in brackets.

    Raises:
        DataError: it is made of sizes alone.
    """
    joined = list(_heads(listed))
    return list(_parted(joined)) if blanks else joined


def _heads(listed: Sequence[Word]) -> Iterator[Word]:
    place = 0
    while place < len(listed):
        word = listed[place]
        end = _end_of_head(listed, place)
        if end > place:
            if text_at(listed, end) not in {"{", "[", "("}:
                raise DataError("a size where a list of numbers should be")
            yield word._replace(text=" ".join(part.text for part in listed[place:end]), kind="HEAD")
            place = end
        elif word.text == "(" and (end := _end_of_cast(listed, place)):
            yield word._replace(text=" ".join(part.text for part in listed[place + 1 : end - 1]), kind="CAST")
            place = end
        else:
            followed = text_at(listed, place + 1)
            dropped = (word.text in {"'", "."} and followed == "{") or (
                word.text == "&" and followed in {"[", "{", "mut"}
            )
            if not dropped and not (word.text == "mut" and followed == "["):
                yield word
            place += 1


def _end_of_head(listed: Sequence[Word], place: int) -> int:
    """Where the list of a head begins; `place` itself if no head stands there."""
    word = listed[place]
    if word.text == "new":
        return _after_brackets(
            listed, after_type(listed, place + 1) if _kind(listed, place + 1) == "NAME" else place + 1
        )
    if word.text == "[" and word.kind == "SIGN":  # [4][4]float32{…}
        end = _after_brackets(listed, place)
        return end + 1 if _kind(listed, end) == "NAME" and text_at(listed, end + 1) == "{" else place
    if word.kind != "NAME":
        return place
    if text_at(listed, place + 1) == "!" and text_at(listed, place + 2) in {"[", "("}:
        return place + 2
    end = after_type(listed, place)
    if text_at(listed, end) == "[" and is_number_type(word.text):  # float[16](…)
        after = _after_brackets(listed, end)
        return after if text_at(listed, after) in {"(", "{"} else place + (not listed[end].spaced)  # Float32[1 0; 0 1]
    return end if text_at(listed, end) == "{" or (end > place + 1 and text_at(listed, end) == "(") else place


def after_type(listed: Sequence[Word], place: int) -> int:
    """The place after a name, and after what stands behind it in < >, if that can be the arguments of a type."""
    if text_at(listed, place + 1) != "<":
        return place + 1
    depth = 0
    for at in range(place + 1, min(len(listed), place + _LONGEST_TYPE)):
        text = listed[at].text
        depth += (text == "<") - (text == ">")
        if not depth:
            return at + 1
        if listed[at].kind not in {"NAME", "NUMBER"} and text not in {"<", ">", ",", "*", "[", "]", "&", "+"}:
            break
    return place + 1


def _after_brackets(listed: Sequence[Word], place: int) -> int:
    while text_at(listed, place) == "[":
        end = matching(listed, place)
        if end >= len(listed):
            return place
        place = end + 1
    return place


def _end_of_cast(listed: Sequence[Word], place: int) -> int:
    """Behind `(float)` or `(const half[4])`, if a value follows; 0 if that is no cast."""
    end = matching(listed, place)
    inner = [word.text for word in listed[place + 1 : end] if word.kind == "NAME"]
    follows = _kind(listed, end + 1) in {"NUMBER", "NAME"} or text_at(listed, end + 1) in {"(", "-", "+", "{", "."}
    simple = end - place <= _LONGEST_TYPE // 4 and all(
        word.kind == "NAME" or word.text in "[]*" or (word.kind == "NUMBER" and listed[place + 1].kind == "NAME")
        for word in listed[place + 1 : end]
    )
    if not (inner and simple and follows and listed[place + 1].kind == "NAME"):
        return 0
    return end + 1 if all(name in _QUALIFIERS or is_number_type(name) for name in inner) else 0


def _parted(listed: list[Word]) -> Iterator[Word]:
    """In brackets, a comma between words that blanks part, and a semicolon where a line does."""
    opened: list[int] = []
    for place, word in enumerate(listed):
        if place and opened and listed[opened[-1]].text == "[" and place - 1 != opened[-1]:
            before = listed[place - 1]
            row = word.starts_line and before.text != "]"
            if _parts(before, word, _after(listed, place)):
                yield Word(";" if row else ",", line=word.line)
        if word.kind == "SIGN" and word.text in _OPENING:
            opened.append(place)
        elif word.kind == "SIGN" and word.text in _CLOSING and opened:
            opened.pop()
        yield word


def _parts(before: Word, word: Word, after: Word | None) -> bool:
    """Whether two words are two values: what follows a blank, and is no operation."""
    ends = before.kind in _ENDS or before.text in _CLOSING
    starts = word.kind in _ENDS or word.kind in {"HEAD", "CAST"} or word.text in _OPENING
    sign = word.text in {"-", "+"} and (word.starts_line or (after is not None and not after.spaced))
    return ends and word.spaced and (starts or sign)


def _after(listed: Sequence[Word], place: int) -> Word | None:
    return listed[place + 1] if place + 1 < len(listed) else None


def text_at(listed: Sequence[Word], place: int) -> str:
    """The word at a place, unless that is a text in quotes; empty outside."""
    return listed[place].text if 0 <= place < len(listed) and listed[place].kind != "STRING" else ""


def name_at(listed: Sequence[Word], place: int) -> str:
    """The name at a place, in quotes or not; empty if none stands there."""
    inside = 0 <= place < len(listed) and listed[place].kind in {"NAME", "STRING"}
    return listed[place].text.strip("\"'") if inside else ""


def _kind(listed: Sequence[Word], place: int) -> str:
    return listed[place].kind if 0 <= place < len(listed) else ""
