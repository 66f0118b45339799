"""A mask as JSON, and back."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from wincook.arguments import instance
from wincook.errors import DataError, quoted
from wincook.files import given_path, value_in, write_atomically
from wincook.sparse.mask import Mask

SCHEMA = "wincook mask 1"
_LARGEST_FILE = 1 << 28  # bytes


def as_json(mask: Mask) -> str:
    """The text of a mask.

    Raises:
        NotationError: no mask.

    >>> import numpy as np
    >>> mask = Mask.of("F(2x2,3x3)", np.eye(16, dtype=bool).reshape(16, 1, 16), filters=8, channels=16)
    >>> from_json(as_json(mask)) == mask
    True
    """
    held = asdict(instance("mask", mask, Mask, "prune makes one"))
    return json.dumps({"schema": SCHEMA} | held | {"bits": b64encode(mask.bits).decode()}, ensure_ascii=False)


def from_json(text: str) -> Mask:
    """The mask of a text.

    Raises:
        DataError: no JSON, another schema, fields that are missing, unknown or of another kind.
        WincookError: as `Mask`.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError, TypeError) as error:
        raise DataError(f"a mask must be JSON: {error}") from error
    schema = data.pop("schema", None) if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise DataError(f"schema = {quoted(schema)} is none of a mask; this version reads {SCHEMA!r}")
    known = {field.name for field in fields(Mask)}
    if data.keys() != known:
        different = ", ".join(quoted(name) for name in sorted(data.keys() ^ known))
        raise DataError(f"a mask has the fields {', '.join(sorted(known))}; {different} are missing or unknown")
    return Mask(**data | {"bits": _bits(data["bits"])})


def _bits(text: Any) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (ValueError, TypeError) as error:
        raise DataError(f"bits of a mask must be in base 64: {error}") from error


def write_mask(path: str | Path, mask: Mask) -> None:
    """Write a mask into a file, as a whole.

    Raises:
        NotationError: no path, or no mask.
        OutputError: a file that cannot be written.
    """
    write_atomically(given_path("path", path), as_json(mask).encode())


def read_mask(path: str | Path) -> Mask:
    """The mask in a file.

    Raises:
        NotationError: no path.
        OutputError: a file that cannot be read.
        DataError: it holds no mask; the message names the file.
    """
    return value_in(path, _LARGEST_FILE, from_json)
