"""The tree of a module, by Python's own parser; lines that only Python 2 or a notebook has are left out."""

from __future__ import annotations

import ast
import re
import warnings

_PYTHON_2 = re.compile(r"\s*(?:print\b|exec\b|[!%?]|raise \w+,|except \w+,).*")
_MOST_REPAIRS = 40


def parsed(text: str) -> tuple[str, ast.Module]:
    """The text that was parsed, and its tree.

    Raises:
        SyntaxError: it is no Python.
    """
    lines = text.split("\n")
    for _ in range(_MOST_REPAIRS):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the file's own, such as invalid escapes
                return "\n".join(lines), ast.parse("\n".join(lines))
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            if not 0 <= place < len(lines) or not _PYTHON_2.fullmatch(lines[place]):
                raise
            indent = len(lines[place]) - len(lines[place].lstrip())
            lines[place] = lines[place][:indent] + "pass"
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error)) from error
    raise SyntaxError("it is no Python")
