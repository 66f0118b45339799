"""The digest in a file of wincook's: whether what it was made of still stands there.

The digest of a text is that of all below the blank line that ends its header. That of a document in JSON is that of its
contents but for the digest and the version, whatever their layout.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from wincook.digest import digest

_LINE = re.compile(r"(?m)^[ *%]*digest +(?P<digest>[0-9a-f]{12}), [^\n]*$")
_OUTSIDE = ("made_by", "digest")
_WIDTH = 120


def changed_text(text: str) -> str:
    """What to say of a text whose digest is not that of its contents; nothing of one that is as it was."""
    line = _LINE.search(text[:10_000])
    if line is None:
        return "the file was changed after wincook wrote it: its header has no digest"
    contents = text[line.end() :].partition("\n\n")[2].rstrip("\n") + "\n"
    return _compared(line["digest"], digest(contents))


def changed_document(document: str) -> str:
    """The same of a document in JSON; one without a digest is not wincook's."""
    contents: Mapping[str, Any] = json.loads(document)
    stated = contents.get("digest")
    inside = {key: value for key, value in contents.items() if key not in _OUTSIDE}
    return _compared(str(stated)[:12], digest(document_text(inside))) if stated is not None else ""


def document_text(value: Any, indent: int = 0, before: int = 0) -> str:
    """An object in JSON, as wincook lays it out: what fits on a line stands on one.

    Args:
        value: lists, objects, text and numbers.
        indent: the blanks before the line that the value begins on.
        before: the characters that stand before it in that line.
    """
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, list | dict) or before + len(flat) < _WIDTH:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, list):
        lines = [inner + document_text(entry, indent + 2, indent + 2) for entry in value]
        return "\n".join(["[", ",\n".join(lines), " " * indent + "]"])
    keys = {key: f"{inner}{json.dumps(key)}: " for key in value}
    lines = [keys[key] + document_text(entry, indent + 2, len(keys[key])) for key, entry in value.items()]
    return "\n".join(["{", ",\n".join(lines), " " * indent + "}"])


def _compared(stated: str, actual: str) -> str:
    return (
        "" if stated == actual else f"the file was changed after wincook wrote it: its digest is {actual}, not {stated}"
    )
