"""Names that the symbols of a library can start with."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wincook.errors import NotationError, quoted

_MOST = 64  # letters
_IDENTIFIER = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{_MOST - 1}}}")
_WORDS = """alignas alignof and asm auto bool break case catch char class const constexpr continue decltype default
    delete do double else enum explicit export extern false final float for friend goto if import inline int long module
    mutable namespace new noexcept not nullptr operator or override private protected public register requires restrict
    return short signed sizeof static struct switch template this throw true try typedef typeid typename typeof union
    unsigned using virtual void volatile while xor"""


def identifier(name: object, what: str = "name") -> str:
    """The name of something, if C and C++ take it as one.

    Raises:
        NotationError: it is none, is a word of these languages, or is too long.

    >>> identifier("conv3x3")
    'conv3x3'
    """
    if isinstance(name, str) and _IDENTIFIER.fullmatch(name) and name not in _WORDS.split():
        return name
    raise NotationError(
        f"{what} = {quoted(name)} must be a C identifier of at most {_MOST} letters, digits and underscores, "
        "a letter first"
    )


def identifiers(names: Iterable[str]) -> tuple[str, ...]:
    """An identifier for each name, that has its letters and digits; they differ in more than case.

    >>> identifiers(["layer1, first", "1x1", "", "Layer1/first"])
    ('layer1_first', 'layer_1x1', 'layer', 'Layer1_first_2')
    """
    taken: dict[str, str] = {}
    for name in names:
        stem = "_".join(re.findall(r"[A-Za-z0-9]+", name))[: _MOST // 2]
        if not stem[:1].isalpha() or stem in _WORDS.split():
            stem = f"layer_{stem}".rstrip("_")
        number, chosen = 1, stem
        while chosen.lower() in taken:
            number += 1
            chosen = f"{stem}_{number}"
        taken[chosen.lower()] = chosen
    return tuple(taken.values())
