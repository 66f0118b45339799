"""Recipes, and that the file of their figures is what the code that computes them says now."""

from __future__ import annotations

import json

import pytest

import wincook as wc
from tests.near import near
from wincook.kernels.choice.recipe import Recipe, known_error, nested, recipes, table
from wincook.kernels.choice.recipe_table import MOST_TAPS, all_recipes, figures_of, table_text
from wincook.summation import Chains

SOME = [
    Recipe(1, 1),
    Recipe(1, 3),
    Recipe(4, 3),
    Recipe(7, 3, 1),
    Recipe(2, 9),
    Recipe(6, 5, block=2),
    Recipe(4, 3, stride=2),
]


@pytest.mark.parametrize("recipe", SOME, ids=str)
def test_the_file_has_the_figures_that_are_computed(recipe: Recipe) -> None:
    stored, computed = table()[recipe], figures_of(recipe)
    assert (stored.inputs, stored.products, stored.kept) == (computed.inputs, computed.products, computed.kept)
    assert stored.input_operations == computed.input_operations
    assert stored.output_operations == computed.output_operations
    for channels in (1, 64, 512):
        chains = Chains.of(channels)
        assert stored.squared_error(chains) == near(computed.squared_error(chains), rel=1e-3)


def test_the_file_has_all_recipes_and_no_others() -> None:
    assert list(table()) == all_recipes()
    assert recipes(MOST_TAPS + 1) == recipes(3, 9) == {}


@pytest.mark.parametrize(
    "pair",
    [
        (Recipe(4, 3), Recipe(6, 3)),
        (Recipe(7, 3, 1), Recipe(2, 3)),
        (Recipe(1, 1), Recipe(8, 3)),
        (Recipe(2, 3, stride=2), Recipe(5, 3, stride=2)),
        (Recipe(6, 5, block=2), Recipe(3, 5)),
    ],
    ids=str,
)
@pytest.mark.parametrize("channels", [1, 300])
def test_the_file_has_the_errors_of_pairs(pair: tuple[Recipe, Recipe], channels: int) -> None:
    known = known_error(pair, channels)
    assert known == near(wc.predict(nested(pair), "float32", channels).relative_rms ** 2, rel=1e-4)


def test_no_error_is_known_of_tiles_that_are_too_large_or_of_different_filters() -> None:
    assert known_error((Recipe(24, 5, block=4), Recipe(24, 5, block=4)), 1) is None
    assert known_error((Recipe(2, 3), Recipe(2, 4)), 1) is None
    assert known_error((Recipe(2, 3), Recipe(2, 3, stride=2)), 1) is None


def test_a_row_is_read_as_it_is_written() -> None:
    (row,) = json.loads(table_text([Recipe(4, 3)]))
    assert Recipe(*row["recipe"]) == Recipe(4, 3)
    assert row["figures"][:2] == [6, 6]


@pytest.mark.parametrize("channels", [1, 64, 300])
def test_the_error_grows_with_the_channels_as_it_is_predicted(channels: int) -> None:
    predicted = wc.predict("F(4x4,3x3)", "float32", channels).relative_rms
    assert table()[Recipe(4, 3)].squared_error(Chains.of(channels)) == near(predicted**2, rel=1e-3)


def test_recipes_are_proven_algorithms_on_every_axis() -> None:
    mixed = nested((Recipe(4, 5, block=2), Recipe(7, 3, 1)))
    assert str(mixed.tile) == "F(4x7,5x3)"
    assert mixed.points == ()  # those of one axis alone would be half of them
    assert mixed.multiplications == 11 * 10
    mixed.verify()
    assert nested((Recipe(4, 3), Recipe(4, 3))) == wc.algorithm("F(4x4,3x3)")


def test_recipes_with_strides_are_those_that_save_products() -> None:
    assert {recipe.outputs for recipe in recipes(2, 2)} == {1}
    figures = recipes(3, 2)[Recipe(4, 3, stride=2)]
    assert (figures.inputs, figures.products, figures.kept) == (9, 9, 6)
    mixed = nested((Recipe(4, 3, stride=2), Recipe(2, 5)))
    assert str(mixed.tile) == "F(4x2,3x5)/2x1"
    mixed.verify()


def test_recipes_are_told_apart_by_their_text() -> None:
    assert len({str(recipe) for recipe in table()}) == len(table())
