from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import wincook as wc
from wincook.errors import LimitError, ShapeError
from wincook.kernels import sparsity_curve
from wincook.kernels.choice.cost.sparse import estimate_of_sparse
from wincook.kernels.choice.machine import Machine
from wincook.report.figures.sparsity import sparsity_chart
from wincook.sparse import transformed

LAYER = wc.Layer(32, 64, (12, 12), (3, 3), 1, layout="NHWC")


def test_more_zeros_are_quicker_and_worse() -> None:
    curve = sparsity_curve(LAYER, "F(2x2,3x3)", sparsities=(0.9, 0.2, 0.5), threads=1, target="generic")
    points = sorted(curve.points, key=lambda point: point.error.sparsity)
    for fewer, more in pairwise(points):
        assert fewer.error.predicted < more.error.predicted
        assert fewer.products < more.products
        assert fewer.call < more.call < more.products
    chart = sparsity_chart(curve)
    assert list(chart.zeros) == sorted(chart.zeros)
    assert chart.measured == ()


def test_kernels_are_timed_on_demand() -> None:
    (point,) = sparsity_curve(LAYER, "F(2x2,3x3)", sparsities=(0.8,), threads=1, target="generic", seconds=0.05).points
    assert point.measured is not None
    assert point.measured > 0


def test_own_filters_may_be_transformed_and_images_have_the_layout_of_the_layer() -> None:
    rng = np.random.default_rng(0)
    weights, images = rng.normal(size=LAYER.weight_shape), rng.normal(size=(3, 12, 12, 32))
    U = transformed("F(2x2,3x3)", weights)
    one, other = (sparsity_curve(LAYER, "F(2x2,3x3)", given, inputs=images).points for given in (weights, U))
    assert one == other
    with pytest.raises(ShapeError, match="inputs"):
        sparsity_curve(LAYER, "F(2x2,3x3)", weights, inputs=np.moveaxis(images, -1, 1))
    with pytest.raises(LimitError, match="pruning"):
        sparsity_curve(wc.Layer(40_000, 40_000, (8, 8), (3, 3)), "F(2x2,3x3)")


def test_only_products_and_filters_take_less_time() -> None:
    (plan,) = wc.kernels.make_plan(LAYER, "F(2x2,3x3)", threads=1, target="generic", sparse=True).plans
    half, less = (estimate_of_sparse(plan, Machine.of(plan.target), share) for share in (0.5, 0.9))
    assert less.products < half.products
    assert (less.transforms, less.images, less.calls) == (half.transforms, half.images, half.calls)
