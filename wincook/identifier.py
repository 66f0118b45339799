"""Names that C and C++ take for symbols, and that the symbols of a library or a header can start with."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wincook.errors import NotationError, quoted

LONGEST = 64  # letters
_IDENTIFIER = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{LONGEST - 1}}}")
_WORDS = """alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t
    class compl concept const const_cast consteval constexpr constinit continue co_await co_return co_yield decltype
    default delete do double dynamic_cast else enum explicit export extern false final float for friend goto if
    import inline int long module mutable namespace new noexcept not not_eq nullptr operator or or_eq override
    private protected public register reinterpret_cast requires restrict return short signed sizeof static
    static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename typeof
    union unsigned using virtual void volatile wchar_t while xor xor_eq"""


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
        f"{what} = {quoted(name)} must be a C identifier of at most {LONGEST} letters, digits and underscores, "
        "a letter first, and no word of C or C++"
    )


def identifiers(names: Iterable[str]) -> tuple[str, ...]:
    """An identifier for each name, that has its letters and digits; they differ in more than case.

    >>> identifiers(["layer1, first", "1x1", "", "Layer1/first"])
    ('layer1_first', 'layer_1x1', 'layer', 'Layer1_first_2')
    """
    taken: dict[str, str] = {}
    for name in names:
        stem = "_".join(re.findall(r"[A-Za-z0-9]+", name))[: LONGEST // 2]
        if not stem[:1].isalpha() or stem in _WORDS.split():
            stem = f"layer_{stem}".rstrip("_")
        number, chosen = 1, stem
        while chosen.lower() in taken:
            number += 1
            chosen = f"{stem}_{number}"
        taken[chosen.lower()] = chosen
    return tuple(taken.values())
