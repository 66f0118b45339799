"""Models of ONNX that run: convolutions by wincook, all else by onnxruntime or the reference evaluator of onnx."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from wincook.arguments import choice, mapping
from wincook.arrays import Array
from wincook.errors import DataError, WincookError, quoted
from wincook.files import given_path, path_text
from wincook.formats import Format
from wincook.integrations.between import BETWEEN, OF_FORMAT
from wincook.integrations.calibrated import INTEGERS
from wincook.integrations.onnx.chains.chain import Chain, chains_of
from wincook.integrations.onnx.chains.fold import Filters
from wincook.integrations.onnx.chains.kernels import Around, Choice, Kernels
from wincook.integrations.onnx.chains.narrow import Between, in_floats, narrow_between
from wincook.integrations.onnx.chains.uses import Uses
from wincook.integrations.onnx.graph import read_graph, shapes_with
from wincook.integrations.onnx.layers import known_layer, layer_of_node
from wincook.integrations.onnx.operands import INTEGER, Value
from wincook.integrations.onnx.rest import Compute, Engine, compute, engine_of
from wincook.integrations.onnx.schedule import steps_of
from wincook.kernels import Kernel, Packed
from wincook.kernels.choice.error_limit import error_limit
from wincook.kernels.make_plan import check_threads
from wincook.kernels.plans.formats import product_format
from wincook.kernels.target import Target


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of a kernel: the chain that it computes, and arrays as `Kernel.__call__` takes and gives them."""

    chain: Chain
    kernel: Kernel
    packed: Packed
    filters: Filters
    x: Array
    residual: Array | None
    y: Array


Watch = Callable[[Call], None]
_Sizes = tuple[tuple[int, ...], ...]
_SIZES_KEPT = 256


