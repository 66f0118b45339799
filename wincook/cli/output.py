"""Words to standard output and standard error, whole, whatever these can take.

A stream that cannot hold a text as it is gets all of it in ASCII notation. An answer is written only when it is
complete; what the system refuses is an error like any other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from wincook.errors import OutputError, escaped


def say(document: str, plainer: Callable[[], str] | None = None) -> None:
    """Print a document as it is; its ASCII notation, or what is given for it, where it cannot be."""
    write(spelt(document) if plainer is None or takes(sys.stdout, document) else plainer())


def tell(words: str) -> None:
    """Print one line to standard error. Nobody is told where that cannot be written: the answer counts."""
    line = f"{escaped(words)}\n"
    with suppress(OSError):
        sys.stderr.write(line if takes(sys.stderr, line) else in_ascii_notation(line))
        sys.stderr.flush()


def spelt(document: str) -> str:
    """A document as standard output takes it: all of it in ASCII notation if need be."""
    return document if takes(sys.stdout, document) else in_ascii_notation(document)


def in_ascii(word: str) -> str:
    """An argument in ASCII notation, if it is notation in UTF-8 that the locale could not read: 0,±1 as 0,+-1."""
    if word.isprintable():
        return word
    with suppress(UnicodeError):
        notation = in_ascii_notation(os.fsencode(word).decode())
        if "\\" not in notation:
            return notation
    return word


def in_ascii_notation(text: str) -> str:
    """Text in ASCII; what does it is imported only where it is needed, so that `--help` and `--version` are quick."""
    from wincook.interchange.write.ascii import ascii_text

    return ascii_text(text)


def write(text: str) -> None:
    """Write to standard output.

    Raises:
        OutputError: the system refuses.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        raise OutputError(f"cannot write to standard output: {error.strerror}") from error


def takes(stream: TextIO, text: str) -> bool:
    """Whether a stream can hold a text as it is."""
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
