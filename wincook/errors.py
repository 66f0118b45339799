"""The one family of errors.

Each message names the value at fault and says what would be valid, in one line, so that the CLI can print
it as it is. What a caller gave is repeated by way of `quoted`, so that no message is long because its input was.
"""

from __future__ import annotations

import os
from reprlib import Repr

_LONGEST_MESSAGE, _LONGEST_WORD = 500, 100


def quoted(value: object, most: int = 60) -> str:
    r"""A value as a message repeats it: its repr in one line of printable characters, at most `most` of them.

    The middle of what is longer is left out, as … says. A path is quoted as its text. The repr of a large value is
    never made as a whole where that can be helped.

    >>> quoted("F(4;3)"), quoted("1" * 100, 12), quoted("a\x1b[31m"), quoted(list(range(100)))
    ("'F(4;3)'", "'111…1111'", "'a\\x1b[31m'", '[0, 1, 2, 3, 4, 5, …]')
    """
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    shortener = Repr()
    shortener.fillvalue = "…"
    shortener.maxstring = shortener.maxother = shortener.maxlong = most
    try:
        words = shortener.repr(value)
    except ValueError:  # Python writes no integer of more than some thousand digits
        words = f"a number of {value.bit_length()} bits" if isinstance(value, int) else f"<{type(value).__name__}>"
    return one_line(words, most)


def one_line(words: str, most: int) -> str:
    r"""Text in one line of printable characters, at most `most` of them: the others are escaped, the middle left out.

    >>> one_line("several\nlines\x07", 99), one_line("0123456789", 5)
    ('several lines\\x07', '01…89')
    """
    if len(words) > 2 * most:  # escapes make text longer, never shorter: what is left out need not be escaped
        words = words[:most] + words[-most:]
    line = escaped(" ".join(part.strip() for part in words.splitlines()))
    return line if len(line) <= most else f"{line[: most // 2]}…{line[len(line) - (most - 1) // 2 :]}"


def escaped(words: str) -> str:
    r"""Text in which the code of a character stands for each one that does not print, as control characters.

    >>> print(escaped("√2\x1b[2J\udcff"))
    √2\x1b[2J\udcff
    """
    if words.isprintable():
        return words
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in words)


class WincookError(Exception):
    """Anything that a caller can put right: bad notation, points, shapes, data, options or places."""

    def __str__(self) -> str:
        words = one_line(super().__str__(), 2 * _LONGEST_MESSAGE).split(" ")
        return one_line(" ".join(one_line(word, _LONGEST_WORD) for word in words), _LONGEST_MESSAGE)


class NotationError(WincookError, ValueError):
    """Text that is no tile, no point set or no option of a named kind."""


class PointsError(WincookError, ValueError):
    """Points that repeat, or whose number does not fit the tile."""


class AlgorithmError(WincookError, ValueError):
    """Matrices that are not the convolution they claim to be."""


class FormatError(WincookError, ValueError):
    """An unknown number format, or a value that a format cannot hold."""


class ShapeError(WincookError, ValueError):
    """Sizes that do not fit one another, or a layer."""


class DataError(WincookError, ValueError):
    """Array contents or element types that cannot be convolved: NaN, infinities, text, complex numbers."""


class TargetError(WincookError, ValueError):
    """An instruction set or thread count that this machine, or this kernel, does not have."""


class SearchError(WincookError, ValueError):
    """A search that cannot be: an unknown objective or strategy, too few points, a store that cannot be read."""


class LimitError(WincookError, ValueError):
    """Work that would take much longer than a minute, or more memory than 1 GiB; see `wincook.ceiling`."""


class MissingExtraError(WincookError, ImportError):
    """A package that only some of wincook needs, and that is not installed."""


class OutputError(WincookError, OSError):
    """A file or folder that cannot be read or written."""
