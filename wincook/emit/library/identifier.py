"""Names that the symbols of a library can start with."""

from __future__ import annotations

import re

from wincook.errors import NotationError, quoted

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_WORDS = """alignas alignof and asm auto bool break case catch char class const constexpr continue decltype default
    delete do double else enum explicit export extern false final float for friend goto if import inline int long module
    mutable namespace new noexcept not nullptr operator or override private protected public register requires restrict
    return short signed sizeof static struct switch template this throw true try typedef typeid typename typeof union
    unsigned using virtual void volatile while xor"""


def identifier(name: object) -> str:
    """The name, if C and C++ take it as one.

    Raises:
        NotationError: it is none, is a word of these languages, or is too long.

    >>> identifier("conv3x3")
    'conv3x3'
    """
    if isinstance(name, str) and _IDENTIFIER.fullmatch(name) and name not in _WORDS.split():
        return name
    raise NotationError(
        f"name = {quoted(name)} must be a C identifier of at most 64 letters, digits and underscores, a letter first"
    )
