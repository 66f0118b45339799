"""The name of a text: what it holds, in short."""

from __future__ import annotations

import hashlib


def digest(code: str) -> str:
    """The name of a text by its contents: twelve hexadecimal digits."""
    return hashlib.sha256(code.encode()).hexdigest()[:12]
