"""Merged branches against the sum of the branches, exactly."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wincook import direct
from wincook.errors import ShapeError
from wincook.layers import Branch, merge_branches


@pytest.mark.slow
@given(st.data(), st.integers(1, 3), st.integers(1, 2), st.integers(1, 3), st.booleans())
def test_one_kernel_does_what_the_branches_do(
    drawn: st.DataObject, dimension: int, groups: int, stride: int, transposed: bool
) -> None:
    """Branches of any size and place: the taps lie anywhere in a window, whose padding fits the outputs."""
    rng = np.random.default_rng(drawn.draw(st.integers(0, 99)))
    channels = 2 * groups
    branches = [Branch.identity(channels, dimension, groups)]
    for number in range(drawn.draw(st.integers(1, 3))):
        kernel, dilation, before = (
            tuple(drawn.draw(st.lists(st.integers(low, 3), min_size=dimension, max_size=dimension)))
            for low in (1, 1, 0)
        )
        spans = [d * (r - 1) + 1 for d, r in zip(dilation, kernel, strict=True)]
        before = tuple(min(b, span - 1) for b, span in zip(before, spans, strict=True))
        padding = tuple((b, span - 1 - b) for b, span in zip(before, spans, strict=True))
        bias = rng.integers(-9, 10, channels) if number else None
        branches.append(Branch(rng.integers(-9, 10, (channels, 2, *kernel)), bias, padding, dilation))
    x = rng.integers(-9, 10, (1, channels, *(9 - dimension,) * dimension))

    def run(branch: Branch) -> Any:
        oracle = direct.convolve_transposed if transposed else direct.convolve
        y = oracle(x, branch.weights, branch.pads, stride=(stride,) * dimension, dilation=branch.steps, groups=groups)
        return y if branch.bias is None else y + branch.bias.reshape(-1, *(1,) * dimension)

    merged = merge_branches(branches)
    assert merged.steps == (1,) * dimension
    np.testing.assert_array_equal(run(merged), sum(map(run, branches)))


def test_repvgg() -> None:
    three, pointwise = np.arange(36).reshape(2, 2, 3, 3), np.array([[5, 6], [7, 8]]).reshape(2, 2, 1, 1)
    merged = merge_branches([Branch(three, np.array([1, 2]), 1), Branch(pointwise), Branch.identity(2)])
    assert merged.pads == ((1, 1), (1, 1))
    expected = three.copy()
    expected[:, :, 1, 1] += [[6, 6], [7, 9]]
    np.testing.assert_array_equal(merged.weights, expected)
    np.testing.assert_array_equal(merged.bias, [1, 2])


@pytest.mark.parametrize("kind", [np.int64, np.float32, object])
def test_the_identity_keeps_the_type(kind: Any) -> None:
    weights = np.full((2, 2, 3, 3), Fraction(1, 3) if kind is object else 1, kind)
    merged = merge_branches([Branch(weights, padding=1), Branch.identity(2)])
    assert merged.weights.dtype == kind
    assert merged.weights[0, 0, 1, 1] == weights[0, 0, 1, 1] + 1


W = np.ones((4, 2, 3, 3))


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: merge_branches([]), "at least one branch"),
        (lambda: merge_branches([Branch(W), Branch(W[:2])]), "(2, 2, 3, 3)"),
        (lambda: merge_branches([Branch(W), Branch(W[..., 0])]), "(4, 2, 3)"),
        (lambda: merge_branches([Branch(W[..., 0]), Branch(W)]), "the number of axes must be the same"),
        (lambda: merge_branches([Branch(W), Branch(W[:, :1])]), "(4, 1, 3, 3)"),
        (lambda: merge_branches([Branch(W, padding=1), Branch(W, padding=((1, 1), (1, 0)))]), "do not align"),
        (lambda: merge_branches([Branch(W, padding=1), Branch(W, padding=1, dilation=2)]), "do not align"),
        (lambda: Branch(W, padding=(1, 2, 3)), "padding (1, 2, 3)"),
        (lambda: Branch(W, dilation=0), "dilation = 0"),
        (lambda: merge_branches([Branch(W, np.ones(4)), Branch(W), Branch(W, np.ones(3))]), "bias (4,), (3,)"),
        (lambda: Branch.identity(4, groups=3), "groups = 3"),
    ],
)
def test_branches_that_do_not_fit_are_named(make: Any, named: str) -> None:
    with pytest.raises(ShapeError) as caught:
        make()
    assert named in str(caught.value)
