"""What the convolutions of a model cost in error and time on given inputs, and how far its outputs are off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, isnan, nan, sqrt
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.integrations.onnx.rest import Rest, compute
from wincook.integrations.onnx.runner import Call, Runner
from wincook.kernels.measurement.interleaved import timings
from wincook.kernels.measurement.trial import exact_output
from wincook.layers import Layer

_PRODUCTS = 5e7  # of a layer that are computed in float64
_SECONDS = 0.02  # that a layer is timed


@dataclass(frozen=True, slots=True)
class Measured:
    """The RMS of an error over the RMS of y, after all that the kernel does, and the seconds of a call."""

    error: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """Each convolution by the value that it makes; the largest error of the outputs over their largest number.

    `output_error` is NaN where no output is an array of floating-point numbers.
    """

    layers: Mapping[str, Measured]
    output_error: float


def measure(runner: Runner, inputs: Mapping[str, Array]) -> Measurement:
    """Run a model by wincook and by its engine alone.

    Raises:
        DataError: as for the runner.
    """
    layers: dict[str, Measured] = {}

    def watch(call: Call) -> None:
        layers[call.chain.y] = Measured(_error_of(call), _seconds_of(call))

    outputs = runner(inputs, watch=watch)
    expected = dict(inputs) | _expected(runner, inputs)
    errors = [
        _largest_error(np.asarray(outputs[name]), np.asarray(expected[name]))
        for name in runner.outputs
        if name in expected and np.asarray(expected[name]).dtype.kind == "f"
    ]
    return Measurement(layers, max(errors, default=nan))


def _expected(runner: Runner, inputs: Mapping[str, Array]) -> dict[str, Any]:
    """The outputs by the engine alone."""
    rest = Rest.of(runner.graph, runner.graph.nodes, frozenset(runner.outputs))
    read = {name: inputs[name] for name in rest.reads}
    made = compute(runner.graph, runner.engine, rest.computed_by(runner.engine, read), read)
    return dict(zip(rest.makes, made, strict=True))


def _largest_error(y: Array, expected: Array) -> float:
    """Where the expected ones are finite; infinity, if others are not."""
    finite = np.isfinite(expected)
    largest = float(np.abs(expected[finite]).max(initial=0))
    difference = float(np.abs(y[finite] - expected[finite]).max(initial=0))
    if isnan(difference):
        return inf
    return difference / largest if largest else difference


def _error_of(call: Call) -> float:
    """That of some filters, of as many as can be computed exactly in little time."""
    layer, epilogue, filters = call.kernel.plan.layer, call.chain.epilogue, call.filters
    some, channels, smaller = _portion(layer)
    if layer.transposed:
        weights = filters.weights[channels, some if layer.groups == 1 else slice(None)]
    else:
        weights = filters.weights[some]
    exact = exact_output(smaller, call.x[:, channels], weights)
    residual = None if call.residual is None else call.residual[:, some]
    bias = None if filters.bias is None else filters.bias[some]
    expected = finish(epilogue, exact.astype(np.float32), Operands(residual=residual), bias=bias).astype(float)
    size = float(np.mean(expected**2))
    return sqrt(float(np.mean((call.y[:, some] - expected) ** 2)) / size) if size else 0.0


def _portion(layer: Layer) -> tuple[slice, slice, Layer]:
    """Some filters, the channels that they see, and the layer that these are."""
    most = max(1, int(_PRODUCTS * layer.filters / max(1, layer.multiplications)))
    if layer.groups == 1:
        some = slice(0, layer.filters, -(-layer.filters // most))
        return some, slice(None), replace(layer, filters=len(range(layer.filters)[some]))
    filters, channels = layer.filters // layer.groups, layer.channels // layer.groups
    groups = min(layer.groups, max(1, most // filters))
    smaller = replace(layer, filters=groups * filters, channels=groups * channels, groups=groups)
    return slice(0, smaller.filters), slice(0, smaller.channels), smaller


def _seconds_of(call: Call) -> float:
    out = np.empty_like(call.y)
    (timing,) = timings([lambda: call.kernel(call.x, call.packed, out, residual=call.residual)], _SECONDS)
    return timing.least
