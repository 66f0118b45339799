"""A mask as JSON or .npz, and back."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, fields
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from wincook.arguments import instance
from wincook.arrays import Array
from wincook.data.npy import npz_arrays
from wincook.errors import DataError, WincookError, quoted
from wincook.files import given_path, open_regular, path_text, value_in, write_atomically
from wincook.sparse.mask import Mask

SCHEMA = "wincook mask 1"
_LARGEST_FILE = 1 << 28  # bytes
_ARCHIVE = ".npz"


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
    data = _fields(text, {field.name for field in fields(Mask)})
    return Mask(**data | {"bits": _bits(data["bits"])})


def _fields(text: str, known: set[str]) -> dict[str, Any]:
    """What JSON holds of a mask."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError, TypeError) as error:
        raise DataError(f"a mask must be JSON: {error}") from error
    schema = data.pop("schema", None) if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise DataError(f"schema = {quoted(schema)} is none of a mask; this version reads {SCHEMA!r}")
    if data.keys() != known:
        different = ", ".join(quoted(name) for name in sorted(data.keys() ^ known))
        raise DataError(f"a mask has the fields {', '.join(sorted(known))}; {different} are missing or unknown")
    return dict(data)


def _bits(text: Any) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (ValueError, TypeError) as error:
        raise DataError(f"bits of a mask must be in base 64: {error}") from error


def write_mask(path: str | Path, mask: Mask) -> None:
    """Write a mask into a file, as a whole: as JSON, or as .npz if its name ends so.

    An archive has `kept`, booleans (products, blocks of filters, blocks of channels), and `mask`, the bytes of JSON of
    all else.

    Raises:
        NotationError: no path, or no mask.
        OutputError: a file that cannot be written.
    """
    path = given_path("path", path)
    write_atomically(path, _archived(mask) if path.suffix.lower() == _ARCHIVE else as_json(mask).encode())


def _archived(mask: Mask) -> bytes:
    text = json.loads(as_json(mask))
    del text["bits"]
    contents = BytesIO()
    header = np.frombuffer(json.dumps(text, ensure_ascii=False).encode(), np.uint8)
    np.savez_compressed(contents, kept=mask.kept, mask=header)
    return contents.getvalue()


def read_mask(path: str | Path) -> Mask:
    """The mask in a file, JSON or .npz.

    Raises:
        NotationError: no path.
        OutputError: a file that cannot be read.
        DataError: it holds no mask; the message names the file.
    """
    path = given_path("path", path)
    if path.suffix.lower() != _ARCHIVE:
        return value_in(path, _LARGEST_FILE, from_json)
    with open_regular(path, _LARGEST_FILE) as stream:
        arrays = npz_arrays(stream, path)
    try:
        return _of_arrays(arrays)
    except (WincookError, UnicodeDecodeError) as error:
        raise DataError(f"{path_text(path)}: {error}") from error


def _of_arrays(arrays: dict[str, Array]) -> Mask:
    """The mask of an archive."""
    if arrays.keys() != {"kept", "mask"}:
        names = ", ".join(quoted(name) for name in sorted(arrays)) or "nothing"
        raise DataError(f"a mask in .npz has the arrays kept and mask, not {names}")
    kept, header = arrays["kept"], arrays["mask"]
    if header.dtype != np.uint8 or header.ndim != 1:
        raise DataError(f"mask of a mask in .npz is {header.dtype} of shape {header.shape}; it must be bytes of JSON")
    data = _fields(header.tobytes().decode(), {field.name for field in fields(Mask)} - {"bits"})
    if kept.dtype != np.bool_:
        raise DataError(f"kept of a mask in .npz has element type {kept.dtype}; it must be booleans")
    mask = Mask(**data, bits=np.packbits(kept).tobytes())
    if kept.shape != mask.shape:
        raise DataError(f"kept of a mask in .npz has shape {kept.shape}; its other fields need {mask.shape}")
    return mask
