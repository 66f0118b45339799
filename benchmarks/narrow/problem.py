"""The layers of the comparison with data of a law, and what direct convolution in float64 makes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.contender import Array, Task
from benchmarks.peers.reference import reference
from wincook import Layer
from wincook.layers import Layout

Law = Literal["half-normal", "uneven"]
"""Half-normal x and weights as He et al. initialise them; or channels and filters that differ by lognormal factors,
x after a ReLU and weights of Student's t with five degrees of freedom."""

LAWS: tuple[Law, ...] = get_args(Law)
LAYERS = {"64x56": (64, 56), "128x28": (128, 28), "256x56": (256, 56), "256x14": (256, 14), "512x28": (512, 28)}
_SEED = 7
_CALIBRATING = 8  # images
_CHANNEL_SPREAD, _FILTER_SPREAD = 0.7, 0.5  # standard deviations of logarithms
_FREEDOM = 5


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A 3×3 layer of as many filters as channels, an image, weights, other images to calibrate on, and y exactly.

    `exact` is (N, K, *out), whatever the layout of the layer; the images are in that layout. Where x is uint8, it has
    the scale and no zero point: that of the image itself on half-normal data, and else that of calibration.
    """

    name: str
    layer: Layer
    x: Array
    weights: Array
    calibrating: Array
    exact: NDArray[np.float64]
    x_scale: float

    def in_layout(self, layout: Layout) -> Problem:
        """The same in another layout."""
        if layout == self.layer.layout:
            return self
        moved = (np.ascontiguousarray(np.moveaxis(x, *_MOVES[layout])) for x in (self.x, self.calibrating))
        x, calibrating = moved
        return replace(self, layer=replace(self.layer, layout=layout), x=x, calibrating=calibrating)

    def snr(self, y: NDArray[Any]) -> float:
        """Decibels of an output (N, K, *out): 10 log10 of the sum of squares of y over that of the errors."""
        errors = y.astype(np.float64) - self.exact
        return float(10 * np.log10(np.sum(self.exact**2) / np.sum(errors**2)))


_MOVES: dict[Layout, tuple[int, int]] = {"NCHW": (-1, 1), "NHWC": (1, -1)}


def problem(name: str, law: Law = "half-normal") -> Problem:
    """A layer with its data, NHWC."""
    channels, size = LAYERS[name]
    layer = Layer(channels, channels, (size, size), (3, 3), 1, layout="NHWC")
    rng = np.random.default_rng(_SEED)
    each = np.exp(_CHANNEL_SPREAD * rng.standard_normal(channels)) if law == "uneven" else np.ones(channels)
    x = _images(rng, layer, 1, each, law)
    weights = (_weights(rng, layer, law) * np.sqrt(2 / (9 * channels))).astype(np.float32)
    calibrating = _images(rng, layer, _CALIBRATING, each, law)
    first = np.moveaxis(x, -1, 1)
    exact = reference(Task(replace(layer, layout="NCHW"), first, weights, 1))
    largest = (x if law == "half-normal" else calibrating).max()
    return Problem(name, layer, x, weights, calibrating, exact, float(largest / 255))


def _images(rng: np.random.Generator, layer: Layer, number: int, each: NDArray[np.float64], law: Law) -> Array:
    normal = rng.standard_normal((number, *layer.input_shape[1:]))
    positive = np.abs(normal) if law == "half-normal" else np.maximum(normal, 0)
    return (positive * each).astype(np.float32)


def _weights(rng: np.random.Generator, layer: Layer, law: Law) -> NDArray[np.float64]:
    if law == "half-normal":
        return rng.standard_normal(layer.weight_shape)
    spread = np.exp(_FILTER_SPREAD * rng.standard_normal(layer.filters))
    return rng.standard_t(_FREEDOM, layer.weight_shape) * spread[:, None, None, None]
