"""What an entry of the atlas is made of: counts, errors, where the points are from, and what they are compared with.

Each part checks itself, and is made again from what JSON holds of it: nothing may be missing, and nothing unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from math import inf
from typing import Any, TypeVar

from wincook.arguments import LARGEST, instance, real_number, whole_number, words
from wincook.errors import DataError, quoted

Part = TypeVar("Part")

_EXAMPLES = {
    "objective": "rms",
    "format": "float32",
    "law": "uniform",
    "gauge": "balance",
    "points": "0, ±1, ∞",
    "source": "Winograd 1980",
    "command": "wincook search 4,3",
    "strategy": "descent",
    "version": "0.1.0",
}


MEASURES = {
    "rms": "RMS error",
    "mean": "mean |error|",
    "maximum": "RMS error of the worst output",
}
"""Which errors are told."""

_OBJECTIVE = re.compile(r"[a-z ]+(\^[0-9.]+)?(\*[a-z ]+(\^[0-9.]+)?)*")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a set is the best in, and what for: an objective of a search, C channels of data of a law, perhaps a gauge.

    The `objective` is a name of `wincook.search`, or a product of powers of such names, as rms*operations^0.25. Errors
    are told by its `measure`, one of `MEASURES`.
    """

    objective: str = "rms"
    channels: int = 1
    law: str = "uniform"
    gauge: str | None = None

    def __post_init__(self) -> None:
        check_texts(self, "objective")
        if len(self.objective) > _LONGEST or not _OBJECTIVE.fullmatch(self.objective):
            raise DataError(f"cannot read the objective {quoted(self.objective)}; write rms, or rms*operations^0.25")
        check_whole(self, 1, "channels")
        check_texts(self, "law", *(["gauge"] if self.gauge is not None else []))

    @property
    def measure(self) -> str:
        """Which error is told: that which the objective names first, or else the RMS.

        >>> Conditions("mean").measure, Conditions("operations^0.25*rms").measure, Conditions("range").measure
        ('mean', 'rms', 'rms')
        """
        names = (factor.partition("^")[0].strip() for factor in self.objective.split("*"))
        return next((name for name in names if name in MEASURES), "rms")

    def __str__(self) -> str:
        gauge = f", in the gauge {self.gauge}" if self.gauge else ""
        return f"{self.objective}, C = {self.channels}, {self.law} data{gauge}"


@dataclass(frozen=True, slots=True)
class Counts:
    """Products of a tile, and operations of each transform: of a filter, an input and an output tile of one channel."""

    products: int
    filter: int
    input: int
    output: int

    def __post_init__(self) -> None:
        check_whole(self, 0, "products", "filter", "input", "output")


@dataclass(frozen=True, slots=True)
class Errors:
    """A relative error: predicted, and measured; the true one lies from `low` to `high` in 95 of 100 samples."""

    predicted: float
    measured: float
    low: float
    high: float

    def __post_init__(self) -> None:
        check_real(self, "predicted", "measured", "low", "high")
        if not self.low <= self.measured <= self.high:
            raise DataError(
                f"measured = {self.measured:g} must lie between low = {self.low:g} and high = {self.high:g}"
            )


@dataclass(frozen=True, slots=True)
class Origin:
    """The search that found the points: its command finds them again, with this version of wincook."""

    command: str
    strategy: str
    seed: int
    evaluations: int
    version: str

    def __post_init__(self) -> None:
        check_texts(self, "command", "strategy", "version")
        check_whole(self, 0, "seed", "evaluations", most=None)


@dataclass(frozen=True, slots=True)
class Published:
    """The best published set of the tile, measured alike; `source` says who published it."""

    points: str
    source: str
    counts: Counts
    errors: Errors

    def __post_init__(self) -> None:
        check_texts(self, "points", "source")
        check_part(self, "counts", Counts)
        check_part(self, "errors", Errors)


@dataclass(frozen=True, slots=True)
class Proven:
    """All sets of fractions up to a height were tried, equivalent ones once: so many sets, and none is better.

    The height of a fraction p/q is the larger of |p| and q.
    """

    height: int
    sets: int

    def __post_init__(self) -> None:
        check_whole(self, 1, "height", "sets", most=None)


_PARTS = {
    "conditions": Conditions,
    "counts": Counts,
    "errors": Errors,
    "origin": Origin,
    "published": Published,
    "proven": Proven,
}


def built(kind: type[Part], data: Any, name: str) -> Part:
    """A value from what JSON holds of it: its fields by name, and likewise those of its parts.

    Raises:
        DataError: a field that is missing, unknown, or of the wrong kind.
    """
    if not isinstance(data, Mapping):
        raise DataError(f"{name} = {quoted(data)} must be a mapping of its fields")
    known = _names(kind)  # type: ignore[arg-type]  # a class can be hashed
    if data.keys() != {*known}:
        lacking = [field for field in known if field not in data]
        fault = (
            f"lacks {lacking[0]}"
            if lacking
            else f"has {quoted(min(data.keys() - {*known}, key=str))}, which is unknown"
        )
        raise DataError(f"{name} {fault}; its fields are {', '.join(known)}")
    values = {
        field: built(_PARTS[field], value, field) if field in _PARTS and value is not None else value
        for field, value in data.items()
    }
    return kind(**values)


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def check_texts(value: Any, *names: str) -> None:
    """See that fields are texts, and not empty."""
    for name in names:
        if not words(name, getattr(value, name), _EXAMPLES[name], DataError).strip():
            raise DataError(f"{name} is empty; give a text such as {_EXAMPLES[name]}")


def check_whole(value: Any, least: int, *names: str, most: int | None = LARGEST) -> None:
    """See that fields are whole numbers, and make them Python's own."""
    for name in names:
        object.__setattr__(value, name, whole_number(name, getattr(value, name), least, most, DataError))


def check_real(value: Any, *names: str) -> None:
    """See that fields are finite numbers of at least 0, and make them floats."""
    for name in names:
        number = getattr(value, name)
        if not (isinstance(number, float) and 0 <= number < inf):
            object.__setattr__(value, name, real_number(name, number, least=0, error=DataError))


def check_part(value: Any, name: str, kind: type[Any]) -> None:
    """See that a field is of a kind."""
    instance(name, getattr(value, name), kind, f"make it with {kind.__name__}(…)", DataError)
