"""What an entry of the atlas is made of: counts, errors, where the points are from, and what they are compared with.

Each part checks itself, and is made again from what JSON holds of it: nothing may be missing, and nothing unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from wincook.arguments import LARGEST, choice, instance, real_number, whole_number, words
from wincook.errors import DataError, quoted

Part = TypeVar("Part")

_EXAMPLES = {
    "format": "float32",
    "law": "uniform",
    "gauge": "balance",
    "points": "0, ±1, ∞",
    "source": "Winograd 1980",
    "command": "wincook search 4,3",
    "strategy": "descent",
    "version": "0.1.0",
}


OBJECTIVES = {
    "rms": "RMS error",
    "sqnr": "quantisation noise",
    "mean": "mean |error|",
    "maximum": "RMS error of the worst output",
}
"""What a set is the best in. A tile gets the first of these that it has an entry for."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What errors are told for: one of `OBJECTIVES`, C channels of data of a law, and a gauge if there is one."""

    objective: str = "rms"
    channels: int = 1
    law: str = "uniform"
    gauge: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "objective", choice("objective", self.objective, OBJECTIVES, DataError))
        check_whole(self, 1, "channels")
        check_texts(self, "law", *(["gauge"] if self.gauge is not None else []))

    def __str__(self) -> str:
        gauge = f", in the gauge {self.gauge}" if self.gauge else ""
        return f"{OBJECTIVES[self.objective]}, C = {self.channels}, {self.law} data{gauge}"


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
    known = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # all are dataclasses
    for problem, fields_at_fault in (
        ("lacks", [field for field in known if field not in data]),
        ("has the unknown field", [field for field in data if field not in known]),
    ):
        if fields_at_fault:
            raise DataError(f"{name} {problem} {quoted(fields_at_fault[0])}; its fields are {', '.join(known)}")
    values = {
        field: built(_PARTS[field], value, field) if field in _PARTS and value is not None else value
        for field, value in data.items()
    }
    return kind(**values)


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
        object.__setattr__(value, name, real_number(name, getattr(value, name), least=0, error=DataError))


def check_part(value: Any, name: str, kind: type[Any]) -> None:
    """See that a field is of a kind."""
    instance(name, getattr(value, name), kind, f"make it with {kind.__name__}(…)", DataError)
