"""F(m,r): m outputs of an r-tap filter, per axis.

One tile turns n = m + r - 1 inputs into m outputs. In more than one dimension the axes are written
`F(4x4,3x3)`. Notation after Winograd, *Arithmetic Complexity of Computations* (1980), and Lavin and Gray,
arXiv 1509.09308, section 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod

from wincook.arguments import LARGEST, items, whole_number
from wincook.errors import NotationError, quoted
from wincook.exact.numeral import whole

# Blanks are taken once and for all (++, *+): given back one by one, thousands of them take for ever.
_SIZES = r"\s*+([+-]?[0-9]++(?:\s*+[x×X*]\s*+[+-]?[0-9]++)*)\s*+"
_NOTATION = re.compile(rf"\s*+[Ff]?\s*+(?P<bracket>\()?{_SIZES},{_SIZES}(?(bracket)\))\s*+")
_EXAMPLES = "write F(4,3), F(4x4,3x3) or F(2x2x2,3x3x3)"


@dataclass(frozen=True, slots=True)
class Tile:
    """The size of one tile: `outputs` (m) and `taps` (r), one entry per axis.

    >>> tile = Tile.parse("F(2x4,1x3)")
    >>> tile.outputs, tile.taps, tile.inputs
    ((2, 4), (1, 3), (2, 6))
    >>> print(tile)
    F(2x4,1x3)

    Raises:
        NotationError: no axis, axes that do not match, or a size below 1.
    """

    outputs: tuple[int, ...]
    taps: tuple[int, ...]

    def __post_init__(self) -> None:
        for letter, name in (("m", "outputs"), ("r", "taps")):
            values = items(name, getattr(self, name), "(4,) or (4, 4)", NotationError)
            sizes = tuple(whole_number(letter, size, least=-LARGEST, error=NotationError) for size in values)
            object.__setattr__(self, name, sizes)
        if not self.outputs or len(self.outputs) != len(self.taps):
            raise NotationError(
                f"{self} has {len(self.outputs)} output and {len(self.taps)} filter axes; "
                f"both need the same number, at least one: {_EXAMPLES}"
            )
        for letter, sizes in (("m", self.outputs), ("r", self.taps)):
            for size in sizes:
                if size < 1:
                    raise NotationError(f"{self} has {letter} = {size}; {letter} must be at least 1")

    @classmethod
    def parse(cls, text: str) -> Tile:
        """Read `F(m,r)`; blanks, `×` and a small f are allowed, and the F or the brackets may be missing.

        >>> [str(Tile.parse(text)) for text in ("f(4, 3)", "F(4×4, 3×3)", "4x4,3x3", "F4x4,3x3")]
        ['F(4,3)', 'F(4x4,3x3)', 'F(4x4,3x3)', 'F(4x4,3x3)']

        Raises:
            NotationError: the text is no tile.
        """
        match = _NOTATION.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise NotationError(f"cannot read {quoted(text)} as a tile: {_EXAMPLES}")
        outputs, taps = (tuple(whole(size) for size in re.split(r"\s*[x×X*]\s*", group)) for group in match.group(2, 3))
        return cls(outputs, taps)

    @classmethod
    def of(cls, tile: Tile | str) -> Tile:
        """The tile itself, or the tile that the text denotes."""
        return tile if isinstance(tile, Tile) else cls.parse(tile)

    @classmethod
    def of_one_axis(cls, tile: Tile | str) -> Tile:
        """The same where a tile has a single axis.

        Raises:
            NotationError: something else than a tile, or a tile of several axes.
        """
        tile = cls.of(tile)
        if tile.dimension > 1:
            raise NotationError(f"{tile} has {tile.dimension} axes; give a tile of one, such as {tile.axes[0]}")
        return tile

    @property
    def inputs(self) -> tuple[int, ...]:
        """n = m + r - 1, per axis."""
        return tuple(m + r - 1 for m, r in zip(self.outputs, self.taps, strict=True))

    @property
    def dimension(self) -> int:
        """How many axes the tile has."""
        return len(self.outputs)

    @property
    def axes(self) -> tuple[Tile, ...]:
        """The one-dimensional tile of each axis."""
        return tuple(Tile((m,), (r,)) for m, r in zip(self.outputs, self.taps, strict=True))

    @property
    def direct_multiplications(self) -> int:
        """Multiplications of the direct method for one tile: the product of m·r over the axes."""
        return prod(self.outputs) * prod(self.taps)

    def __str__(self) -> str:
        return f"F({'x'.join(map(str, self.outputs))},{'x'.join(map(str, self.taps))})"
