"""What int8 and int16 lose on even and uneven channels, by the kind of scales: the table of docs/int8.md.

    python -m benchmarks.calibration [--channels 128] [--size 28] [--seed 3]

Layers of 3x3 with as many filters as channels, calibrated on eight images and measured on another, through numpy: by
`wincook.analysis.analyse_calibration`, whose arithmetic is that of the kernels, bit for bit. y is of float32, and x of
uint8 where nothing else is said; direct int8 has one scale for x and one for each filter.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import wincook as wc
from wincook.analysis import CalibrationReport, analyse_calibration
from wincook.quantisation import Affine, calibrate

ALGORITHMS = {
    "F(2x2) 16": "F(2x2,3x3)",
    "F(4x4) 49": ("F(4x4,3x3)", "0, ±1, x^2+1, ∞"),
    "F(4x4) 36": ("F(4x4,3x3)", "0, ±5/8, ±3/2, ∞"),
}
SCALES: dict[str, dict[str, Any]] = {
    "by tap": {"input_scales": "tap"},
    "by tap, no margin": {"input_scales": "tap", "margin": 1},
    "by tap and channel": {},
    "the same, x float32": {"input_format": "float32"},
    "the same, margin 1.1": {"margin": 1.1},
    "powers of two": {"powers_of_two": True},
    "int16": {"format": "int16"},
}
LAWS = ("even", "uneven", "uneven, smooth in space")
CALIBRATED = 8  # images


def data(law: str, layer: wc.Layer, seed: int) -> tuple[Any, Any]:
    """Images, the last of which is not for calibration, and weights.

    Even: half-normal and normal. Uneven: ReLU of normal, times channel scales that are lognormal (0.7); weights are
    Student's t of 5 degrees of freedom, times filter scales that are lognormal (0.5).
    """
    rng = np.random.default_rng(seed)
    channels, (height, width) = layer.channels, layer.size
    weights = rng.standard_normal(layer.weight_shape)
    sizes = np.exp(0.7 * rng.standard_normal(channels))[:, None, None]
    if law == "even":
        return np.abs(rng.standard_normal((CALIBRATED + 1, channels, height, width))), weights
    weights = rng.standard_t(5, layer.weight_shape) * np.exp(0.5 * rng.standard_normal(channels))[:, None, None, None]
    noise = rng.standard_normal((CALIBRATED + 1, channels, height + 4, width + 4))
    if law == LAWS[2]:
        noise = np.lib.stride_tricks.sliding_window_view(noise, (5, 5), axis=(2, 3)).sum(axis=(4, 5)) / 5
    return np.maximum(noise[:, :, :height, :width], 0) * sizes, weights


def report(
    layer: wc.Layer, drawn: tuple[Any, Any], algorithm: Any, input_format: str = "uint8", **options: Any
) -> CalibrationReport:
    """Calibrated on all images but the last, and measured on that."""
    images, weights = drawn
    x = Affine.covering(0, images[:CALIBRATED].max()) if input_format == "uint8" else None
    calibration = calibrate(layer, algorithm, images[:CALIBRATED], x=x, **options)
    return analyse_calibration(
        calibration, algorithm, layer=layer, images=images[CALIBRATED:], weights=weights, input_format=input_format
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--channels", type=int, default=128)
    parser.add_argument("--size", type=int, default=28)
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args()
    layer = wc.Layer(given.channels, given.channels, (given.size, given.size), (3, 3), padding=1)
    print(f"{layer}: measured / predicted, dB")
    for law in LAWS:
        drawn = data(law, layer, given.seed)
        for name, algorithm in ALGORITHMS.items():
            several = {scales: report(layer, drawn, algorithm, **options) for scales, options in SCALES.items()}
            figures = "; ".join(
                f"{scales} {each.measured:.1f} / {each.predicted:.1f}" for scales, each in several.items()
            )
            print(f"{law:24} {name:10} direct int8 {next(iter(several.values())).direct:.1f}; {figures}", flush=True)


if __name__ == "__main__":
    main()
