"""From a model of ONNX to a folder: a library for C of its convolutions, its graph as JSON, and its weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wincook.arguments import flag, whole_number
from wincook.emit.library.emit_library import emit_library
from wincook.emit.library.folder import check_folder, filled
from wincook.errors import AlgorithmError, DataError, ShapeError
from wincook.files import given_path, path_text
from wincook.identifier import identifier
from wincook.integrations.onnx.chains.chain import Chain
from wincook.integrations.onnx.chains.fold import filters_from
from wincook.integrations.onnx.converted.document import (
    Kernelled,
    graph_document,
    graph_file,
    placed_filters,
    weights_file,
)
from wincook.integrations.onnx.converted.inputs import inputs_of
from wincook.integrations.onnx.converted.measure import Measured, measure
from wincook.integrations.onnx.graph import Shape, name_of, shapes_of
from wincook.integrations.onnx.layers import ModelLayer, convolutions_of, model_layer
from wincook.integrations.onnx.operands import INTEGER, QUANTISED
from wincook.integrations.onnx.rest import Engine
from wincook.integrations.onnx.runner import Runner
from wincook.kernels import LayerPlan, make_plan
from wincook.kernels.choice.choose import choice_of
from wincook.kernels.choice.machine import Machine
from wincook.kernels.codegen.native.machine import machine_of
from wincook.kernels.make_plan import relative_error_of
from wincook.kernels.plans.plan import AXES
from wincook.layers import Layer


@dataclass(frozen=True, slots=True)
class ConvertedLayer:
    """A convolution of a model: the nodes that it stands for, its kernel, errors as RMS over that of y, and seconds."""

    name: str
    nodes: tuple[str, ...]
    layer: Layer
    epilogue: str
    algorithms: str
    kernel: str
    predicted_error: float
    measured_error: float
    predicted_seconds: float
    measured_seconds: float


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was made of a model: the folder, all files in it, and each convolution in order.

    `output_error` is the largest error of the outputs over their largest number, beside the whole model by `engine`;
    NaN if no output is of floating-point numbers. `unlinked` says what stands in the way of linking, if anything.
    """

    folder: Path
    graph: Path
    files: tuple[str, ...]
    layers: tuple[ConvertedLayer, ...]
    kernels: int
    output_error: float
    engine: Engine
    unlinked: str = ""

    @property
    def predicted_seconds(self) -> float:
        """Of all convolutions."""
        return sum(each.predicted_seconds for each in self.layers)

    @property
    def measured_seconds(self) -> float:
        """Of all convolutions."""
        return sum(each.measured_seconds for each in self.layers)


def convert(  # noqa: PLR0913 (what is decided of a conversion)
    model: str | Path,
    folder: str | Path,
    *,
    max_error: float | str | None = None,
    inputs: Mapping[str, Any] | str | Path | None = None,
    batch: int | None = None,
    threads: int | None = None,
    engine: Engine | str | None = None,
    machine: str | None = None,
    name: str | None = None,
    seed: int = 0,
    force: bool = False,
) -> Conversion:
    """Turn the convolutions of a model into a library for C, measure them, and write all of it into a folder.

    Each kernel takes over what it can of the nodes after a convolution, as `Runner` says. The folder holds the library,
    as `wincook.emit_library` writes it, a graph as JSON that tells which nodes which kernel stands for, and weights.
    The same model gives the same bytes.

    Args:
        model: a file of ONNX, with weights that are constant and sizes that are fixed, but for the batch.
        folder: where to; it must be new or empty, but for `force`.
        max_error: as for `wincook.compile`, for each layer.
        inputs: arrays by name, or an .npz file of them, that errors are measured on; left out, random ones.
        batch: how many images, where the model leaves it open; one if left out. The library takes any number.
        threads: as for `wincook.compile`, for what is measured.
        engine: what runs all other nodes, as for `Runner`.
        machine: as for `wincook.emit_library`.
        name: likewise; left out, that of the model's file.
        seed: of random inputs.
        force: as for `wincook.emit_library`.

    Raises:
        NotationError: no path, no limit, an unknown engine, a name that is no C identifier, or `force` that is no flag.
        OutputError: the model cannot be read, or the folder is not empty or cannot be written.
        DataError: no model or a damaged one; one without convolutions, with one in a branch or of another kind than
            Conv and ConvTranspose of float32, with sizes that are not fixed, or weights that are not constant or not
            finite; inputs that do not fit; or the engine fails.
        AlgorithmError: nothing computes a layer within `max_error`.
        ShapeError: no batch, or a layer of more than two axes.
        TargetError: threads that this machine does not have, or an unknown machine.
        MissingExtraError: the engine is not installed.
    """
    place = given_path("folder", folder)
    check_folder(place, force=flag("force", force))
    machine = machine_of(machine).name  # an unknown one is told before anything is measured
    runner = Runner(model, max_error=max_error, threads=threads, engine=engine)
    library = identifier(_default_name(runner.graph.file) if name is None else name)
    shapes = shapes_of(runner.graph, None if batch is None else whole_number("batch", batch))
    layers = _layers(runner, shapes)
    convolutions = _kernelled(runner, layers)
    given = inputs_of(runner.graph, shapes, inputs, whole_number("seed", seed, 0))
    measured = measure(runner, given)
    placed = placed_filters(convolutions)
    plans = {each.key: each.plan for each in convolutions}
    with filled(place) as fresh:
        emitted = emit_library(plans, fresh, name=library, machine=machine)
        (fresh / weights_file(library)).write_bytes(placed.contents)
        text = graph_document(runner.graph, shapes, convolutions, library, placed)
        (fresh / graph_file(library)).write_text(text, encoding="utf-8")
        files = tuple(sorted(file.name for file in fresh.iterdir()))
    return Conversion(
        place,
        place / graph_file(library),
        files,
        tuple(_converted(each, library, measured.layers[each.chain.y]) for each in convolutions),
        len(plans),
        measured.output_error,
        runner.engine,
        emitted.unlinked.replace(path_text(fresh), path_text(place)),  # it says where to run make
    )


