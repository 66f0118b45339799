"""A tolerance as a test that runs."""

from __future__ import annotations

from wincook.analysis.bounds.tolerance import Tolerance
from wincook.analysis.data.distributions import UNIFORM
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as make
from wincook.construct.rescale.named import balance
from wincook.errors import AlgorithmError

_TILES = 64


def pytest_text(tolerance: Tolerance) -> str:
    """A test of one algorithm with this tolerance.

    Raises:
        AlgorithmError: the algorithm was not made from points, so that no line of text makes it.
    """
    tile = tolerance.algorithm.tile
    places, taps = "ijklmn"[: tile.dimension], "abdefg"[: tile.dimension]
    axes = tuple(range(2, 2 + tile.dimension))
    apart = f"[:, :, {', '.join(f'::{step}' for step in tile.strides)}]" if tile.strided else ""
    scales = [("d", tolerance.d_max, "input"), ("g", tolerance.g_max, "filter")]
    scaled = [
        f"    {name} = wc.program.round_to({name} * {scale!r}, problem.precision.{stage})\n"
        for name, scale, stage in scales
        if scale != 1
    ]
    law = tolerance.law if tolerance.p else UNIFORM  # a rigorous one holds within ranges that other laws leave
    return f'''"""{tolerance.algorithm.name} in {tolerance.precision}: atol and rtol by wincook tolerance."""

import numpy as np
import wincook as wc


def test_f_{tile.identifier}() -> None:
    algorithm = {_expression(tolerance.algorithm)}
    problem = wc.analysis.Problem.of(algorithm, "{tolerance.precision}", {tolerance.channels}, "{law.name}")
    d, g = wc.analysis.Sampler(problem, seed=0).take({_TILES})
{"".join(scaled)}    y = wc.analysis.compute(algorithm, problem.precision, d, g)  # put here what is to be tested
    windows = np.lib.stride_tricks.sliding_window_view(d.astype(np.{tolerance.against}), {tile.taps}, axis={axes})
    reference = np.einsum("zc{places}{taps},zc{taps}->z{places}", windows{apart}, g.astype(np.{tolerance.against}))
    np.testing.assert_allclose(y.astype(np.float64), reference, atol={tolerance.atol!r}, rtol={tolerance.rtol!r})
'''


def _expression(algorithm: BilinearAlgorithm) -> str:
    """The expression that makes it."""
    if algorithm.points and not algorithm.joint:
        plain = make(algorithm.tile, algorithm.point_names)
        text = f'wc.algorithm("{algorithm.tile}", "{algorithm.point_names}")'
        for candidate, expression in ((plain, text), (balance(plain), f"wc.construct.balance({text})")):
            if candidate == algorithm:
                return expression
    if algorithm.tile.strided and make(algorithm.tile) == algorithm:
        return f'wc.algorithm("{algorithm.tile}")'
    raise AlgorithmError(f"{algorithm.name} was not made from points alone; write its test by hand")
