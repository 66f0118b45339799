"""Second moments of tensors, as sums of Kronecker products with one matrix per axis.

Data that are independent from place to place have the moments variance · I ⊗ I + mean² · J ⊗ J, and a program along
one axis turns its matrix S into T S Tᵀ, so nothing is larger than one axis. Moments that are no such product are a sum
of them: split the first axis from the rest by singular values, then the next (Van Loan and Pitsianis, *Approximation
with Kronecker products*, in *Linear Algebra for Large Scale and Real-Time Applications* (1993), 293).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isnan, prod

import numpy as np
from numpy.typing import ArrayLike

from wincook.analysis.data.distributions import Law
from wincook.analysis.data.draws import known
from wincook.analysis.kronecker import kron
from wincook.arguments import items, real_number, whole_number
from wincook.arrays import Array, real_array
from wincook.ceiling import check_work
from wincook.errors import DataError, ShapeError

Terms = tuple[tuple[Array, ...], ...]

_NOTHING = 1e-15  # singular values below that part of the largest are rounding errors
_LARGEST = 1e150  # its square is a number
_MOST_TERMS, _MOST_AXES = 1 << 20, 32
_PER_NUMBER = 32  # bytes, with what is held on the way
_ASKED = 1 << 14  # draws that tell how often a law gives 0


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What the prediction needs of one channel of inputs, or of filters; channels are independent and alike.

    `terms` are the Kronecker products whose sum is E[x xᵀ], means included; `mean` is E[x], of the tile's shape; and
    `zeros` the probability that an entry is exactly 0, as half of all are after a ReLU, independently.

    Raises:
        ShapeError: terms that are no products of one square matrix per axis, of the size that the mean has.
        DataError: elements that are no finite real numbers.
        NotationError: a probability that is none.
    """

    terms: Terms
    mean: Array
    zeros: float = 0.0

    def __post_init__(self) -> None:
        mean = _finite("mean", self.mean)
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "zeros", real_number("zeros", self.zeros, least=0, most=1))
        wanted = [(n, n) for n in mean.shape]
        terms = tuple(
            tuple(_finite("a matrix of terms", matrix) for matrix in items("a term", term, "one matrix per axis"))
            for term in items("terms", self.terms, "(one matrix per axis,)", most=_MOST_TERMS)
        )
        for term in terms:
            if [matrix.shape for matrix in term] != wanted:
                raise ShapeError(
                    f"a term of shapes {', '.join(str(matrix.shape) for matrix in term) or 'none'} does not fit a mean "
                    f"of shape {mean.shape}; give one square matrix for each axis"
                )
        object.__setattr__(self, "terms", terms)

    @classmethod
    def independent(
        cls, shape: tuple[int, ...], variance: ArrayLike = 1.0, mean: ArrayLike = 0.0, zeros: float = 0.0
    ) -> Moments:
        """Entries that are independent from place to place.

        Args:
            shape: of the tile's inputs, or taps.
            variance: one for all, or one for each place.
            mean: one for all, or one for each place.
            zeros: the probability of an exact 0.

        Raises:
            ShapeError: an array of another shape, or a variance below 0.
            DataError: elements that are no finite real numbers.
            NotationError: a probability that is none.
            LimitError: so many entries that it would take too much memory.

        >>> bright = Moments.independent((4,), variance=[1.0, 1.0, 2.0, 2.0], mean=0.5)
        >>> bright.terms[0][0].diagonal(), bright.mean
        (array([1., 1., 2., 2.]), array([0.5, 0.5, 0.5, 0.5]))
        """
        shape = _shape(shape)
        variances, means = _array(variance, shape, "variance"), _array(mean, shape, "mean")
        if np.min(variances) < 0:
            raise ShapeError(f"variance {np.min(variances):g} is below 0; give squares of standard deviations")
        terms = tuple(tuple(np.diag(vector) for vector in term) for term in _vectors(variances))
        return cls((*terms, *_outer(means)), means, zeros)

    @classmethod
    def of_covariance(
        cls, shape: tuple[int, ...], covariance: ArrayLike, mean: ArrayLike = 0.0, zeros: float = 0.0
    ) -> Moments:
        """Entries of any covariance.

        Args:
            shape: of the tile's inputs, or taps.
            covariance: of all entries in order, shape (n, n) for n entries.
            mean: one for all, or one for each place.
            zeros: the probability of an exact 0.

        Raises:
            ShapeError: an array of another shape.
            DataError, NotationError, LimitError: as for `independent`.
        """
        shape = _shape(shape)
        size = prod(shape)
        _check_memory(shape, size * size)
        matrix, means = _array(covariance, (size, size), "covariance"), _array(mean, shape, "mean")
        # Entry (i1, i2, ..., j1, j2, ...) becomes ((i1, j1), (i2, j2), ...): a product of vectors, axis by axis.
        order = [place for axis in range(len(shape)) for place in (axis, len(shape) + axis)]
        paired = matrix.reshape(*shape, *shape).transpose(order).reshape([n * n for n in shape])
        terms = tuple(
            tuple(vector.reshape(n, n) for vector, n in zip(term, shape, strict=True)) for term in _vectors(paired)
        )
        return cls((*terms, *_outer(means)), means, zeros)

    @classmethod
    def of_inputs(cls, law: Law | str, shape: tuple[int, ...]) -> Moments:
        """Those of one channel of inputs that a law draws.

        Raises:
            NotationError: an unknown law.
            ShapeError: a shape that is none, or that the arrays of the law do not have.
        """
        law, shape = Law.of(law), _shape(shape)
        if law.input_moments is None:
            return cls.independent(shape, law.variance, law.mean, _zeros(law))
        size = prod(shape)
        return cls.of_covariance(shape, law.input_moments(shape).reshape(size, size) - law.mean**2, law.mean)

    @classmethod
    def of_filters(cls, law: Law | str, shape: tuple[int, ...], channels: int) -> Moments:
        """Those of one channel of filters that a law draws; errors as for `of_inputs`, and for no channels."""
        law, shape, channels = Law.of(law), _shape(shape), whole_number("channels", channels)
        if law.filter_moments is None:
            return cls.independent(shape, law.filter_variance(channels * prod(shape)))
        size = prod(shape)
        return cls.of_covariance(shape, law.filter_moments(shape).reshape(size, size))

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the entries."""
        return self.mean.shape

    def joined(self) -> Moments:
        """The same entries along a single axis, as joint transforms take them."""
        return Moments(tuple((kron(term),) for term in self.terms), self.mean.reshape(-1), self.zeros)


def _array(values: ArrayLike, shape: tuple[int, ...], name: str) -> Array:
    array = _finite(name, values)
    if array.shape not in {(), shape}:
        raise ShapeError(f"{name} of shape {array.shape} does not fit; give a number, or an array of shape {shape}")
    return np.full(shape, array) if array.shape != shape else array


def _finite(name: str, values: ArrayLike) -> Array:
    array = np.asarray(real_array(name, values), np.float64)
    if not np.all(np.abs(array) <= _LARGEST):
        raise DataError(f"{name} holds NaN or numbers beyond {_LARGEST:g}; give finite ones, and scale the data")
    return array


def _shape(shape: object) -> tuple[int, ...]:
    """That of a tile's inputs, or taps; not more than memory holds."""
    sizes = tuple(whole_number("a size", size) for size in items("shape", shape, "(6, 6)", most=_MOST_AXES))
    if not sizes:
        raise ShapeError("shape = () has no axes; give one size for each axis, such as (6, 6)")
    _check_memory(sizes, prod(sizes) + sum(n * n for n in sizes))
    return sizes


