"""Source text and prose: which reader reads which part of a file.

Code is read by the rules of its language, then its comments, for names that the code does not have: many programs show
there the matrices that their code has unrolled. Documents have code between fences, and matrices in their prose;
notebooks have cells of either kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell
from wincook.interchange.read.syntax.declared.declarations import declared_findings
from wincook.interchange.read.syntax.language import COMMENT, HASHED, PROSE, C, Language, language_of
from wincook.interchange.read.syntax.prose.plain_text import bracketed
from wincook.interchange.read.syntax.python.kept import TooMuchError
from wincook.interchange.read.syntax.python.statements import python_findings
from wincook.interchange.read.tables import Findings

_PYTHON = {".py", ".pyi", ".pyx", ".pxd", ".pxi", "python", "py", "python3", "ipython", "sage"}
_STRING = r"\"(?:[^\"\\\n]|\\.){0,2000}\"?"
_MARKERS = re.compile(r"(?m)^[ \t]*(?:(?://+|/?\*+(?!\S)/?|\*/|#+|%+|--|;+)[ \t]?)+|\*/|/\*")
_FENCE = re.compile(
    r"(?ms)^[ \t]*(?P<mark>```+|~~~+)[ \t]*\{?\.?(?P<language>[\w+#-]*)[^\n]*\n(?P<code>.*?)(?:^[ \t]*(?P=mark)|\Z)"
)
_DRAWN = re.compile("[⎡⎢⎣]")
_LIKE_C = re.compile(r"\b(?:float|double|half|short|int|char|const|static|constexpr)\b[^=;{}\n]{0,120}=\s*\{")


def source_findings(text: str, suffix: str, constants: Mapping[str, Cell] | None = None) -> Findings:
    """All matrices of a text, those of its comments last; `constants` are known from before.

    Raises:
        DataError: it holds too much, or is a notebook that cannot be read.
    """
    known = dict(constants or {})
    text = text.replace("\N{MINUS SIGN}", "-")
    if suffix == ".ipynb":
        return _notebook(text)
    if suffix in _PYTHON:
        return _python(text, known)
    language = language_of(suffix)
    if language is not PROSE:
        return _code(text, language, known)
    try:
        findings = python_findings(text)
    except (SyntaxError, TooMuchError):
        findings = Findings()
    return findings if findings.tables else _document(text, known)


def _code(text: str, language: Language, constants: dict[str, Cell]) -> Findings:
    comments: list[str] = []
    end = 0

    def keep_code(match: re.Match[str]) -> str:
        nonlocal end
        if match["comment"] is None:
            return match[0]
        if text.count("\n", end, match.start()) > 1:
            comments.append("")  # it is not the next line of the same comment
        comments.append(match["comment"])
        end = match.end()
        return " " + "\n" * match[0].count("\n")

    comment = "|".join(language.comments)
    pattern = re.compile(
        rf"{_STRING}|(?P<comment>{comment})" if language.quotes else rf"(?P<comment>{comment})", re.DOTALL
    )
    findings = declared_findings(pattern.sub(keep_code, text), language, constants)
    _add_comments(findings, "\n".join(comments), constants)
    return findings


def _add_comments(findings: Findings, comments: str, constants: dict[str, Cell]) -> None:
    """What the comments hold, with names that the code does not have; what they cannot hold is no loss."""
    if not comments.strip():
        return
    plain = _MARKERS.sub("", comments)
    language = C if _LIKE_C.search(plain) else COMMENT
    known = {table.name for table in findings.tables} | {unread.name for unread in findings.unread}
    others = declared_findings(bracketed(plain), language, dict(constants))
    findings.tables += [table for table in others.tables if table.name not in known]
    findings.unread += [unread for unread in others.unread if unread.name not in known]


def _python(text: str, constants: dict[str, Cell]) -> Findings:
    """A module, or what looks like one to the reader of declarations if Python itself cannot parse it."""
    try:
        findings = python_findings(text, constants)
    except SyntaxError:
        return _code(text, HASHED, constants)
    comments = re.findall(rf"{_STRING}|'[^'\n]*'|(#[^\n]*)", text)
    _add_comments(findings, "\n".join([*filter(None, comments), *findings.prose]), constants)
    return findings


def _document(text: str, constants: dict[str, Cell]) -> Findings:
    """Prose with code between fences."""
    findings = Findings()

    def keep_prose(match: re.Match[str]) -> str:
        suffix = match["language"].lower()
        code = match["code"]
        if not any(map(str.isdecimal, code)):
            return "\n" * match[0].count("\n")
        if _DRAWN.search(code):
            part = _prose(code, constants)  # what a program has printed
        elif suffix in _PYTHON:
            part = _python(code, constants)
        elif suffix:
            language = language_of(f".{_SUFFIX_OF.get(suffix, suffix)}")
            part = _code(code, language, constants) if language is not PROSE else _prose(code, constants)
        else:
            part = source_findings(code, "", constants) if "```" not in code else Findings()
        findings.extend(part)
        return "\n" * match[0].count("\n")

    findings.extend(_prose(_FENCE.sub(keep_prose, text), constants))
    return findings


_SUFFIX_OF = {
    "c++": "cpp", "cuda": "cu", "opencl": "cl", "javascript": "js", "typescript": "ts", "rust": "rs", "golang": "go",
    "julia": "jl", "matlab": "m", "octave": "m", "csharp": "cs", "c#": "cs", "kotlin": "kt", "systemverilog": "sv",
    "verilog": "v", "objc": "c", "java": "java",
}  # fmt: skip


def _prose(text: str, constants: dict[str, Cell]) -> Findings:
    if _LIKE_C.search(text):
        return _code(text, C, constants)
    return declared_findings(bracketed(_MARKERS.sub("", text).replace("`", "\n")), PROSE, constants)


def _notebook(text: str) -> Findings:
    """The cells of a notebook: code in its language, Markdown as a document."""
    try:
        contents: Any = json.loads(text)
    except RecursionError as error:
        raise DataError("it is too deeply nested") from error
    except ValueError as error:
        raise DataError(f"it is no notebook: {error}") from error
    cells = contents.get("cells") if isinstance(contents, dict) else None
    if not isinstance(cells, list):
        raise DataError("it is no notebook: it has no list of cells")
    findings = Findings()
    code: list[str] = []
    for cell in cells:
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        lines = "".join(map(str, source)) if isinstance(source, list) else str(source)
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            code.append(re.sub(r"(?m)^[ \t]*[%!?].*$", "", lines))
        else:
            findings.extend(_document(lines, {}))
    metadata = contents.get("metadata", {})
    kernel = metadata.get("kernelspec", {}) if isinstance(metadata, dict) else {}
    language = str(kernel.get("language", "python")).lower() if isinstance(kernel, dict) else "python"
    suffix = f".{_SUFFIX_OF.get(language, 'py')}"
    findings.extend(source_findings("\n".join(code), suffix))
    return findings
