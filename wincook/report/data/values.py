"""Values as JSON has them."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from numbers import Integral
from typing import Any

from wincook.errors import DataError, quoted

_NOT_FINITE = {"inf": float("inf"), "-inf": float("-inf"), "nan": float("nan")}


def finite(data: Any) -> Any:
    """Plain data in which numbers that are not finite are None."""
    if isinstance(data, dict):
        return {name: finite(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [finite(value) for value in data]
    return None if isinstance(data, float) and not isfinite(data) else data


def flat(data: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested plain data as one record, whose names are joined by dots; lists are left out, but for quantiles.

    >>> flat({"format": "float16", "measured": {"rms": 0.1, "quantiles": [{"probability": 0.5, "value": 0.2}]}})
    {'format': 'float16', 'measured.rms': 0.1, 'measured.quantiles.0.5': 0.2}
    """
    record: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, Mapping):
            record |= flat(value, f"{before}{name}.")
        elif name == "quantiles":
            record |= {f"{before}{name}.{quantile['probability']:g}": quantile["value"] for quantile in value}
        elif not isinstance(value, list | tuple):
            record[before + name] = value
    return record


def plain(value: Any) -> Any:
    """Any value, ready for JSON, and nothing rounded: what JSON has no notation for is its text.

    >>> from fractions import Fraction
    >>> plain({"format": ("float16",), "RMS": 0.1, "largest": Fraction(1, 3), "bound": float("inf")})
    {'format': ['float16'], 'RMS': 0.1, 'largest': '1/3', 'bound': 'inf'}

    Raises:
        DataError: a value that has no text.
    """
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, float) and isfinite(value):
        return float(value)
    try:
        return str(value)
    except Exception as failure:
        raise DataError(f"a value of type {type(value).__name__} has no text: {quoted(failure)}") from failure


def restored(value: Any) -> Any:
    """What `plain` made text of a number that is not finite, as the number.

    >>> restored("inf"), restored("∞"), restored(1)
    (inf, '∞', 1)
    """
    return _NOT_FINITE.get(value, value) if isinstance(value, str) else value
