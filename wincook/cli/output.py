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
from enum import StrEnum
from typing import Any, TextIO

from wincook.errors import NotationError, OutputError, escaped
from wincook.interchange.write.ascii import ascii_text
from wincook.report.data.csv import csv_text
from wincook.report.data.latex import latex_text
from wincook.report.table import Part, View
from wincook.report.terminal.layout import Layout


class Form(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    LATEX = "latex"

    @classmethod
    def of(cls, *, json: bool = False, csv: bool = False, latex: bool = False) -> Form:
        """The form that flags ask for.

        Raises:
            NotationError: more than one of them.
        """
        flags = {cls.JSON: json, cls.CSV: csv, cls.LATEX: latex}
        forms = [form for form, wanted in flags.items() if wanted]
        if len(forms) > 1:
            raise NotationError(f"{' and '.join(f'--{form}' for form in forms)} do not go together; give one of them")
        return forms[0] if forms else cls.TEXT


def answer(form: Form, data: Any, view: View | Part) -> None:
    """Print the data as JSON; or the tables of the view as CSV or LaTeX; or all of it as text.

    Text keeps within the width of a terminal, and stands in whole lines elsewhere.
    """
    shown = view if isinstance(view, View) else View((view,))
    if form is Form.JSON:
        text = json.dumps(data, indent=2, ensure_ascii=False)
        _write((text if _takes(sys.stdout, text) else json.dumps(data, indent=2)) + "\n")
        return
    if form is not Form.TEXT:
        say(csv_text(shown) if form is Form.CSV else latex_text(shown))
        return
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    strong = _bold if terminal and os.environ.get("TERM") != "dumb" else str
    text = Layout(width, escaped, strong).text(shown)
    if not _takes(sys.stdout, text):
        text = Layout(width, lambda words: ascii_text(escaped(words)), strong).text(shown)
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