def _check_memory(shape: tuple[int, ...], numbers: int) -> None:
    check_work(f"moments of {'×'.join(map(str, shape))} entries", 0, _PER_NUMBER * numbers)


def _outer(means: Array) -> Terms:
    """The terms of mean · meanᵀ."""
    vectors = _vectors(means)
    return tuple(
        tuple(np.outer(a, b) for a, b in zip(left, right, strict=True)) for left in vectors for right in vectors
    )


def _vectors(tensor: Array) -> list[tuple[Array, ...]]:
    """A tensor as a sum of products of vectors, one per axis; equal entries make one product, zeros none."""
    if not tensor.any():
        return []
    if np.all(tensor == tensor.flat[0]):
        first, *rest = (np.ones(n) for n in tensor.shape)
        return [(tensor.flat[0] * first, *rest)]
    if tensor.ndim == 1:
        return [(tensor,)]
    left, sizes, right = np.linalg.svd(tensor.reshape(len(tensor), -1), full_matrices=False)
    return [
        (size * vector, *rest)
        for vector, size, row in zip(left.T, sizes, right, strict=True)
        if size > _NOTHING * sizes[0]
        for rest in _vectors(row.reshape(tensor.shape[1:]))
    ]


@lru_cache(maxsize=64)
def _zeros(law: Law) -> float:
    """How often a law gives an input of exactly 0: as it says, else in some draws."""
    zeros = 1.0 - known(law.draw_input).beyond(0.0)
    return float(np.mean(law.draw_input(np.random.default_rng(0), (_ASKED,)) == 0)) if isnan(zeros) else zeros
