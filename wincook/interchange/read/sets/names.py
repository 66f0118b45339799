"""What a name says of a matrix: its letter, how surely, and to which set it belongs.

A name that speaks of transforms, or is a letter of the field, says it surely; `input`, `kernel` or a small letter may
as well be data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from wincook.interchange.read.tables import Table, Unread

_WORD = re.compile(r"\d+(?:[xX]\d+)*|[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LETTERS = {
    "A": "a at otm output out outputs dst inverse inv",
    "G": "g gt ktm kernel filter weight weights wt wei ker",
    "B": "b bt itm input in inputs src data",
    "C": "c ct",
}
_LETTER_OF = {word: letter for letter, names in _LETTERS.items() for word in names.split()}
_FIELD = frozenset(["at", "bt", "gt", "otm", "ktm", "itm"])
_MARKS = frozenset(
    [
        "transform",
        "transforms",
        "transformed",
        "trans",
        "matrix",
        "matrices",
        "mat",
        "tm",
        "winograd",
        "wino",
        "wincnn",
        "toom",
        "cook",
        "data",
        "dat",
        "coeff",
        "coeffs",
        "const",
        "k",
        "t",
        "array",
        "tensor",
        "val",
        "vals",
        "value",
        "values",
        "table",
        "np",
    ]
)
_TRIPLES = (
    {"i": "B", "f": "G", "o": "A"},
    {"i": "B", "k": "G", "o": "A"},
    {"x": "B", "w": "G", "y": "A"},
    {"d": "B", "g": "G", "y": "A"},
)
_INITIALS = frozenset("".join("".join(triple) for triple in _TRIPLES))


class Label(NamedTuple):
    """`letter` is A, G, B, C, or empty; `sure` if the name cannot be that of data; `tags` are its other words."""

    letter: str
    sure: bool
    tags: Counter[str]


def label(item: Table | Unread) -> Label:
    """What the name says; where it says nothing, the names around it do.

    >>> from wincook.interchange.read.tables import Unread
    >>> [label(Unread(name, "", is_matrix=True))[:2] for name in ("winograd_B", "AT_data", "kernel", "table")]
    [('B', True), ('A', True), ('G', False), ('', False)]
    """
    said = _label(item.name)
    if said.letter or isinstance(item, Unread):
        return said
    for around in reversed(item.scope):
        outer = _label(around)
        if outer.letter and outer.sure:
            return Label(outer.letter, not item.flat, outer.tags + said.tags)
    return said


def distance(a: Table | Unread, b: Table | Unread) -> tuple[int, int]:
    """How unlike the names of two things are, but for their letters: in their words, and in what they stand in."""
    first, second = label(a).tags, label(b).tags
    unlike = sum(((first - second) + (second - first)).values())
    common = 0
    for here, there in zip(_outside(a), _outside(b), strict=False):
        if here != there:
            break
        common += 1
    return unlike, len(_outside(a)) + len(_outside(b)) - 2 * common


def title(item: Table | Unread) -> str:
    """The name, with that of what it stands in where it says nothing itself."""
    if _label(item.name).letter:
        return item.name
    return next((f"{around}.{item.name}" for around in reversed(item.scope) if _label(around).letter), item.name)


def is_transposed(name: str) -> bool:
    """Whether a name says that AT or BT is meant, and not A or B."""
    spoken = _words(name)
    return bool({"at", "bt"} & {*spoken, *(a + b for a, b in pairwise(spoken))})


def letters_of_names(names: Sequence[str]) -> dict[str, str]:
    """The letters of names that begin with one letter of a set, where all three stand with the same words behind.

    >>> letters_of_names(["I", "F", "O", "x_2", "w_4"]), letters_of_names(["O_4x4", "F_4x4", "I_4x4"])
    ({'I': 'B', 'F': 'G', 'O': 'A'}, {'I_4x4': 'B', 'F_4x4': 'G', 'O_4x4': 'A'})
    """
    groups: dict[tuple[str, ...], dict[str, str]] = {}
    for name in names:
        first, *others = _words(name) or [""]
        groups.setdefault(tuple(others), {})[first] = name
    letters: dict[str, str] = {}
    for group in groups.values():
        triple = next((triple for triple in _TRIPLES if triple.keys() <= group.keys()), {})
        letters |= {group[first]: letter for first, letter in triple.items()}
    return letters


def _label(name: str) -> Label:
    spoken = _words(name)
    roles = [word for word in spoken if word in _LETTER_OF]
    if len({_LETTER_OF[word] for word in roles}) > 1:  # G_data; but data_transform is B
        roles = [word for word in roles if word != "data"]
    letters = {_LETTER_OF[word] for word in roles}
    if len(letters) > 1 and (exact := [word for word in roles if word in _FIELD or len(word) == 1]):
        letters = {_LETTER_OF[word] for word in exact}
    letter = letters.pop() if len(letters) == 1 else ""
    others = spoken[1:] if not letter and spoken[:1] and spoken[0] in _INITIALS else spoken
    tags = Counter(word for word in others if word not in _MARKS and not (letter and word in roles))
    single = len(spoken) == 1 and name.rsplit(".", maxsplit=1)[-1][:1].islower()
    small = single and len(roles) == 1 and len(roles[0]) == 1
    spelled = any(word in _FIELD or len(word) == 1 for word in roles) and not small
    return Label(letter, bool(letter) and (spelled or bool(_MARKS & set(spoken) - {"data", "t", "k", "np"})), tags)


def _outside(item: Table | Unread) -> tuple[str, ...]:
    """What a thing stands in, but for what is named like a matrix itself."""
    return tuple(name for name in item.scope if not _label(name).letter)


def _words(name: str) -> list[str]:
    last = re.split(r"\.|::|->", name.removesuffix("'"))[-1]
    return [word.lower() for word in _WORD.findall(last)]
