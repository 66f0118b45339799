"""Linear and true convolution, and the gradients for training, beside numpy and scipy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import convolve, correlate

from tests.golden import Golden
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.make.iterated import iterated
from wincook.errors import AlgorithmError
from wincook.program.interpret import Exact, evaluate_axes
from wincook.program.programs import programs_of, sizes

ALGORITHMS = {
    "F(2,3)": algorithm("F(2,3)"),
    "F(5,4)": algorithm("F(5,4)"),
    "F(4,3) with roots": algorithm("F(4,3)", "0, ±√2, ±√2/2, ∞"),
    "F(4,3) with x²+1": algorithm("F(4,3)", "0, ±i, x^2+x+1, ∞"),
    "F(6,4) iterated": iterated("F(6,4)", (2, 2)),
    "F(4x2,3x3)": algorithm("F(4x2,3x3)"),
    "F(3x2,2x3) joint": algorithm("F(3x2,2x3)", "0, ∞, x^2+1", joint=True),
    "F(1x2x2,2x2x1)": algorithm("F(1x2x2,2x2x1)"),
}


def apply(bilinear: BilinearAlgorithm, d: Array, g: Array) -> Array:
    """The programs in exact arithmetic, flat."""
    programs, exact = programs_of(bilinear), np.vectorize(Fraction, otypes=[object])
    U = evaluate_axes(programs.filter, exact(g).reshape(sizes(programs.filter)), Exact())
    V = evaluate_axes(programs.input, exact(d).reshape(sizes(programs.input)), Exact())
    y: Array = evaluate_axes(programs.output, U * V, Exact())
    return y.ravel()


def draw(*shapes: tuple[int, ...]) -> list[Array]:
    rng = np.random.default_rng(0)
    return [rng.integers(-(10**6), 10**6, shape) for shape in shapes]


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_algorithm_itself_is_a_correlation(name: str) -> None:
    bilinear = ALGORITHMS[name]
    d, g = draw(bilinear.tile.inputs, bilinear.tile.taps)
    assert (apply(bilinear, d, g) == correlate(d, g, mode="valid", method="direct").ravel()).all()


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_transpose_is_a_linear_convolution_and_the_gradient_of_the_input(name: str) -> None:
    bilinear = ALGORITHMS[name].transpose()
    bilinear.verify()
    dy, g = draw(bilinear.tile.outputs, bilinear.tile.taps)
    assert (apply(bilinear, dy, g) == convolve(dy, g, mode="full", method="direct").ravel()).all()
    if bilinear.tile.dimension == 1:
        assert (apply(bilinear, dy, g) == np.convolve(dy, g)).all()
    assert bilinear.transpose() == ALGORITHMS[name]


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_flip_is_a_true_convolution(name: str) -> None:
    bilinear = ALGORITHMS[name].flip()
    bilinear.verify()
    d, g = draw(bilinear.tile.inputs, bilinear.tile.taps)
    assert (apply(bilinear, d, g) == convolve(d, g, mode="valid", method="direct").ravel()).all()
    assert bilinear.flip() == ALGORITHMS[name]


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_weight_gradient_correlates_the_input_with_the_gradient(name: str) -> None:
    base = ALGORITHMS[name]
    bilinear = base.weight_gradient()
    bilinear.verify()
    assert (bilinear.tile.outputs, bilinear.tile.taps) == (base.tile.taps, base.tile.outputs)
    d, dy = draw(base.tile.inputs, base.tile.outputs)
    assert (apply(bilinear, d, dy) == correlate(d, dy, mode="valid", method="direct").ravel()).all()
    assert bilinear.weight_gradient() == base


@pytest.mark.parametrize("name", ["F(2,3)", "F(4x2,3x3)", "F(3x2,2x3) joint"])
def test_gradients_are_the_derivatives_of_the_output(name: str) -> None:
    """⟨dy, y(d + e, g) - y(d, g)⟩ = ⟨gradient, e⟩ for every step e, as y is linear in d; so it is in g."""
    base = ALGORITHMS[name]
    tile = base.tile
    d, g, dy, step_d, step_g = draw(tile.inputs, tile.taps, tile.outputs, tile.inputs, tile.taps)
    y = apply(base, d, g)
    in_d, in_g = apply(base.transpose(), dy, g), apply(base.weight_gradient(), d, dy)
    assert ((apply(base, d + step_d, g) - y) * dy.ravel()).sum() == (in_d * step_d.ravel()).sum()
    assert ((apply(base, d, g + step_g) - y) * dy.ravel()).sum() == (in_g * step_g.ravel()).sum()


def test_adjoints_keep_products_and_say_what_they_are() -> None:
    base = algorithm("F(4,3)", "0, ±1, ±2, ∞")
    assert [str(bilinear) for bilinear in (base.transpose(), base.flip(), base.weight_gradient())] == [
        "F(4,3) on {0, ±1, ±2, ∞}, linear convolution, 6 multiplications",
        "F(4,3) on {0, ±1, ±2, ∞}, true convolution, 6 multiplications",
        "F(3,4) on {0, ±1, ±2, ∞}, 6 multiplications",
    ]


def test_adjoints_that_are_none_are_refused(golden: Golden) -> None:
    base = algorithm("F(4,3)")
    with golden.raises(AlgorithmError, match=r"flip\(\)"):
        base.flip().transpose()
    with golden.raises(AlgorithmError):
        base.transpose().weight_gradient()
    with golden.raises(AlgorithmError):
        base.flip().weight_gradient()
    with golden.raises(AlgorithmError):
        base.transpose().flip()
