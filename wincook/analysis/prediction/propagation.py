"""One stage of an algorithm: how large its values are, and what y sees of an error at each of them.

A stage runs one program per axis, one axis after the other. While axis a runs the values are a tensor: outputs along
the axes before, all values of the program along a, inputs along those after. The variances of the errors made there
are such a tensor, and y has their sum over all places, each times what y sees of it: a product of one matrix per axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wincook.analysis.kronecker import along_axes, outer
from wincook.analysis.prediction.moments import Terms
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_noise import by_program
from wincook.arrays import Array
from wincook.formats import Format

Axes = tuple[Forms, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What y sees along one axis of errors e at the outputs of a stage: A (e ⊙ x), or A e where there is no x.

    `matrix` is A, of shape (m, outputs); `moments` are E[x xᵀ] of the random x.
    """

    matrix: Array
    moments: Array | None = None

    def of_outputs(self) -> Array:
        """The variance of y by independent errors of the outputs, each of variance 1: shape (m, outputs)."""
        squares: Array = self.matrix**2
        return squares if self.moments is None else squares * np.diag(self.moments)

    def of_changes(self, gains: Array) -> Array:
        """The variance of y by independent errors of variance 1 that change the outputs by gains: shape (m, errors).

        Args:
            gains: shape (errors, outputs).
        """
        if self.moments is None:
            return np.asarray((self.matrix @ gains.T) ** 2)
        patterns = self.matrix[:, None] * gains
        return np.asarray(np.sum((patterns @ self.moments) * patterns, axis=-1))


Sights = tuple[tuple[Sight, ...], ...]  # y sees the sum of these products of one per axis


@dataclass(frozen=True, slots=True, eq=False)
class StageError:
    """The variance of y by the roundings of a stage, and the largest second moment of any of its values."""

    variance: Array
    peak: float


def sights(matrices: Sequence[Array], terms: Terms | None = None) -> Sights:
    """What y sees by one matrix per axis, of errors multiplied by numbers of these moments, if there are any."""
    if terms is None:
        return (tuple(Sight(A) for A in matrices),)
    return tuple(tuple(Sight(A, S) for A, S in zip(matrices, term, strict=True)) for term in terms)


def moments(axes: Axes, terms: Terms) -> Terms:
    """Of the outputs of a stage, from those of its inputs."""
    return tuple(tuple(axis.matrix @ S @ axis.matrix.T for axis, S in zip(axes, term, strict=True)) for term in terms)


def variances(terms: Terms) -> Array:
    """The second moment of each entry; what float64 made of 0 may be below it."""
    total: Array = np.sum([outer([np.diag(S) for S in term]) for term in terms], axis=0)
    return np.maximum(total, 0.0)


def zeros_of(axes: Axes, zeros: float) -> Array:
    """The probability that an output of a stage is exactly 0, from that of the inputs, all of which must be."""
    return np.asarray(zeros ** outer([axis.support[axis.outputs] for axis in axes]))


def error(
    axes: Axes,
    fmt: Format,
    terms: Terms,
    seen: Sights,
    mean: Array | None = None,
    zeros: float = 0.0,
) -> StageError:
    """What the roundings of a stage do to y.

    Args:
        axes: the programs.
        fmt: what they compute in.
        terms: the moments of their inputs.
        seen: what y sees of errors at the outputs of the stage.
        mean: an input that the terms lack, the same in each sample.
        zeros: the probability that an input is exactly 0.
    """
    variance, peak = np.zeros([len(sight.matrix) for sight in seen[0]]), 0.0
    norms = [
        [np.sum((forms.forms @ S) * forms.forms, axis=1) for forms, S in zip(axes, term, strict=True)] for term in terms
    ]
    for running, forms in enumerate(axes):
        sizes = sum((outer(_running(running, axes, vectors)) for vectors in norms), np.zeros(()))
        if mean is not None:
            sizes = sizes + along_axes(_matrices_running(running, axes), mean) ** 2
        sizes = np.maximum(sizes, 0.0)
        zero = zeros ** outer(_running(running, axes, [axis.support for axis in axes])) if zeros else None
        noise = by_program(forms, _first(running, sizes), None if zero is None else _first(running, zero), fmt)
        noise = np.moveaxis(noise, 0, running)
        peak = max(peak, float(np.max(sizes)))
        for product in seen:
            before = [sight.of_outputs() for sight in product[:running]]
            within = product[running].of_changes(forms.error_gains)
            later = zip(product[running + 1 :], axes[running + 1 :], strict=True)
            after = [sight.of_changes(axis.matrix.T) for sight, axis in later]
            variance += along_axes([*before, within, *after], noise)
    return StageError(variance, peak)


def seen_outputs(seen: Sights, noise: Array) -> Array:
    """The variance of y by independent errors of the outputs of a stage, of the variances given."""
    return sum((along_axes([sight.of_outputs() for sight in product], noise) for product in seen), np.zeros(()))


def _running(running: int, axes: Axes, vectors: Sequence[Array]) -> list[Array]:
    """Of one vector over all values of each axis the entries that are there while one axis runs."""
    return [
        vector[axis.outputs] if place < running else vector if place == running else vector[: axis.forms.shape[1]]
        for place, (axis, vector) in enumerate(zip(axes, vectors, strict=True))
    ]


def _matrices_running(running: int, axes: Axes) -> list[Array]:
    """What all values are of the inputs while one axis runs."""
    before, after = axes[:running], axes[running + 1 :]
    return [*(axis.matrix for axis in before), axes[running].forms, *(np.eye(axis.forms.shape[1]) for axis in after)]


def _first(axis: int, tensor: Array) -> Array:
    return np.moveaxis(tensor, axis, 0)
