"""Where the numbers of an array lie."""

from __future__ import annotations

from ctypes import c_int64
from typing import Any

HEAD_BYTES = object.__basicsize__  # of any object of Python


def address(array: Any) -> int:
    """The address of an array's first number: what numpy's objects hold first, behind their head.

    `array.ctypes.data` says the same, ten times as slowly.
    """
    return c_int64.from_address(id(array) + HEAD_BYTES).value
