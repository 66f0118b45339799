"""A layer with narrow products, as kernels compute it in every bit: by the interpreter, group by group."""

from __future__ import annotations

from typing import Any

import numpy as np

from wincook.analysis.measurement.simulate_direct import simulate_direct
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.arrays import Array
from wincook.kernels.plans.plan import Plan
from wincook.layers import Layer, Phases
from wincook.layers.reduction import filters_first
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.subject import plain_of


def simulated(kernel: Plan, layer: Layer, x: Array, weights: Array, calibration: Calibration | None) -> Array:
    """The convolution, (N, K, *out), by a kernel of one group of a layer, or of one of its phases.

    Args:
        kernel: whose products these are.
        layer: with two axes.
        x: as the layer has it.
        weights: likewise, (K, C/groups, *kernel), or (C, K/groups, *kernel) if it is transposed.
        calibration: of whole numbers, of all channels.
    """
    plain, phases = plain_of(layer), Phases(layer) if layer.transposed else None
    filters = weights if phases is None else phases.weights(filters_first(weights, layer))
    channels_at = -1 if layer.layout == "NHWC" else 1
    shares = zip(np.split(x, layer.groups, channels_at), np.split(filters, layer.groups), strict=True)
    groups = []
    for channels, (image, taps) in zip(plain.channels_of_groups, shares, strict=True):
        given: dict[str, Any] = {"layer": plain.of_group, "x": image, "weights": taps}
        given["calibration"] = None if calibration is None else calibration.of_channels(channels)
        format = "float32" if calibration else f"{kernel.format}-dot"
        groups.append(
            simulate_direct(format, **given) if kernel.sums_terms else simulate(kernel.algorithm, format, **given)
        )
    y = np.concatenate(groups, channels_at)
    if phases is not None:
        outputs, y = y, np.empty(layer.output_shape, y.dtype)
        phases.interleave(outputs, y)
    return np.moveaxis(y, -1, 1) if layer.layout == "NHWC" else y
