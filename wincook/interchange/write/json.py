"""Matrices and programs in JSON, every number an exact string: what `wincook.load` reads back."""

from __future__ import annotations

import json
from typing import Any

from wincook.digest import digest
from wincook.interchange.write.document import Document
from wincook.interchange.write.plain import Plain, plain_algorithm, plain_programs
from wincook.version import __version__

_WIDTH = 120


def json_export(document: Document) -> str:
    """The object as text; what fits on a line stands on one."""
    return _text(plain_document(document), 0, 0) + "\n"


def plain_document(document: Document) -> Plain:
    """The object. Its digest is that of the text of all but the digest and the version."""
    contents = plain_algorithm(document.algorithm)
    if document.programs is not None:
        contents |= {"programs": plain_programs(document.programs)}
    return {"made_by": f"wincook {__version__}", "digest": digest(_text(contents, 0, 0)), **contents}


def _text(value: Any, indent: int, before: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (list, dict)) or before + len(flat) < _WIDTH:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, list):
        lines = [inner + _text(entry, indent + 2, indent + 2) for entry in value]
        return "\n".join(["[", ",\n".join(lines), " " * indent + "]"])
    keys = {key: f"{inner}{json.dumps(key)}: " for key in value}
    lines = [keys[key] + _text(entry, indent + 2, len(keys[key])) for key, entry in value.items()]
    return "\n".join(["{", ",\n".join(lines), " " * indent + "}"])
