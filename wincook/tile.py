"""F(m,r): m outputs of an r-tap filter, per axis; F(m,r)/s where one output is s inputs from the next.

One tile turns n = s(m - 1) + r inputs into m outputs, which is m + r - 1 for unit stride. In more than one dimension
the axes are written `F(4x4,3x3)`, and strides `F(4x4,3x3)/2`, or `F(4x4,3x3)/2x1` where they differ. Notation after
Winograd, *Arithmetic Complexity of Computations* (1980), and Lavin and Gray, arXiv 1509.09308, section 3; `/2` as in
He et al., arXiv 1512.03385, figure 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod

from wincook.arguments import LARGEST, items, whole_number, words
from wincook.errors import NotationError, quoted
from wincook.exact.numeral import whole

# Blanks are taken once and for all (++, *+): given back one by one, thousands of them take for ever.
_SIZES = r"\s*+([+-]?[0-9]++(?:\s*+[x×X*]\s*+[+-]?[0-9]++)*)\s*+"
_NOTATION = re.compile(rf"\s*+[Ff]?\s*+(?P<bracket>\()?{_SIZES},{_SIZES}(?(bracket)\))\s*+(?:/{_SIZES})?")
_EXAMPLES = "write F(4,3), F(4x4,3x3) or F(2x2x2,3x3x3)"
_LETTERS = (("m", "outputs"), ("r", "taps"), ("s", "strides"))


@dataclass(frozen=True, slots=True)
class Tile:
    """The size of one tile: `outputs` (m), `taps` (r) and `strides` (s), one entry per axis; no strides are those of 1.

    >>> tile = Tile.parse("F(2x4,1x3)")
    >>> tile.outputs, tile.taps, tile.inputs
    ((2, 4), (1, 3), (2, 6))
    >>> print(tile)
    F(2x4,1x3)
    >>> Tile.parse("F(4x4,3x3)/2").inputs
    (9, 9)

    Raises:
        NotationError: no axis, axes that do not match, or a size below 1.
    """

    outputs: tuple[int, ...]
    taps: tuple[int, ...]
    strides: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for letter, name in _LETTERS:
            values = items(name, getattr(self, name), "(4,) or (4, 4)", NotationError)
            sizes = tuple(whole_number(letter, size, least=-LARGEST, error=NotationError) for size in values)
            object.__setattr__(self, name, sizes)
        if not self.outputs or len(self.outputs) != len(self.taps):
            raise NotationError(
                f"{self} has {len(self.outputs)} output and {len(self.taps)} filter axes; "
                f"both need the same number, at least one: {_EXAMPLES}"
            )
        object.__setattr__(self, "strides", self.strides or (1,) * len(self.outputs))
        if len(self.strides) != len(self.outputs):
            raise NotationError(
                f"{self} has {len(self.strides)} strides for {len(self.outputs)} axes; "
                "write one for all, as in F(4x4,3x3)/2, or one for each, as in F(4x4,3x3)/2x1"
            )
        for letter, name in _LETTERS:
            for size in getattr(self, name):
                if size < 1:
                    raise NotationError(f"{self} has {letter} = {size}; {letter} must be at least 1")

    @classmethod
    def parse(cls, text: str) -> Tile:
        """Read `F(m,r)` or `F(m,r)/s`, where one stride may stand for all axes.

        Blanks, `×` and a small f are allowed, and the F or the brackets may be missing.

        >>> [str(Tile.parse(text)) for text in ("f(4, 3)", "F(4×4, 3×3)", "4x4,3x3", "F4x4,3x3", "4x4,3x3/2x2")]
        ['F(4,3)', 'F(4x4,3x3)', 'F(4x4,3x3)', 'F(4x4,3x3)', 'F(4x4,3x3)/2']

        Raises:
            NotationError: the text is no tile.
        """
        match = _NOTATION.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise NotationError(f"cannot read {quoted(text)} as a tile: {_EXAMPLES}")
        groups = (match[2], match[3], match[4] or "1")
        outputs, taps, strides = (tuple(map(whole, re.split(r"\s*[x×X*]\s*", group))) for group in groups)
        return cls(outputs, taps, strides * len(outputs) if len(strides) == 1 else strides)

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

    @classmethod
    def of_unit_stride(cls, tile: Tile | str, purpose: str) -> Tile:
        """The same where a tile has no strides.

        Args:
            tile: a tile, or its text.
            purpose: what only such tiles do, as the end of a sentence: "have points".

        Raises:
            NotationError: something else than a tile, or a tile with strides.
        """
        tile, purpose = cls.of(tile), words("purpose", purpose, "have points")
        if tile.strided:
            phases = " and ".join(dict.fromkeys(str(phase) for axis in tile.axes for phase in axis.phases))
            raise NotationError(f"only tiles of unit stride {purpose}; {tile} has strides, and is made of {phases}")
        return tile

    @property
    def inputs(self) -> tuple[int, ...]:
        """n = s(m - 1) + r, per axis."""
        return tuple(s * (m - 1) + r for m, r, s in zip(self.outputs, self.taps, self.strides, strict=True))

    @property
    def steps(self) -> tuple[int, ...]:
        """How many inputs a tile is from the next: m·s, per axis."""
        return tuple(m * s for m, s in zip(self.outputs, self.strides, strict=True))

    @property
    def strided(self) -> bool:
        """Whether an axis has a stride above 1."""
        return max(self.strides) > 1

    @property
    def phases(self) -> tuple[Tile, ...]:
        """What a tile of one axis with stride s is made of.

        Every s-th tap, from each of the first s taps on, meets every s-th input.

        Raises:
            NotationError: a tile of several axes.

        >>> [str(phase) for phase in Tile.parse("F(4,3)/2").phases]
        ['F(4,2)', 'F(4,1)']
        """
        (r,), (s,) = Tile.of_one_axis(self).taps, self.strides
        return tuple(Tile(self.outputs, (len(range(first, r, s)),)) for first in range(min(r, s)))

    @property
    def dimension(self) -> int:
        """How many axes the tile has."""
        return len(self.outputs)

    @property
    def axes(self) -> tuple[Tile, ...]:
        """The one-dimensional tile of each axis."""
        return tuple(Tile((m,), (r,), (s,)) for m, r, s in zip(self.outputs, self.taps, self.strides, strict=True))

    @property
    def direct_multiplications(self) -> int:
        """Multiplications of the direct method for one tile: the product of m·r over the axes."""
        return prod(self.outputs) * prod(self.taps)

    @property
    def least_multiplications(self) -> int:
        """What a nested algorithm needs at least: over the axes, the product of m + r - 1, summed over the phases.

        Winograd (1980) has it for one phase; phases have no numbers in common, so that they cannot share products
        (Feig and Winograd, *On the direct sum conjecture*, Linear Algebra and its Applications 63 (1984)).
        """
        return prod(sum(phase.inputs[0] for phase in axis.phases) for axis in self.axes)

    @property
    def identifier(self) -> str:
        """The tile as part of a name in code: 4x4_3x3, and 4x4_3x3_s2 with a stride."""
        return str(self).strip("F(").replace(")", "").replace(",", "_").replace("/", "_s")

    def __str__(self) -> str:
        alike = self.strides == self.strides[:1] * len(self.outputs)
        stride = f"/{_times(self.strides[:1] if alike else self.strides)}" if {*self.strides} - {1} else ""
        return f"F({_times(self.outputs)},{_times(self.taps)}){stride}"

    def __repr__(self) -> str:
        strides = f", strides={self.strides}" if self.strided else ""
        return f"Tile(outputs={self.outputs}, taps={self.taps}{strides})"


def _times(sizes: tuple[int, ...]) -> str:
    return "x".join(map(str, sizes))
