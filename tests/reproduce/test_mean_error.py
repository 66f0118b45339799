"""The rounded interpreter against plain numpy in float32, which rounds every operation by itself."""

from __future__ import annotations

import numpy as np

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.errors import ShapeError
from wincook.reproduce.mean_error import HUFFMAN, direct_error, mean_error
from wincook.tile import Tile


def test_the_error_of_f23_by_hand() -> None:
    """F(2,3) on 0, -1, 1, ∞, each sum as its Huffman tree has it; the draw is numpy's."""
    rng = np.random.default_rng(3)
    d, g = (rng.uniform(-1, 1, (4000, size)).astype(np.float32) for size in (4, 3))
    half = np.float32(0.5)
    d0, d1, d2, d3 = d.T
    g0, g1, g2 = g.T
    U = (-g0, half * g0 - half * g1 + half * g2, half * g0 + half * g1 + half * g2, g2)
    M = [u * v for u, v in zip(U, (d2 - d0, d2 - d1, d1 + d2, d3 - d1), strict=True)]
    y = np.stack([M[0] + M[1] + M[2], M[2] - M[1] + M[3]])
    exact = np.stack([sum(d[:, i + j].astype(float) * g[:, j].astype(float) for j in range(3)) for i in range(2)])
    error = mean_error(wc.algorithm("F(2,3)", "0, -1, 1, ∞"), 4000, 3)
    assert error.mean == near(np.abs(y - exact).mean(), rel=0.03)  # signs and equal terms may differ
    assert 0.005 < error.noise < 0.05


def test_noise_is_the_spread_of_repeated_runs() -> None:
    algorithm = wc.algorithm("F(4,3)", "0, ±1, 1/2, -2, ∞")
    runs = [mean_error(algorithm, 200, seed) for seed in range(40)]
    spread = np.std([run.mean for run in runs]) / np.mean([run.mean for run in runs])
    assert np.mean([run.noise for run in runs]) == near(spread, rel=0.4)


def test_direct_convolution_and_bad_input(golden: Golden) -> None:
    assert direct_error(Tile.parse("F(4,3)"), 2000, 0).mean == near(1.75e-8, rel=0.06)
    assert HUFFMAN.order == "huffman"
    for samples in (0, -1):
        with golden.raises(ShapeError, match="1"):
            mean_error(wc.algorithm("F(2,3)"), samples, 0)