def _default_name(file: Path) -> str:
    """The name of a file, as far as it can be an identifier."""
    letters = re.sub(r"[^A-Za-z0-9]+", "_", file.stem).strip("_")[:40].lower()
    return letters if letters[:1].isalpha() else f"model_{letters}".rstrip("_")


def _layers(runner: Runner, shapes: dict[str, Shape]) -> tuple[ModelLayer, ...]:
    """The layers of all chains.

    Raises:
        DataError: a convolution has none.
    """
    chained = {chain.convolution.output[0] for chain in runner.chains}
    nodes = convolutions_of(runner.graph)
    for node in nodes:
        if node.op_type in {QUANTISED, INTEGER}:
            raise DataError(
                f"{runner.graph.place(node)} is a {node.op_type}, and libraries read and write real numbers; export "
                "the model with QuantizeLinear and DequantizeLinear around Conv, or run it by Runner"
            )
        if node.output[0] not in chained:
            raise DataError(f"{runner.graph.place(node)} is no convolution of float32; export the model in float32")
    return tuple(model_layer(runner.graph, shapes, node) for node in nodes)


def _kernelled(runner: Runner, layers: tuple[ModelLayer, ...]) -> tuple[Kernelled, ...]:
    """Each chain with its plan; chains with the same plan have the same key."""
    keys: dict[LayerPlan, str] = {}
    convolutions = []
    for chain, each in zip(runner.chains, layers, strict=True):
        filters = filters_from(chain, runner.graph, runner.constants)
        plan = _plan(runner, each.layer, chain)
        key = keys.setdefault(plan, f"conv{len(keys)}")
        convolutions.append(Kernelled(chain, key, plan, filters))
    return tuple(convolutions)


def _plan(runner: Runner, layer: Layer, chain: Chain) -> LayerPlan:
    """The plan that the runner has for a chain as well.

    Raises:
        AlgorithmError: none is within the limit.
        ShapeError: no library has such layers.
    """
    place = runner.graph.place(chain.convolution)
    if layer.dimension > AXES:
        raise ShapeError(f"{place} has {layer.dimension} axes, and libraries are for one or two; Runner runs the model")
    try:
        return make_plan(layer, max_error=runner.max_error, threads=runner.threads, epilogue=chain.epilogue)
    except AlgorithmError as error:
        raise AlgorithmError(f"{place}: {error}") from error


def _converted(each: Kernelled, library: str, measured: Measured) -> ConvertedLayer:
    plan, chain = each.plan, each.chain
    return ConvertedLayer(
        chain.name,
        tuple(map(name_of, chain.real)),
        plan.layer,
        str(plan.epilogue) if plan.epilogue else "",
        plan.algorithms,
        f"{library}_{each.key}",
        relative_error_of(plan),
        measured.error,
        _predicted_seconds(plan),
        measured.seconds,
    )


def _predicted_seconds(plan: LayerPlan) -> float:
    subject = plan.plans[0].layer if plan.parts[0][0] is None else plan.inner
    return choice_of(subject, plan.padding, plan.parts, Machine.of(plan.target)).estimate.seconds
