"""The mean error that Barabasz and Alam publish, by their own definition.

The mean over runs and outputs of |y in float32 - y in float64|: one tile of one channel per run, inputs and filter
uniform in (-1, 1) and rounded to float32, every operation rounded to float32, the filter transform too. Each row of G,
BT and AT is a sum over a Huffman tree of its |coefficients|, products are rounded before they are added, and G holds
the denominators (Barabasz, Anderson, Soodhalter, Gregg, ACM TOMS 46 (2020), sections 5 and 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod, sqrt

import numpy as np

from wincook.arguments import whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.ceiling import check_work
from wincook.construct.subject import algorithm_of
from wincook.formats import FLOAT32
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.programs import programs_of
from wincook.program.style import Style
from wincook.tile import Tile

HUFFMAN = Style(aim="plain", order="huffman", fma=False)


@dataclass(frozen=True, slots=True)
class MeanError:
    """A mean over runs, and its relative standard error."""

    mean: float
    noise: float


def mean_error(algorithm: BilinearAlgorithm, samples: int, seed: int, style: Style = HUFFMAN) -> MeanError:
    """The mean error of an algorithm with one set of matrices per axis.

    >>> from wincook.construct import algorithm
    >>> error = mean_error(algorithm("F(4x4,3x3)", "0, ±1, 1/2, -2, ∞"), samples=500, seed=0)
    >>> 3e-7 < error.mean < 3.7e-7
    True

    Raises:
        ShapeError: no samples.
    """
    algorithm = algorithm_of(algorithm)
    programs, arithmetic = programs_of(algorithm, style), Rounded(FLOAT32)
    d, g = _draw(algorithm.tile, samples, seed)
    U = evaluate_axes(programs.filter, g, arithmetic)
    V = evaluate_axes(programs.input, d, arithmetic)
    return _mean(evaluate_axes(programs.output, U * V, arithmetic), d, g)


def direct_error(tile: Tile, samples: int, seed: int) -> MeanError:
    """The mean error of direct convolution in float32, its products summed in the order of the taps.

    Raises:
        ShapeError: no samples.
    """
    d, g = _draw(Tile.of(tile), samples, seed)
    return _mean(_direct(d, g), d, g)


def _draw(tile: Tile, samples: int, seed: int) -> tuple[Array, Array]:
    samples, seed = whole_number("samples", samples), whole_number("seed", seed, 0, None)
    numbers = samples * prod(tile.inputs)
    check_work(f"{samples} runs of {tile}", samples * tile.direct_multiplications / 15, 100 * numbers, patience=10)
    rng = np.random.default_rng(seed)
    d, g = (rng.uniform(-1, 1, (samples, *sizes)) for sizes in (tile.inputs, tile.taps))
    return d.astype(np.float32), g.astype(np.float32)


def _direct(d: Array, g: Array) -> Array:
    """y of every run, in the type of the data: shape (samples, m_1, ...)."""
    dimension = g.ndim - 1
    lengths = [n - r + 1 for n, r in zip(d.shape[1:], g.shape[1:], strict=True)]
    y = np.zeros((len(d), *lengths), d.dtype)
    for tap in np.ndindex(*g.shape[1:]):
        window = d[(slice(None), *(slice(a, a + m) for a, m in zip(tap, lengths, strict=True)))]
        y += window * g[(slice(None), *tap)].reshape(-1, *(1,) * dimension)
    return y


def _mean(y: Array, d: Array, g: Array) -> MeanError:
    exact = _direct(d.astype(np.float64), g.astype(np.float64))
    per_run = np.abs(y - exact).reshape(len(y), prod(exact.shape[1:])).mean(axis=1)
    mean = float(per_run.mean())
    return MeanError(mean, float(per_run.std()) / sqrt(len(per_run)) / mean if mean else 0.0)
