"""Kernels and packed weights of chains, made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.errors import FormatError, WincookError
from wincook.integrations.between import FLOATS, OF_FORMAT, Formats
from wincook.integrations.calibrated import observed
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
from wincook.quantisation import Affine, Calibration
from wincook.quantisation.observed import Observed

_KERNELS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Choice:
    """How layers are computed: as the arguments of those names of `Runner`."""

    max_error: float | None
    threads: int
    format: str


@dataclass(frozen=True, slots=True)
class _Scales:
    """Of a chain that was calibrated: what x and y are, with the scales of the model, if they are integers.

    And the algorithm, and what its calibrations are made of, if there are kernels.
    """

    algorithm: str
    observed: Observed | None
    x: Affine | None
    y: Affine | None
    input_format: str
    output_format: str


@dataclass(frozen=True, slots=True)
class Around:
    """The elements of x, y and a residual of a chain, and scales of integers among them in place of a calibration's."""

    formats: Formats = FLOATS
    x: Affine | None = None
    y: Affine | None = None
    residual: Affine | None = None


IN_FLOATS = Around()


class Kernels:
    """The kernels of a graph's chains."""

    def __init__(self, graph: Graph, constants: Constants, choice: Choice) -> None:
        self._graph, self._constants, self._choice = graph, constants, choice
        self._plans: dict[tuple[Any, ...], LayerPlan] = {}
        self._kernels: dict[LayerPlan, Kernel] = {}
        self._filters: dict[str, Filters] = {}
        self._packed: dict[tuple[str, Kernel, Around], Packed] = {}
        self._scales: dict[str, _Scales] = {}
        self._told = set[str]()

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

    def around(self, chain: Chain) -> Around:
        """What a chain reads and writes because the model says so, once it was calibrated: integers, or floats."""
        scales = self._scales.get(chain.y)
        if scales is None:
            return IN_FLOATS
        kind_added, of_added = self._added(chain)
        formats = Formats(scales.input_format, scales.output_format, kind_added)
        if scales.observed is not None:  # it has those of x and y
            return Around(formats, residual=of_added)
        return Around(formats, *self._given(chain), residual=of_added)

    def calibration(self, chain: Chain, x: Affine | None = None) -> Calibration | None:
        """Its scales, if it has products of integers: for x of integers with such a scale, or as the model has it."""
        scales = self._scales.get(chain.y)
        if scales is None or scales.observed is None:
            return None
        return scales.observed.calibration(x or scales.x, scales.y)

    def kind(self, chain: Chain) -> str | None:
        """The narrow elements that go with its format, if there are any."""
        return None if chain.convolution.op_type == INTEGER else OF_FORMAT.get(self._choice.format)

    def plan(self, chain: Chain, layer: Layer, formats: Formats) -> LayerPlan:
        """That of its kernel for a layer; errors as for `wincook.kernels.make_plan`."""
        key = (
            layer,
            chain.epilogue,
            chain.y if chain.y in self._scales else chain.convolution.op_type == INTEGER,
            formats,
        )
        if key not in self._plans:
            if len(self._plans) >= _KERNELS_KEPT:
                for kept in (self._plans, self._kernels, self._packed):
                    kept.clear()
            self._plans[key] = self._planned(chain, layer, formats)
        return self._plans[key]

    def kernel(self, chain: Chain, layer: Layer, formats: Formats) -> Kernel:
        """The kernel of a chain for a layer; errors as for `wincook.compile`."""
        plan = self.plan(chain, layer, formats)
        if plan not in self._kernels:
            self._kernels[plan] = kernel_of(plan)
        return self._kernels[plan]

    def packed(self, chain: Chain, kernel: Kernel, filters: Filters, around: Around) -> Packed:
        """Constant ones are packed once; errors as for `Kernel.pack`."""
        if self._filters.get(chain.y) is not filters:
            return self._pack(chain, kernel, filters, around)
        key = chain.y, kernel, around
        if key not in self._packed:
            self._packed[key] = self._pack(chain, kernel, filters, around)
        return self._packed[key]

    def _pack(self, chain: Chain, kernel: Kernel, filters: Filters, around: Around) -> Packed:
        calibration = self.calibration(chain, around.x)
        scales: dict[str, Any] = {"y": around.y, "residual": around.residual}
        scales |= {"x": around.x} if calibration is None else {"calibration": calibration}
        return kernel.pack(filters.weights, filters.bias, **scales)

    def calibrate(self, chain: Chain, images: Sequence[Array], weights_shape: tuple[int, ...]) -> None:
        """Take the scales of a chain from what it is given, real numbers; one without kernels stays in float32.

        What the model says of integers around it is kept: then x and y are these.
        """
        choice, operands = self._choice, chain.operands
        constants = self._constants.of
        try:
            layer = layer_of_node(chain.convolution, images[0].shape, weights_shape)
            algorithm, shown = observed(layer, images, choice.format, threads=choice.threads)
            of_x, of_y = self._given(chain)
            shown.calibration(of_x, of_y)  # errors are told now
            found: tuple[str, Observed | None, Affine | None, Affine | None] = algorithm, shown, of_x, of_y
        except WincookError as reason:
            LOGGER.warning("%s stays in float32: %s", self._graph.place(chain.convolution), reason)
            found = "", None, None, None
        kinds = (np.asarray(constants(zero)).dtype.name if zero else "float32" for _, zero in operands.around)
        self._scales[chain.y] = _Scales(*found, *kinds)

    def _given(self, chain: Chain) -> tuple[Affine | None, Affine | None]:
        """The scales of x and y that the model has."""
        of_x, of_y = (chain.operands.affine(self._constants.of, *names) for names in chain.operands.around)
        return of_x, of_y

    def _added(self, chain: Chain) -> tuple[str, Affine | None]:
        """The integers of a residual, and their scale; None for one that is no integers."""
        if chain.added is None:
            return "float32", None
        scale, zero = map(self._constants.of, chain.added.input[1:])
        return zero.dtype.name, Affine(float(scale), int(zero))

    def _planned(self, chain: Chain, layer: Layer, formats: Formats) -> LayerPlan:
        choice, scales = self._choice, self._scales.get(chain.y)
        common: Mapping[str, Any] = {
            "threads": choice.threads,
            "epilogue": chain.epilogue,
            **{f"{name}_format": kind for name, kind in zip(("input", "output", "residual"), formats, strict=True)},
        }
        if chain.convolution.op_type == INTEGER:  # direct sums alone are exact
            return make_plan(layer, "direct", **common)
        if scales is not None and scales.observed is not None:
            return make_plan(layer, scales.algorithm, format=choice.format, **common)
        if choice.format == "bfloat16":
            try:
                return make_plan(layer, format=choice.format, **common)
            except FormatError as reason:
                if chain.y not in self._told:
                    LOGGER.warning("%s stays in float32: %s", self._graph.place(chain.convolution), reason)
                self._told.add(chain.y)
        return make_plan(layer, max_error=choice.max_error, **common)
