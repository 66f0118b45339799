"""The layers of the comparison, from the data file beside this one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wincook import Layer

_FILE = Path(__file__).with_name("layers.toml")
_SIZES = ("size", "kernel")


@dataclass(frozen=True, slots=True)
class NamedLayer:
    """A layer of a group: its name, and how often it stands in its network."""

    group: str
    name: str
    layer: Layer
    count: int

    @property
    def operations(self) -> int:
        """Of the direct method, additions and products counted one by one."""
        layer = self.layer
        positions = layer.size if layer.transposed else layer.output_size
        total = 2 * layer.batch * layer.channels * layer.filters // layer.groups
        for number in (*positions, *layer.kernel):
            total *= number
        return total


@cache
def groups() -> dict[str, tuple[NamedLayer, ...]]:
    """All layers, by group."""
    with _FILE.open("rb") as file:
        data = tomllib.load(file)
    return {group: tuple(_layer(group, name, row) for name, row in rows.items()) for group, rows in data.items()}


def _layer(group: str, name: str, row: dict[str, object]) -> NamedLayer:
    words = {key: tuple(value) if isinstance(value, list) and key in _SIZES else value for key, value in row.items()}
    count = words.pop("count", 1)
    return NamedLayer(group, name, Layer(**words), int(str(count)))  # type: ignore[arg-type]  # Layer checks them
