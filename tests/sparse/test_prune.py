from __future__ import annotations

import numpy as np
import pytest

from tests.golden import Golden
from wincook.errors import DataError, NotationError, ShapeError
from wincook.sparse import prune, pruning_error, transformed

TILE = "F(4x4,3x3)"
WEIGHTS = np.random.default_rng(0).standard_normal((48, 24, 3, 3))
IMAGES = (
    np.maximum(np.random.default_rng(1).standard_normal((6, 24, 18, 14)), 0) * np.exp(np.arange(24) / 8)[:, None, None]
)


@pytest.mark.parametrize("sparsity", [0.0, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("block", [(32, 1), (1, 1), (64, 5)])
def test_a_share_of_blocks_is_zero(sparsity: float, block: tuple[int, int]) -> None:
    mask = prune(TILE, WEIGHTS, sparsity=sparsity, block=block)
    assert mask.kept.size - np.count_nonzero(mask.kept) == round(sparsity * mask.kept.size)
    assert mask.block == block


@pytest.mark.parametrize("inputs", ["relu", "normal", IMAGES], ids=["relu", "normal", "images"])
def test_the_error_is_predicted(inputs: object) -> None:
    """As measured on tiles that are drawn; on images of channels that do not depend on one another as well."""
    mask = prune(TILE, WEIGHTS, sparsity=0.3, inputs=inputs)  # type: ignore[arg-type]
    error = pruning_error(TILE, mask, WEIGHTS, inputs, tiles=400)  # type: ignore[arg-type]
    assert error.measured == pytest.approx(error.predicted, rel=0.05, abs=0)


def test_the_error_is_that_of_convolving_with_what_is_left() -> None:
    """All of U that reaches the outputs of a 1x1 kernel is one product: what is zero there is known."""
    weights = np.random.default_rng(2).standard_normal((4, 3, 1, 1))
    mask = prune("F(1x1,1x1)", weights, sparsity=0.25, inputs="normal", block=(1, 1))
    lost = np.where(mask.of_each()[0], 0, weights[..., 0, 0])
    assert np.abs(weights[..., 0, 0])[~mask.of_each()[0]].max() <= np.abs(weights[..., 0, 0])[mask.of_each()[0]].min()
    expected = np.sqrt(np.sum(lost**2) / np.sum(weights**2))
    assert pruning_error("F(1x1,1x1)", mask, weights, "normal").predicted == pytest.approx(expected, abs=1e-7)


def test_as_many_blocks_are_dropped_as_an_error_allows() -> None:
    mask = prune(TILE, WEIGHTS, max_error=0.4, block=(1, 1))
    error = pruning_error(TILE, mask, WEIGHTS).predicted
    assert 0.39 < error <= 0.4
    assert prune(TILE, WEIGHTS, max_error=0.0).sparsity == 0


def test_what_images_show_counts() -> None:
    """Channels that carry little lose more, so that less of y is lost than with a law for all of them."""
    by_images, by_law = (prune(TILE, WEIGHTS, sparsity=0.5, inputs=inputs) for inputs in (IMAGES, "relu"))
    errors = [pruning_error(TILE, mask, WEIGHTS, IMAGES).measured for mask in (by_images, by_law)]
    assert errors[0] < 0.8 * errors[1]
    kept = by_images.kept.mean(axis=(0, 1))
    assert kept[-4:].mean() > kept[:4].mean()


def test_filters_may_be_transformed_already() -> None:
    U = transformed(TILE, WEIGHTS)
    assert prune(TILE, U, sparsity=0.5) == prune(TILE, WEIGHTS, sparsity=0.5)


def test_wrong_questions_are_refused(golden: Golden) -> None:
    with golden.raises(NotationError, match="one of"):
        prune(TILE, WEIGHTS)
    with golden.raises(NotationError, match="1.5"):
        prune(TILE, WEIGHTS, sparsity=1.5)
    with golden.raises(ShapeError, match=r"\(6, 24, 18, 14\)"):
        prune(TILE, WEIGHTS[:, :8], sparsity=0.5, inputs=IMAGES)
    with golden.raises(DataError, match="zero"):
        prune(TILE, 0 * WEIGHTS, max_error=0.5)
    with golden.raises(DataError, match="prune for this algorithm"):
        pruning_error("F(4x4,3x3) on {0, ±1, ±2, ∞}", prune(TILE, WEIGHTS, sparsity=0.5), WEIGHTS)


def test_random_filters_do_not_bear_it() -> None:
    """Half of the blocks of random filters, pruned at once: nothing is left of y (docs/sparse.md says it)."""
    weights = np.random.default_rng(0).standard_normal((64, 64, 3, 3))
    decibels = [
        pruning_error(tile, prune(tile, weights, sparsity=0.5, block=block), weights).decibels
        for tile in ("F(2x2,3x3)", TILE)
        for block in ((1, 1), (32, 1))
    ]
    assert [round(value) for value in decibels if value is not None] == [9, 4, 1, -3]
