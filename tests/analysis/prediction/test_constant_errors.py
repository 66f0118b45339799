from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.prediction.constant_errors import constant_errors, windows
from wincook.analysis.prediction.moments import Moments
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.formats import BFLOAT16
from wincook.program.programs import programs_of


def test_constants_that_are_not_held_err_together() -> None:
    """All but the constants exact: the difference of two linear maps, by its samples."""
    algorithm = wc.algorithm("F(3x3,3x3)", "0, ±2/3, 3/5, ∞")
    programs = programs_of(algorithm)
    filters, inputs, outputs = (
        tuple(Forms.of(program, BFLOAT16) for program in axes)
        for axes in (programs.filter, programs.input, programs.output)
    )
    rng = np.random.default_rng(0)
    g, d = rng.standard_normal((20_000, 3, 3)), rng.standard_normal((20_000, 5, 5))

    def run(*, rounded: bool) -> np.ndarray:
        G, B, A = (axes[0].matrix + (axes[0].slip if rounded else 0.0) for axes in (filters, inputs, outputs))
        return np.asarray(A @ ((G @ g @ G.T) * (B @ d @ B.T)) @ A.T)

    white = Moments.independent((3, 3)), Moments.independent((5, 5))
    errors = constant_errors(filters, inputs, outputs, *white, 1, algorithm.tile)
    differences = run(rounded=True) - run(rounded=False)
    np.testing.assert_allclose(errors.filter + errors.input + errors.output, np.mean(differences**2, axis=0), rtol=0.05)
    np.testing.assert_allclose(errors.size, 9, rtol=1e-12)


def test_constants_move_the_mean_of_each_axis_in_turn() -> None:
    """Data that do not vary: what y is off by constants is a number, to first order the sum over axes and stages."""
    algorithm = wc.algorithm("F(2x3,2x2)", "0, 1/3, ∞; 0, ±1/5, ∞")
    programs = programs_of(algorithm)
    filters, inputs, outputs = (
        tuple(Forms.of(program, BFLOAT16) for program in axes)
        for axes in (programs.filter, programs.input, programs.output)
    )
    rng = np.random.default_rng(3)
    g_mean, d_mean = rng.standard_normal((2, 2)), rng.standard_normal((3, 4))
    g, d = Moments.independent((2, 2), 0.0, g_mean), Moments.independent((3, 4), 0.0, d_mean)

    def off(step: float) -> np.ndarray:
        (G, H), (B, D), (A, E) = (
            [forms.matrix + step * forms.slip for forms in axes] for axes in (filters, inputs, outputs)
        )
        return np.asarray(A @ ((G @ g_mean @ H.T) * (B @ d_mean @ D.T)) @ E.T)

    step = 1e-4
    moved = (off(step) - off(-step)) / (2 * step)
    for channels in (1, 2, 5):
        errors = constant_errors(filters, inputs, outputs, g, d, channels, algorithm.tile)
        np.testing.assert_allclose(errors.size, (channels * off(0.0)) ** 2, rtol=1e-9)
        np.testing.assert_allclose(
            errors.filter + errors.input + errors.output, (channels * moved) ** 2, rtol=1e-5, atol=1e-18
        )


def test_windows_say_which_input_meets_which_tap() -> None:
    tile = wc.Tile.parse("F(2x4,3x2)")
    rows, columns = windows(tile)
    np.testing.assert_array_equal(rows, np.add.outer(range(2), range(3)))
    np.testing.assert_array_equal(columns, np.add.outer(range(4), range(2)))
    (joined,) = windows(tile, joint=True)
    for (i, k), (j, l) in product(np.ndindex(2, 4), np.ndindex(3, 2)):
        assert joined[4 * i + k, 2 * j + l] == 5 * (i + j) + (k + l)


@pytest.mark.parametrize("channels", [1, 3])
def test_each_stage_has_its_share_of_what_all_are_off_by_where_data_have_means(channels: int) -> None:
    """E[δ_s Σ δ] for the change δ_s that the constants of a stage make, over channels that are alike."""
    algorithm = wc.algorithm("F(3,3)", "0, ±2/3, 3/5, ∞")
    programs = programs_of(algorithm)
    (filters,), (inputs,), (outputs,) = (
        [Forms.of(program, BFLOAT16) for program in axes] for axes in (programs.filter, programs.input, programs.output)
    )
    rng = np.random.default_rng(0)
    g_mean, d_mean = np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.5, -0.5, 2.0, 1.0])
    g = g_mean + rng.standard_normal((200_000, channels, 3))
    d = d_mean + 2 * rng.standard_normal((200_000, channels, 5))
    G, B, A = filters.matrix, inputs.matrix, outputs.matrix
    U, V = g @ G.T, d @ B.T
    changes = [
        np.sum((g @ filters.slip.T) * V, axis=1) @ A.T,
        np.sum(U * (d @ inputs.slip.T), axis=1) @ A.T,
        np.sum(U * V, axis=1) @ outputs.slip.T,
    ]
    moments = Moments.independent((3,), 1.0, g_mean), Moments.independent((5,), 4.0, d_mean)
    found = constant_errors([filters], [inputs], [outputs], *moments, channels, algorithm.tile)
    total = np.sum(changes, axis=0)
    scale = np.mean(total**2)
    for part, change in zip((found.filter, found.input, found.output), changes, strict=True):
        np.testing.assert_allclose(part, np.mean(change * total, axis=0), atol=0.03 * scale)
    np.testing.assert_allclose(found.size, np.mean((np.sum(U * V, axis=1) @ A.T) ** 2, axis=0), rtol=0.02)
