"""A tolerance as text, as plain data, and as a test that runs."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from wincook.analysis.bounds.tolerance import Tolerance
from wincook.analysis.data.distributions import UNIFORM
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as make
from wincook.construct.rescale.named import balance
from wincook.errors import AlgorithmError

_TILES = 64


def plain_tolerance(found: Tolerance) -> dict[str, Any]:
    """All of it, ready for JSON."""
    return {
        "tile": str(found.algorithm.tile),
        "points": [str(points) for points in found.algorithm.points],
        "format": str(found.precision),
        "channels": found.channels,
        "range": found.d_max,
        "filter_range": found.g_max,
        "law": None if not found.p else found.law.name,
        "probability": found.p,
        "rigorous": not found.p,
        "outputs": found.outputs,
        "against": found.against,
        "atol": found.atol,
        "rtol": found.rtol,
        "why": list(found.why),
    }


def tolerance_view(found: Tolerance) -> RenderableType:
    """The two numbers, and the steps that lead to them."""
    steps = [Text(f"{number}. {step}") for number, step in enumerate(found.why, start=1)]
    return Group(Text(str(found), style="bold"), *steps)


def pytest_text(found: Tolerance) -> str:
    """A test of one algorithm with this tolerance.

    Raises:
        AlgorithmError: the algorithm was not made from points, so that no line of text makes it.
    """
    tile = found.algorithm.tile
    places, taps = "ijklmn"[: tile.dimension], "abdefg"[: tile.dimension]
    name = str(tile).strip("F()").replace(",", "_")
    axes = tuple(range(2, 2 + tile.dimension))
    scales = [("d", found.d_max, "input"), ("g", found.g_max, "filter")]
    scaled = [
        f"    {name} = round_to({name} * {scale!r}, problem.precision.{stage})\n"
        for name, scale, stage in scales
        if scale != 1
    ]
    law = found.law if found.p else UNIFORM  # a rigorous tolerance holds within the ranges, which other laws leave
    rounding = "from wincook.program.rounding import round_to\n" if scaled else ""
    return f'''"""{found.algorithm.name} in {found.precision}: atol and rtol by wincook tolerance."""

import numpy as np
import wincook as wc
from wincook.analysis.measurement.tiles import Sampler, compute
from wincook.analysis.problem import Problem
{rounding}

def test_f_{name}() -> None:
    algorithm = {_made(found.algorithm)}
    problem = Problem.of(algorithm, "{found.precision}", {found.channels}, "{law.name}")
    d, g = Sampler(problem, seed=0).take({_TILES})
{"".join(scaled)}    y = compute(algorithm, problem.precision, d, g)  # put here what is to be tested
    windows = np.lib.stride_tricks.sliding_window_view(d.astype(np.{found.against}), {tile.taps}, axis={axes})
    reference = np.einsum("zc{places}{taps},zc{taps}->z{places}", windows, g.astype(np.{found.against}))
    np.testing.assert_allclose(y.astype(np.float64), reference, atol={found.atol!r}, rtol={found.rtol!r})
'''


def _made(algorithm: BilinearAlgorithm) -> str:
    """The expression that makes it."""
    if algorithm.points and not algorithm.joint:
        plain = make(algorithm.tile, algorithm.point_names)
        text = f'wc.algorithm("{algorithm.tile}", "{algorithm.point_names}")'
        for made, expression in ((plain, text), (balance(plain), f"wc.balance({text})")):
            if made == algorithm:
                return expression
    raise AlgorithmError(f"{algorithm.name} was not made from points alone; write its test by hand")
