"""One stage of an algorithm: how large its values are, and what y sees of an error at each of them.

A stage runs one program per axis, one axis after the other. While axis a runs the values are a tensor: outputs along
the axes before, all values of the program along a, inputs along those after. The variances of the errors made there
are such a tensor, and y has their sum over all places, each times what y sees of it: a product of one matrix per axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.analysis.kronecker import along_axes, outer
from wincook.analysis.prediction.moments import Terms
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_noise import by_program
from wincook.formats import Format

Array = NDArray[Any]
Axes = tuple[Forms, ...]


def moments(axes: Axes, terms: Terms) -> Terms:
    """Of the outputs of a stage, from those of its inputs."""
    return tuple(tuple(one.matrix @ S @ one.matrix.T for one, S in zip(axes, term, strict=True)) for term in terms)


def variances(terms: Terms) -> Array:
    """The second moment of each entry; what float64 made of 0 may be below it."""
    total: Array = np.sum([outer([np.diag(S) for S in term]) for term in terms], axis=0)
    return np.maximum(total, 0.0)


def zeros_of(axes: Axes, zeros: float) -> Array:
    """The probability that an output of a stage is exactly 0, from that of the inputs, all of which must be."""
    return np.asarray(zeros ** outer([one.support[one.outputs] for one in axes]))


def error(
    axes: Axes,
    fmt: Format,
    terms: Terms,
    seen: Sequence[Sequence[tuple[Array, Array | None]]],
    mean: Array | None = None,
    zeros: float = 0.0,
) -> tuple[Array, float]:
    """The variance of y by the roundings of a stage, and the largest second moment of any of its values.

    Args:
        axes: the programs.
        fmt: what they compute in.
        terms: the moments of their inputs.
        seen: products over the axes, whose sum y sees of the outputs of the stage: the matrix that is applied to them,
            and the moments of the numbers that they are multiplied by before, or nothing if there are none.
        mean: an input that the terms lack, the same in each sample.
        zeros: the probability that an input is exactly 0.
    """
    total, largest = np.zeros([len(A) for A, _ in seen[0]]), 0.0
    norms = [[np.sum((one.forms @ S) * one.forms, axis=1) for one, S in zip(axes, term, strict=True)] for term in terms]
    for axis, one in enumerate(axes):
        sizes = sum((outer(_running(axis, axes, vectors)) for vectors in norms), np.zeros(()))
        if mean is not None:
            rest = [np.eye(other.forms.shape[1]) for other in axes[axis + 1 :]]
            sizes = sizes + along_axes([*(other.matrix for other in axes[:axis]), one.forms, *rest], mean) ** 2
        sizes = np.maximum(sizes, 0.0)
        zero = zeros ** outer(_running(axis, axes, [other.support for other in axes])) if zeros else None
        made = by_program(one, _first(axis, sizes), None if zero is None else _first(axis, zero), fmt)
        made = np.moveaxis(made, 0, axis)
        largest = max(largest, float(np.max(sizes)))
        for term in seen:
            before = [_of_outputs(*sight) for sight in term[:axis]]
            after = [
                _of_inputs(*sight, other.matrix.T)
                for sight, other in zip(term[axis + 1 :], axes[axis + 1 :], strict=True)
            ]
            total += along_axes([*before, _of_inputs(*term[axis], one.error_gains), *after], made)
    return total, largest


def seen_outputs(seen: Sequence[Sequence[tuple[Array, Array | None]]], made: Array) -> Array:
    """The variance of y by independent errors of the outputs of a stage, of the variances given."""
    return sum((along_axes([_of_outputs(*sight) for sight in term], made) for term in seen), np.zeros(()))


def _running(axis: int, axes: Axes, vectors: Sequence[Array]) -> list[Array]:
    """Of one vector over all values of each axis the entries that are there while one axis runs."""
    return [
        vector[one.outputs] if other < axis else vector if other == axis else vector[: one.forms.shape[1]]
        for other, (one, vector) in enumerate(zip(axes, vectors, strict=True))
    ]


def _first(axis: int, tensor: Array) -> Array:
    return np.moveaxis(tensor, axis, 0)


def _of_outputs(A: Array, S: Array | None) -> Array:
    """What y sees of an error at each output of a stage along one axis: shape (m, outputs)."""
    return A**2 if S is None else A**2 * np.diag(S)


def _of_inputs(A: Array, S: Array | None, gains: Array) -> Array:
    """What y sees of an error that changes the outputs by its gains along one axis: shape (m, errors)."""
    if S is None:
        return np.asarray((A @ gains.T) ** 2)
    patterns = A[:, None] * gains
    return np.asarray(np.sum((patterns @ S) * patterns, axis=-1))
