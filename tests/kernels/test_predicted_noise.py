"""Kernels in narrow formats leave as much noise as is predicted, over many outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.analysis import snr_of_law
from wincook.analysis.quantisation.predict_snr import predict_snr
from wincook.quantisation import Affine, calibrate

F23, F43 = "F(2x2,3x3)", "F(4x4,3x3)"
POINTS = {16: (F23, "0, ±1, ∞"), 36: (F43, "0, ±2/3, ±3/2, ∞"), 49: (F43, "0, ±1, x^2+1, ∞")}  # by products
CODES = [("bfloat16", 16), ("bfloat16", 36), ("bfloat16", 49), ("int8", 16), ("int8", 36), ("int8", 49), ("int16", 36)]


def after_relu(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """What the law `relu` draws."""
    return np.maximum(rng.standard_normal(shape), 0).astype(np.float32)


@pytest.mark.nightly
@pytest.mark.parametrize(("format", "products"), CODES)
def test_ten_million_outputs_are_within_the_predicted_noise(format: str, products: int) -> None:
    layer, rng = wc.Layer(64, 64, (56, 56), (3, 3), padding=1, layout="NHWC"), np.random.default_rng(0)
    tile, points = POINTS[products]
    algorithm = wc.algorithm(tile, points)
    weights = (rng.standard_normal(layer.weight_shape) * np.sqrt(2 / (9 * 64))).astype(np.float32)
    exact = wc.compile(layer, F23, threads=1)  # in float32, which errs a thousandth as much
    known: dict[str, Any] = {}
    if format == "bfloat16":
        kernel = wc.compile(layer, algorithm, format=format, threads=1)
        predicted = snr_of_law(algorithm, format, 64, "relu")
    else:
        images = after_relu(rng, (8, *layer.input_shape[1:]))
        known["calibration"] = calibrate(layer, algorithm, images, format=format, x=Affine.covering(0, images.max()))
        kernel = wc.compile(layer, algorithm, format=format, input_format="uint8", threads=1)
        predicted = predict_snr(known["calibration"], algorithm, weights, input_format="uint8")
    packed, packed_exactly = kernel.pack(weights, **known), exact.pack(weights)
    count, signal, noise = 0, 0.0, 0.0
    while count < 10**7:
        x = after_relu(rng, layer.input_shape)
        y = exact(x, packed_exactly)
        errors = kernel(known["calibration"].x.quantised(x, "uint8") if known else x, packed) - y
        count, signal = count + y.size, signal + float(np.square(y, dtype=float).sum())
        noise += float(np.square(errors, dtype=float).sum())
    measured = 10 * np.log10(signal / noise)
    assert abs(measured - predicted) < 1
