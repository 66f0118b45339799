from __future__ import annotations

from functools import reduce

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.data.distributions import LAWS, NORMAL, RELU, UNIFORM
from wincook.analysis.prediction.moments import Moments
from wincook.analysis.prediction.predict import predict
from wincook.errors import DataError, NotationError, ShapeError
from wincook.formats import FLOAT32


def _kron(moments: Moments) -> np.ndarray:
    return np.asarray(sum(reduce(np.kron, term) for term in moments.terms))


def test_moments_of_any_kind_are_kept_exactly() -> None:
    rng = np.random.default_rng(1)
    shape, size = (2, 3, 2), 12
    root, mean, variance = rng.standard_normal((size, size)), rng.standard_normal(shape), rng.uniform(0, 2, shape)
    outer = np.outer(mean, mean)
    moments = Moments.of_covariance(shape, root @ root.T, mean)
    np.testing.assert_allclose(_kron(moments), root @ root.T + outer, atol=1e-12)
    moments = Moments.independent(shape, variance, mean)
    np.testing.assert_allclose(_kron(moments), np.diag(variance.ravel()) + outer, atol=1e-12)
    np.testing.assert_allclose(_kron(moments.joined()), np.diag(variance.ravel()) + outer, atol=1e-12)
    assert len(Moments.independent(shape, 2.0, 1.0).terms) == 2


def test_moments_that_do_not_fit_are_refused(golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"\(2,\).*\(3,\)"):
        Moments.independent((3,), [1.0, 2.0])
    with golden.raises(ShapeError, match="0"):
        Moments.independent((3,), -1.0)
    with golden.raises(ShapeError, match=r"\(3,\).*\(4.*4\)"):
        Moments.of_covariance((2, 2), np.ones(3))
    with golden.raises(ShapeError, match=r"\(3,\).*\(4,\)"):
        predict(wc.algorithm("F(2,3)"), FLOAT32, 1, UNIFORM, d_moments=Moments.independent((3,)))
    for terms, shapes in (((np.eye(2),), r"\(2, 2\)"), ((np.eye(3), np.eye(2)), r"\(3, 3\), \(2, 2\)"), ((), "none")):
        with pytest.raises(ShapeError, match=f"a term of shapes {shapes} does not fit a mean of shape"):
            Moments((terms,), np.zeros(3))
    with golden.raises(ShapeError, match="channels = 0"):
        predict(wc.algorithm("F(2,3)"), FLOAT32, 0, UNIFORM)


def test_moments_of_the_laws_are_those_of_their_samples() -> None:
    rng = np.random.default_rng(0)
    for law in LAWS.values():
        d, g = law.draw_input(rng, (400_000,)), law.draw_filter(rng, (400_000,), 9)
        assert d.mean() == pytest.approx(law.mean, abs=4e-3)
        assert d.var() == near(law.variance, rel=1e-2)
        assert g.mean() == pytest.approx(0, abs=4e-3)
        assert g.var() == near(law.filter_variance(9), rel=1e-2)
    assert Moments.of_inputs(RELU, (4,)).zeros == pytest.approx(0.5, abs=0.02)
    assert Moments.of_inputs(NORMAL, (4,)).zeros == 0


@pytest.mark.parametrize("zeros", [-0.01, 1.01])
def test_zeros_have_a_probability(zeros: float, golden: Golden) -> None:
    with golden.raises(NotationError, match=f"zeros = {zeros} must be a number at least 0 and at most 1"):
        Moments.independent((3,), zeros=zeros)
    assert [Moments.independent((3,), zeros=end).zeros for end in (0.0, 1.0)] == [0.0, 1.0]


def test_numbers_go_up_to_those_whose_square_is_one(golden: Golden) -> None:
    assert Moments.independent((3,), 1e150, 1e75).terms
    for variance, mean in ((1.01e150, 0.0), (1.0, -1.01e150), (np.nan, 0.0)):
        with golden.raises(DataError, match=r"holds NaN or numbers beyond 1e\+150"):
            Moments.independent((3,), variance, mean)
