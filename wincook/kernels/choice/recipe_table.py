"""What `recipes.json` and `recipe_pairs.json` hold: every recipe worth a try, its figures, and the errors of pairs.

The atlas, the passes and the prediction decide on them; where one of these changes, so do the figures, and

    python -m benchmarks.recipes

writes the files again. That takes a quarter of an hour, which nobody who chooses has to wait.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import prod, sqrt

from wincook.analysis.prediction.predict import predict
from wincook.atlas.lookup import look_up
from wincook.errors import PointsError
from wincook.kernels.choice.recipe import MOST_PRODUCTS, Figures, Pair, Recipe, nested, paired, table
from wincook.kernels.plans.tiles.blocking import filters_kept
from wincook.program.cost import cost
from wincook.program.programs import programs_of
from wincook.summation import ONE_CHAIN
from wincook.tile import Tile

MOST_TAPS = 12  # longer filters are split
_STRIDES = (1, 2, 3, 4)
_MOST_STRIDED = 20  # products of an axis with stride
_MOST_OUTPUTS = 9
_MOST_INPUTS = 11  # float32 has no digits left beyond
_FEWEST_BLOCKED = 5  # taps
_BLOCKS = (2, 3, 4)
_MOST_BLOCKS = 6  # outputs of the algorithm of blocks
_MOST_PRODUCTS = 50  # of an iterated algorithm


def all_recipes() -> list[Recipe]:
    """Of all filters and strides, in the order of the file."""
    return [
        recipe for stride in _STRIDES for taps in range(1, MOST_TAPS + 1) for recipe in possible_recipes(taps, stride)
    ]


def possible_recipes(taps: int, stride: int = 1) -> list[Recipe]:
    """What an axis of so many taps, and with such a stride, might be computed by."""
    if stride > 1:
        return [Recipe(m, taps, stride=stride) for m in range(1, _MOST_OUTPUTS + 1) if _is_strided(m, taps, stride)]
    if taps == 1:
        return [Recipe(1, 1)]
    outputs = range(2, min(_MOST_OUTPUTS, _MOST_INPUTS + 1 - taps) + 1)
    short = [recipe for m in outputs for recipe in (Recipe(m, taps), Recipe(m, taps, 1)) if _is_listed(recipe)]
    blocked = [
        Recipe(b * m, taps, block=b)
        for b in _BLOCKS
        for m in range(1, _MOST_BLOCKS + 1)
        if taps >= _FEWEST_BLOCKED and b < taps and (m - 1 - -taps // b) * (2 * b - 1) <= _MOST_PRODUCTS
    ]
    return [Recipe(1, taps), *short, *blocked]


def figures_of(recipe: Recipe) -> Figures:
    """What a recipe costs, and its error."""
    square = recipe.square
    programs = programs_of(square)
    near, far = (predict(square, "float32", channels).relative_rms ** 2 for channels in (1, ONE_CHAIN))
    slope = (far - near) / (ONE_CHAIN - 1)
    return Figures(
        inputs=square.tile.inputs[0],
        products=square.axes[0].multiplications,
        input_operations=cost(programs.input[0]).operations,
        output_operations=cost(programs.output[0]).operations,
        base=near - slope,
        slope=slope,
        kept=filters_kept(square.axes[:1]),
    )


def table_text(recipes: Iterable[Recipe]) -> str:
    """The file: a list in JSON, one recipe on each line."""
    rows = [json.dumps(_row(recipe, figures_of(recipe))) for recipe in recipes]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def base_of(pair: Pair) -> float | None:
    """The squared error of a pair beside what grows with the channels; None where its tile is too large for use."""
    figures = [table()[recipe] for recipe in pair]
    if prod(each.products for each in figures) > MOST_PRODUCTS:
        return None
    near = predict(nested(pair), "float32").relative_rms ** 2
    return float(f"{near - sqrt(prod(each.slope for each in figures)):.6g}")


def pairs_text() -> str:
    """The file of pairs: for each filter and stride a list, in the order of `paired`."""
    filters = dict.fromkeys((recipe.taps, recipe.stride) for recipe in table())
    rows = (f'"{taps}/{stride}": {json.dumps([*map(base_of, paired(taps, stride))])}' for taps, stride in filters)
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _row(recipe: Recipe, figures: Figures) -> dict[str, list[float]]:
    counts = [figures.inputs, figures.products, figures.input_operations, figures.output_operations]
    errors = [float(f"{value:.6g}") for value in (figures.base, figures.slope)]
    stated: list[float] = [recipe.outputs, recipe.taps, recipe.extra, recipe.block, recipe.stride]
    return {"recipe": stated, "figures": [*counts, *errors, figures.kept]}


def _is_strided(outputs: int, taps: int, stride: int) -> bool:
    """Whether a tile with stride is worth a try: where no phase has two taps, no products are saved by more outputs."""
    tile = Recipe(outputs, taps, stride=stride).tile
    longest = tile.phases[0]
    fewer = taps > stride or outputs == 1
    return fewer and longest.inputs[0] <= _MOST_INPUTS and tile.least_multiplications <= _MOST_STRIDED


def _is_listed(recipe: Recipe) -> bool:
    """Whether the atlas has points with so many products."""
    try:
        look_up(Tile((recipe.outputs,) * 2, (recipe.taps,) * 2), extra=recipe.extra)
    except PointsError:
        return False
    return True
