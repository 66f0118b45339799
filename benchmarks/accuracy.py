"""Kernels on random layers, judged by torch in float64: how near the errors come to what the analyser says.

    python benchmarks/accuracy.py [--layers 100] [--seed 0]

Odd sizes, C and K from 1 to 130, padding 0 to 3, both layouts, uniform data. For each layer the largest error is held
against the rigorous bound, and the RMS error against the prediction.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import torch

import wincook as wc
from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.data.distributions import UNIFORM
from wincook.analysis.prediction.predict import predict
from wincook.formats import FLOAT32

TILES = {1: "F(1x1,1x1)", 3: "F(4x4,3x3)", 5: "F(4x4,5x5)"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Largest error over bound, and RMS error over prediction, of one layer."""

    of_bound: float
    of_prediction: float


def judge(rng: np.random.Generator) -> Verdict:
    """One random layer."""
    taps = int(rng.choice(list(TILES)))
    layer = wc.Layer(
        channels=int(rng.integers(1, 131)),
        filters=int(rng.integers(1, 131)),
        size=(int(rng.integers(taps, 60)), int(rng.integers(taps, 60))),
        kernel=(taps, taps),
        padding=int(rng.integers(0, 4)),
        layout="NCHW" if rng.integers(2) else "NHWC",
    )
    algorithm = wc.algorithm(TILES[taps])
    x = rng.uniform(-1, 1, layer.input_shape).astype(np.float32)
    weights = rng.uniform(-1, 1, layer.weight_shape).astype(np.float32)
    kernel = wc.compile(layer, algorithm)
    y = kernel(x, kernel.pack(weights)).astype(np.float64)
    if layer.layout == "NHWC":
        x, y = np.moveaxis(x, -1, 1), np.moveaxis(y, -1, 1)
    exact = torch.nn.functional.conv2d(
        torch.from_numpy(np.ascontiguousarray(x)).double(),
        torch.from_numpy(weights).double(),
        padding=[before for before, _ in layer.pads],
    ).numpy()
    errors = np.abs(y - exact)
    return Verdict(
        of_bound=float(errors.max()) / error_bound(algorithm, FLOAT32, layer.channels),
        of_prediction=float(np.sqrt(np.mean(np.square(errors))))
        / predict(algorithm, FLOAT32, layer.channels, UNIFORM).rms,
    )


def main() -> None:
    """Judge the layers and print the extremes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--layers", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    verdicts = [judge(rng) for _ in range(arguments.layers)]
    worst = max(verdict.of_bound for verdict in verdicts)
    ratios = np.array([verdict.of_prediction for verdict in verdicts])
    print(f"{len(verdicts)} layers: every error within the bound: {worst <= 1}; the nearest came to {worst:.2%} of it")
    print(
        f"RMS error / predicted: median {np.median(ratios):.2f}, from {ratios.min():.2f} to {ratios.max():.2f} "
        "(padding adds zeros, which add no error)"
    )


if __name__ == "__main__":
    main()
