"""Kernels and packed weights of chains, made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.errors import FormatError, WincookError
from wincook.integrations.calibrated import calibrated
from wincook.integrations.onnx.chains.chain import Chain
from wincook.integrations.onnx.chains.fold import Filters, filters_from
from wincook.integrations.onnx.constants import Constants
from wincook.integrations.onnx.graph import Graph
from wincook.integrations.onnx.layers import layer_of_node
from wincook.integrations.onnx.operands import INTEGER
from wincook.kernels import Kernel, LayerPlan, Packed, make_plan
from wincook.kernels.compile import kernel_of
from wincook.layers import Layer
from wincook.log import LOGGER
from wincook.quantisation import Calibration

_KERNELS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Choice:
    """How layers are computed: as the arguments of those names of `Runner`."""

    max_error: float | None
    threads: int
    format: str


@dataclass(frozen=True, slots=True)
class _Scales:
    """Of a chain in a format of integers: the algorithm, the calibration, and what x and y are."""

    algorithm: str
    calibration: Calibration
    input_format: str
    output_format: str


class Kernels:
    """The kernels of a graph's chains."""

    def __init__(self, graph: Graph, constants: Constants, choice: Choice) -> None:
        self._graph, self._constants, self._choice = graph, constants, choice
        self._kernels: dict[tuple[Any, ...], Kernel] = {}
        self._filters: dict[str, Filters] = {}
        self._packed: dict[tuple[str, Kernel], Packed] = {}
        self._scales: dict[str, _Scales] = {}

    def filters(self, chain: Chain, value: Callable[[str], Any]) -> Filters:
        """Weights and bias: constant ones, which are the same object each time, or those of a call.

        Raises:
            DataError: they are not finite.
        """
        if any(name not in self._constants for name in chain.operands.kept):
            return Filters(*chain.operands.filters(value))
        if chain.y not in self._filters:
            self._filters[chain.y] = filters_from(chain, self._graph, self._constants)
        return self._filters[chain.y]

    def kernel(self, chain: Chain, layer: Layer) -> Kernel:
        """The kernel of a chain for a layer; errors as for `wincook.compile`."""
        key = layer, chain.epilogue, chain.y if chain.y in self._scales else chain.convolution.op_type == INTEGER
        if key not in self._kernels:
            if len(self._kernels) >= _KERNELS_KEPT:
                self._kernels.clear()
                self._packed.clear()
            self._kernels[key] = kernel_of(self._plan(chain, layer))
        return self._kernels[key]

    def packed(self, chain: Chain, kernel: Kernel, filters: Filters) -> Packed:
        """Constant ones are packed once; errors as for `Kernel.pack`."""
        scales = self._scales.get(chain.y)
        calibration = None if scales is None else scales.calibration
        if self._filters.get(chain.y) is not filters:
            return kernel.pack(filters.weights, filters.bias, calibration=calibration)
        key = chain.y, kernel
        if key not in self._packed:
            self._packed[key] = kernel.pack(filters.weights, filters.bias, calibration=calibration)
        return self._packed[key]

    def calibrate(self, chain: Chain, images: Sequence[Array], weights_shape: tuple[int, ...]) -> None:
        """Take the scales of a chain from what it is given, real numbers; one without kernels stays in float32.

        What the model says of integers around it is kept: then x and y are these.
        """
        choice, operands = self._choice, chain.operands
        constants = self._constants.of
        try:
            layer = layer_of_node(chain.convolution, images[0].shape, weights_shape)
            of_x, of_y = (operands.affine(constants, *names) for names in operands.around)
            algorithm, calibration = calibrated(layer, images, choice.format, x=of_x, y=of_y)
        except WincookError as reason:
            LOGGER.warning("%s stays in float32: %s", self._graph.place(chain.convolution), reason)
            return
        kinds = (np.asarray(constants(zero)).dtype.name if zero else "float32" for _, zero in operands.around)
        self._scales[chain.y] = _Scales(algorithm, calibration, *kinds)

    def _plan(self, chain: Chain, layer: Layer) -> LayerPlan:
        choice, scales = self._choice, self._scales.get(chain.y)
        common: Mapping[str, Any] = {"threads": choice.threads, "epilogue": chain.epilogue}
        if chain.convolution.op_type == INTEGER:  # direct sums alone are exact
            return make_plan(layer, "direct", **common)
        if scales is not None:
            return make_plan(
                layer,
                scales.algorithm,
                format=choice.format,
                input_format=scales.input_format,
                output_format=scales.output_format,
                **common,
            )
        if choice.format == "bfloat16":
            try:
                return make_plan(layer, format=choice.format, **common)
            except FormatError as reason:
                LOGGER.warning("%s stays in float32: %s", self._graph.place(chain.convolution), reason)
        return make_plan(layer, max_error=choice.max_error, **common)
