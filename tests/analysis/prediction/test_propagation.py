from __future__ import annotations

from functools import reduce
from itertools import product

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.data.distributions import NORMAL, UNIFORM
from wincook.analysis.prediction import propagation
from wincook.analysis.prediction.moments import Moments
from wincook.analysis.prediction.predict import predict
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_constant import ROUNDING, absorbed, sum_factor
from wincook.analysis.prediction.rounding_noise import by_rounding, by_summing
from wincook.analysis.prediction.twins import twin_factor
from wincook.bilinear import BilinearAlgorithm
from wincook.formats import FLOAT32, Format
from wincook.precision import Precision
from wincook.program.programs import programs_of
from wincook.summation import Chains


def test_an_output_is_0_where_all_inputs_that_it_depends_on_are() -> None:
    """Counted in samples of inputs half of which are 0: V depends on 2 to 3 inputs along each axis."""
    algorithm = wc.algorithm("F(2x2,3x3)", "0, ±1, ∞")
    axes = tuple(Forms.of(program, FLOAT32) for program in wc.programs_of(algorithm).input)
    rng = np.random.default_rng(0)
    d = rng.standard_normal((200_000, 4, 4)) * (rng.random((200_000, 4, 4)) < 0.5)
    B = axes[0].matrix
    zeros = propagation.zeros_of(axes, 0.5)
    np.testing.assert_allclose(zeros, np.mean(B @ d @ B.T == 0, axis=0), atol=0.005)
    assert zeros.min() == 0.5**4


def plain(algorithm: BilinearAlgorithm, fmt: Format, C: int, d: np.ndarray, g: np.ndarray) -> np.ndarray:
    """The same model without Kronecker products: operation by operation, place by place; no means, no zeros.

    Returns the variance at each output, but for the constants that the format cannot hold.
    """
    programs = programs_of(algorithm)
    stages = [
        [Forms.of(program, fmt) for program in axes] for axes in (programs.filter, programs.input, programs.output)
    ]
    G, B, A = (reduce(np.kron, [forms.matrix for forms in axes]) for axes in stages)
    U, V = G @ g @ G.T, B @ d @ B.T
    moments, seen = (g, d, C * U * V), (C * V, C * U, None)
    products = np.diag(U * V)
    total = A**2 @ by_summing(products, 0 * products, None, Precision.of(fmt), Chains.of(C))
    for axes, S, other in zip(stages, moments, seen, strict=True):
        for axis, forms in enumerate(axes):
            before = [stage.matrix for stage in axes[:axis]]
            after = [stage.forms.shape[1] for stage in axes[axis + 1 :]]
            places = [range(len(T)) for T in before] + [range(n) for n in after]
            for place in product(*places):
                rows = [T[[p]] for T, p in zip(before, place, strict=False)]
                columns = [np.eye(n)[[p]] for n, p in zip(after, place[axis:], strict=True)]
                values = reduce(np.kron, [*rows, forms.forms, *columns])
                sizes = np.einsum("vi,ij,vj->v", values, S, values)
                units = [np.eye(len(T))[:, p] for T, p in zip(before, place, strict=False)]
                spread = [s.matrix[:, p] for s, p in zip(axes[axis + 1 :], place[axis:], strict=True)]
                roundings = len(forms.sums) + len(forms.products)
                patterns = [reduce(np.kron, [*units, gains, *spread]) for gains in forms.error_gains[:roundings]]
                covariances = np.diag([one_rounding(forms, error, sizes, fmt) for error in range(roundings)])
                for plus, minus in forms.twins:
                    covariances[plus, minus] = covariances[minus, plus] = of_twins(forms, plus, minus, sizes)
                for (error, pattern), (twin, shifted) in product(enumerate(patterns), repeat=2):
                    if not covariances[error, twin]:
                        continue
                    if other is None:
                        total = total + covariances[error, twin] * pattern * shifted
                    else:
                        seen_by = np.einsum("ik,kl,il->i", A * pattern, other, A * shifted)
                        total = total + covariances[error, twin] * seen_by
    return total


def one_rounding(forms: Forms, error: int, sizes: np.ndarray, fmt: Format) -> float:
    if error >= len(forms.sums):
        number = error - len(forms.sums)
        return float(by_rounding(sizes[forms.products[[number]]], fmt)[0] * forms.factor[number])
    first = forms.scale[error] ** 2 * sizes[forms.left[[error]]]
    second, total = sizes[forms.right[[error]]], sizes[forms.sums[[error]]]
    noise = by_rounding(total, fmt) * sum_factor(forms.odd[[error]], first, second, total)
    smaller = np.minimum(first, second) if forms.odd[error] == 1 else first
    return float(absorbed(noise, smaller)[0])


def of_twins(forms: Forms, plus: int, minus: int, sizes: np.ndarray) -> float:
    """The covariance of two sums; those of float32 that are so alike are hardly ever absorbed."""
    if forms.scale[plus] < 0:
        plus, minus = minus, plus
    first, second = forms.scale[minus] ** 2 * sizes[forms.left[[minus]]], sizes[forms.right[[minus]]]
    factor = twin_factor(forms.odd[[minus]], first, second, sizes[forms.sums[[plus]]])
    return float(factor[0] * (first + second)[0] * ROUNDING * float(FLOAT32.unit_roundoff) ** 2)


@pytest.mark.parametrize("tile", ["F(3,2)", "F(2x2,3x3)", "F(2x3,2x1)", "F(1x2x2,2x1x2)"])
def test_the_fast_form_is_the_plain_one(tile: str) -> None:
    algorithm = wc.algorithm(tile, [wc.Points.default(n) for n in wc.Tile.parse(tile).inputs])
    rng = np.random.default_rng(7)
    shapes = algorithm.tile.inputs, algorithm.tile.taps
    roots = [rng.standard_normal((np.prod(shape), np.prod(shape))) for shape in shapes]
    d, g = (root @ root.T for root in roots)
    prediction = predict(
        algorithm,
        FLOAT32,
        3,
        UNIFORM,
        d_moments=Moments.of_covariance(shapes[0], d),
        g_moments=Moments.of_covariance(shapes[1], g),
    )
    expected = plain(algorithm, FLOAT32, 3, d, g)
    np.testing.assert_allclose(np.ravel(prediction.positions) ** 2, expected, rtol=1e-9)
    white = predict(algorithm, FLOAT32, 3, NORMAL)
    expected = plain(algorithm, FLOAT32, 3, np.eye(len(d)), np.eye(len(g)))
    np.testing.assert_allclose(np.ravel(white.positions) ** 2, expected, rtol=1e-12)
