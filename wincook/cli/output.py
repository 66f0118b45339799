"""Words to standard output and standard error, whole, whatever these can take.

A stream that cannot hold a text as it is gets all of it in ASCII notation. An answer is written only when it is
complete; what the system refuses is an error like any other.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

from rich.console import RenderableType

from wincook.errors import OutputError, escaped
from wincook.interchange.write.ascii import ascii_text
from wincook.report.terminal.layout import Layout


def answer(as_json: bool, data: Any, view: RenderableType) -> None:
    """Print the data as JSON, or the view: within the width of a terminal, in whole lines elsewhere."""
    if as_json:
        text = json.dumps(data, indent=2, ensure_ascii=False)
        _write((text if _takes(sys.stdout, text) else json.dumps(data, indent=2)) + "\n")
        return
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    strong = _bold if terminal and os.environ.get("TERM") != "dumb" else str
    text = Layout(width, escaped, strong).text(view)
    if not _takes(sys.stdout, text):
        text = Layout(width, lambda words: ascii_text(escaped(words)), strong).text(view)
    _write(text)


def say(document: str, plainer: Callable[[], str] | None = None) -> None:
    """Print a document as it is; its ASCII notation, or what is given for it, where it cannot be."""
    _write(spelt(document) if plainer is None or _takes(sys.stdout, document) else plainer())


def tell(words: str) -> None:
    """Print one line to standard error. Nobody is told where that cannot be written: the answer counts."""
    line = f"{escaped(words)}\n"
    with suppress(OSError):
        sys.stderr.write(line if _takes(sys.stderr, line) else ascii_text(line))
        sys.stderr.flush()


def spelt(document: str) -> str:
    """A document as standard output takes it: all of it in ASCII notation if need be."""
    return document if _takes(sys.stdout, document) else ascii_text(document)


def in_ascii(word: str) -> str:
    """An argument in ASCII notation, if it is notation in UTF-8 that the locale could not read: 0,±1 as 0,+-1."""
    with suppress(UnicodeError):
        notation = ascii_text(os.fsencode(word).decode())
        if not word.isprintable() and "\\" not in notation:
            return notation
    return word


def _write(text: str) -> None:
    """Write to standard output.

    Raises:
        OutputError: the system refuses.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        raise OutputError(f"cannot write to standard output: {error.strerror}") from error


def _bold(line: str) -> str:
    return f"\x1b[1m{line}\x1b[0m" if line else line


def _takes(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
