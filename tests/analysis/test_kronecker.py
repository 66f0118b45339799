"""Products over axes, against the one large matrix and the one long sum."""

import numpy as np
import pytest
from numpy.typing import NDArray

from wincook.analysis.kronecker import along_axes, kron, outer

SHAPES = [((2, 3),), ((2, 3), (4, 1)), ((3, 3), (1, 2), (5, 4))]  # of one matrix per axis


def _matrices(shapes: tuple[tuple[int, int], ...]) -> list[NDArray[np.int64]]:
    rng = np.random.default_rng(len(shapes))
    return [rng.integers(-9, 10, shape) for shape in shapes]


@pytest.mark.parametrize("shapes", SHAPES)
def test_along_axes_and_kron_apply_the_same_map(shapes: tuple[tuple[int, int], ...]) -> None:
    matrices = _matrices(shapes)
    tensor = np.random.default_rng(0).integers(-9, 10, [n for _, n in shapes])
    mapped = along_axes(matrices, tensor)
    assert mapped.shape == tuple(m for m, _ in shapes)
    np.testing.assert_array_equal(mapped.ravel(), kron(matrices) @ tensor.ravel())


def test_along_axes_is_the_sum_that_einsum_makes() -> None:
    matrices = [matrix / 7 for matrix in _matrices(SHAPES[2])]
    tensor = np.random.default_rng(1).standard_normal((3, 2, 4))
    expected = np.einsum("ai,bj,ck,ijk->abc", *matrices, tensor)
    np.testing.assert_allclose(along_axes(matrices, tensor), expected, rtol=1e-13)


def test_kron_has_the_entries_of_both_with_the_last_axis_fastest() -> None:
    first, second = _matrices(SHAPES[1])
    product = kron([first, second])
    for i, j, k, l in np.ndindex(2, 3, 4, 1):
        assert product[4 * i + k, j + l] == first[i, j] * second[k, l]


def test_outer_multiplies_one_entry_of_each() -> None:
    vectors = [np.array([1.0, 2.0]), np.array([3, 5, 7]), np.array([-1.0])]
    product = outer(vectors)
    assert product.shape == (2, 3, 1)
    for i, j in np.ndindex(2, 3):
        assert product[i, j, 0] == -vectors[0][i] * vectors[1][j]
    assert outer([]) == 1
