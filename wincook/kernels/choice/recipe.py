"""Algorithms of one axis that a layer can choose from, and what each costs.

An axis of r taps can take the points of the atlas for any m, with or without one product to spare, which buys digits:
F(7,3) in 10 products has the error of F(4,3). Long filters can also be blocks within blocks (`iterated`): F(12,9) in 30
products is quicker than F(4,9), and has a fifth of its error.

The figures of each axis, which `recipe_table` computes and `recipes.json` holds, tell of any pair what it costs before
it is built. The square of the error of nested algorithms is `base + slope · C` for a chain of C channels. The slope is
the geometric mean of those of the squares of their axes, to six digits; the base is not, and `recipe_pairs.json` has it
for the pairs of one filter.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from math import prod, sqrt

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm, iterated
from wincook.summation import Chains
from wincook.tile import Tile

TABLE, PAIRS = "recipes.json", "recipe_pairs.json"
MOST_PRODUCTS = 400
"""Of a tile; more take long to compile."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """F(m,r) with `extra` products beyond m + r - 1, or iterated in blocks of `block` numbers, where that is not 0.

    Or F(m,r)/s with a `stride`.
    """

    outputs: int
    taps: int
    extra: int = 0
    block: int = 0
    stride: int = 1

    @property
    def tile(self) -> Tile:
        """Of one axis."""
        return Tile((self.outputs,), (self.taps,), (self.stride,))

    @property
    def square(self) -> BilinearAlgorithm:
        """The algorithm nested with itself."""
        return _square(self)

    def __str__(self) -> str:
        notes = ["a product to spare"] * bool(self.extra) + [f"blocks of {self.block}"] * bool(self.block)
        return " with ".join([str(self.tile), *notes])


@dataclass(frozen=True, slots=True)
class Figures:
    """Inputs and products of one axis, operations of its transforms, the error of its square, and how many filters.

    `kept` of the products have filters of their own.

    The square of the relative RMS error in float32 is `base + slope · C` for a chain of C channels.
    """

    inputs: int
    products: int
    input_operations: int
    output_operations: int
    base: float
    slope: float
    kept: int

    def squared_error(self, chains: Chains) -> float:
        """The square of the relative RMS error of the algorithm nested with itself."""
        return self.base + self.slope * chains.like


Pair = tuple[Recipe, ...]
"""One recipe for each of two axes."""


@lru_cache(maxsize=64)
def recipes(taps: int, stride: int = 1) -> dict[Recipe, Figures]:
    """What an axis of so many taps, and with such a stride, can be computed by; nothing if either is too large.

    >>> [str(recipe) for recipe in recipes(1)]
    ['F(1,1)']
    >>> "F(12,9) with blocks of 3" in map(str, recipes(9))
    True
    """
    return {recipe: figures for recipe, figures in table().items() if (recipe.taps, recipe.stride) == (taps, stride)}


def nested(recipes: tuple[Recipe, ...]) -> BilinearAlgorithm:
    """One algorithm of a recipe for each axis."""
    squares = [recipe.square for recipe in recipes]
    sizes = zip(*((recipe.outputs, recipe.taps, recipe.stride) for recipe in recipes), strict=True)
    tile = Tile(*sizes)
    points = tuple(square.points[0] for square in squares if square.points)
    axes = tuple(square.axes[0] for square in squares)
    return replace(squares[0], tile=tile, points=points if len(points) == len(axes) else (), axes=axes)


@cache
def table() -> dict[Recipe, Figures]:
    """All recipes."""
    rows = json.loads(files("wincook.kernels.choice").joinpath(TABLE).read_bytes())
    return {Recipe(*row["recipe"]): Figures(*row["figures"]) for row in rows}


def paired(taps: int, stride: int) -> list[Pair]:
    """The pairs of recipes of one filter, and of these and F(1,1)."""
    either = list(recipes(taps, stride))
    return list(product(either if taps == 1 else [*recipes(1), *either], repeat=2))


def known_error(pair: Pair, channels: int) -> float | None:
    """The square of the relative RMS error in float32 of two recipes nested, to six digits; None if no table has it."""
    taps, stride = max((recipe.taps, recipe.stride) for recipe in pair)
    base = _bases(taps, stride).get(pair)
    if base is None:
        return None
    slopes = (table()[recipe].slope for recipe in pair)
    return base + sqrt(prod(slopes)) * Chains.of(channels, prod(recipe.tile.inputs[0] for recipe in pair)).like


@lru_cache(maxsize=64)
def _bases(taps: int, stride: int) -> dict[Pair, float | None]:
    bases = _pairs().get(f"{taps}/{stride}", [])
    return dict(zip(paired(taps, stride), bases, strict=True)) if bases else {}


@cache
def _pairs() -> dict[str, list[float | None]]:
    contents: dict[str, list[float | None]] = json.loads(files("wincook.kernels.choice").joinpath(PAIRS).read_bytes())
    return contents


@lru_cache(maxsize=512)
def _square(recipe: Recipe) -> BilinearAlgorithm:
    tile = recipe.tile
    if recipe.block:
        return iterated(tile, (recipe.block,)).nested(2)
    return algorithm(Tile(tile.outputs * 2, tile.taps * 2, tile.strides * 2), extra=recipe.extra)