class Runner:
    """A model whose convolutions are computed by wincook's kernels.

    Each takes over what its kernel can do of the nodes after it: batch normalisation, a sum with another value, an
    activation, and pooling of 2×2 squares. Those of integers, QLinearConv, ConvInteger, and Conv between nodes that
    dequantise and quantise, are computed in the real numbers that the integers stand for. Other convolutions, as those
    in branches, stay with the engine. Kernels are made for the shapes of a call when they first come, so that all sizes
    may be open.

    >>> from onnx import helper
    >>> x, w, y = (helper.make_tensor_value_info(name, 1, None) for name in "xwy")
    >>> node = helper.make_node("Conv", ["x", "w"], ["y"])
    >>> model = helper.make_model(helper.make_graph([node], "layer", [x, w], [y]))
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(f"{folder}/layer.onnx").write_bytes(model.SerializeToString())
    ...     runner = Runner(f"{folder}/layer.onnx")
    >>> ones = np.ones((1, 1, 3, 3), np.float32)
    >>> runner({"x": ones, "w": ones})["y"].ravel().tolist()
    [9.0]
    """

    def __init__(
        self,
        model: str | Path,
        *,
        max_error: float | str | None = None,
        threads: int | None = None,
        engine: Engine | str | None = None,
        format: Format | str = "float32",
        calibrate_with: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        between: str = "narrow",
    ) -> None:
        """Read a model.

        Args:
            model: a file of ONNX.
            max_error: as for `wincook.compile`.
            threads: likewise.
            engine: `onnxruntime` or `reference` for all other nodes; left out, onnxruntime if it is installed.
            format: of the products: float32, bfloat16, int8 or int16. A convolution without a kernel in a narrow format
                stays in float32, which is told by a warning of the logger `wincook`.
            calibrate_with: for int8 and int16, inputs like those that the model will have, or several in turn, from
                which scales are taken. Eight images serve; a single one is too few. Scales of x and y that the model
                has are kept: its integers are then what kernels read and write.
            between: what convolutions hand on to one another in a narrow format: `narrow` elements, bfloat16, float16
                for int16, integers of 8 bits for int8, or `float32`, more exact and slower.

        Raises:
            NotationError: no path, no limit, an unknown engine, or something else between convolutions.
            FormatError: a format without kernels.
            OutputError: the file cannot be read.
            DataError: it is no model or a damaged one, or its weights are; or nothing to calibrate with, where it is
                needed.
            TargetError: threads that this machine does not have.
            MissingExtraError: the engine is not installed.
        """
        self.graph = graph = read_graph(given_path("model", model))
        self.engine = engine_of(engine)
        self.max_error = None if max_error is None else error_limit(max_error)
        self.threads = check_threads(threads, Target.of(None))
        uses = Uses.of(graph)
        self.constants = uses.constants
        self.chains = chains_of(graph, uses)
        self._steps = steps_of(graph, self.chains, self.constants)
        self._computed: dict[int, Compute] = {}
        made = Choice(self.max_error, self.threads, product_format(format))
        self._kernels = Kernels(graph, self.constants, made)
        self._floats = in_floats(self.chains, self._kernels)
        self._between: dict[_Sizes, Between] = {}
        self._is_narrow = False  # until it is calibrated
        self._ends: dict[str, tuple[float, float]] = {}
        is_narrow = choice("between", between, BETWEEN) == BETWEEN[0] and made.format in OF_FORMAT
        if made.format in INTEGERS:
            if calibrate_with is None:
                raise DataError(
                    f"{made.format} needs scales; give inputs like those that the model will have: "
                    "Runner(path, format='int8', calibrate_with={'x': images})"
                )
            self._calibrate(calibrate_with)
            self._floats = in_floats(self.chains, self._kernels)
        self._is_narrow = is_narrow

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of what a call is given."""
        return tuple(value.name for value in self.graph.inputs)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of what it gives."""
        return self.graph.outputs

    def __call__(self, inputs: Mapping[str, Any], *, watch: Watch | None = None) -> dict[str, Any]:
        """The outputs of the model by name.

        Args:
            inputs: arrays by name, of the types that the model asks for.
            watch: what is told of each call of a kernel.

        Raises:
            NotationError: no mapping.
            DataError: an input is missing or unknown, a convolution has no
                layer or weights that are not finite, or the engine fails.
        """
        values = self._given(inputs)
        between = self._between_of(values)
        for number, step in enumerate(self._steps):
            if isinstance(step, Chain):
                call = self._called(step, values, between.around[step.y])
                values[step.y] = self._output(call, values)
                if watch is not None:
                    watch(call)
                continue
            read = {name: between.widened(name, values[name]) for name in step.reads}
            if number not in self._computed:
                self._computed[number] = step.computed_by(self.engine, read)
            made = compute(self.graph, self.engine, self._computed[number], read)
            values |= {name: between.narrowed(name, value) for name, value in zip(step.makes, made, strict=True)}
        return {name: values[name] if name in values else self.constants.of(name) for name in self.outputs}

    def _given(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        given = mapping("inputs", inputs, "{'x': array}")
        for name in self.inputs:
            if name not in given:
                raise DataError(f"{path_text(self.graph.file)} has an input {quoted(name)}, which is not given")
        for name in given:
            if name not in self.inputs:
                known = ", ".join(map(quoted, self.inputs))
                raise DataError(f"{path_text(self.graph.file)} has no input {quoted(name)}; it has {known}")
        return dict(given)

    def _between_of(self, values: Mapping[str, Any]) -> Between:
        """What chains hand on to one another where inputs have these sizes."""
        if not self._is_narrow:
            return self._floats
        sizes = tuple(np.shape(values[name]) for name in self.inputs)
        if sizes not in self._between:
            if len(self._between) >= _SIZES_KEPT:
                self._between.clear()
            shapes = shapes_with(self.graph, dict(zip(self.inputs, sizes, strict=True)))
            layers = {chain.y: layer for chain in self.chains if (layer := known_layer(chain.convolution, shapes))}
            self._between[sizes] = narrow_between(self.graph, self.chains, self._kernels, layers, self._ends)
        return self._between[sizes]

    def _called(self, chain: Chain, values: dict[str, Any], around: Around) -> Call:
        node, operands, value = chain.convolution, chain.operands, partial(self._value, values)
        filters = self._kernels.filters(chain, value)
        try:
            layer = layer_of_node(node, np.shape(value(operands.x)), filters.weights.shape)
            kernel = self._kernels.kernel(chain, layer, around.formats)
            packed = self._kernels.packed(chain, kernel, filters, around)
            residual = self._residual(chain, kernel, value)
            x = operands.image(value) if kernel.plan.input_format == "float32" else np.asarray(value(operands.x))
            if residual is not None:
                residual = np.broadcast_to(residual, kernel.plan.layer.output_shape)
            return Call(chain, kernel, packed, filters, x, residual, kernel(x, packed, residual=residual))
        except (WincookError, ValueError) as error:  # ValueError: a residual that is larger
            raise DataError(f"{self.graph.place(node)}: {error}") from error

    def _residual(self, chain: Chain, kernel: Kernel, value: Value) -> Any:
        """What is added, as the kernel reads it; None for nothing."""
        if chain.added is None:
            return value(chain.residual) if chain.residual else None
        integers, *steps = chain.added.input
        is_read = kernel.plan.residual_format != "float32"
        added = chain.operands.affine(value, *steps)
        return value(integers) if is_read or added is None else added.real(value(integers))

    def _output(self, call: Call, values: dict[str, Any]) -> Array:
        """What the nodes of a chain give."""
        if call.chain.convolution.op_type == INTEGER:
            return np.rint(call.y).astype(np.int32)
        if call.kernel.plan.output_format != "float32":
            return call.y
        return call.chain.operands.output(partial(self._value, values), call.y)

    def _calibrate(self, calibrate_with: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
        """Run the model in float32, and take the scales of each chain from what it is given."""
        calls = [calibrate_with] if isinstance(calibrate_with, Mapping) else calibrate_with
        seen: dict[str, list[Call]] = {chain.y: [] for chain in self.chains}
        for inputs in calls:
            self(inputs, watch=lambda call: seen[call.chain.y].append(call))
        for chain in self.chains:
            images, made = ([getattr(call, name) for call in seen[chain.y]] for name in ("x", "y"))
            if made:
                self._ends[chain.y] = float(min(map(np.min, made))), float(max(map(np.max, made)))
            if chain.convolution.op_type != INTEGER and images:
                self._kernels.calibrate(chain, images, seen[chain.y][0].filters.weights.shape)

    def _value(self, values: dict[str, Any], name: str) -> Any:
        return values[name] if name in values else self.constants.of(name)
