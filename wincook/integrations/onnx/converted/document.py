"""The files beside the library of a converted model: its graph as JSON, and the numbers of its filters.

The graph lists every convolution in order: the nodes of the model that it stands for, the values that it reads and
makes, the kernel of the library, the layer, and where weights and bias lie among the numbers. These are float32, little
endian, one array after the other, each on a multiple of 64 bytes; equal arrays are there once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.digest import digest
from wincook.integrations.onnx.chains.chain import Chain
from wincook.integrations.onnx.chains.fold import Filters
from wincook.integrations.onnx.graph import Graph, Shape, name_of
from wincook.interchange.read.stated.seal import document_text
from wincook.kernels import LayerPlan
from wincook.kernels.make_plan import relative_error_of
from wincook.layers import Layer
from wincook.version import __version__

FORMAT, VERSION = "wincook graph", 1
_ALIGNMENT = 64  # bytes: a cache line
_FLOAT32 = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class Kernelled:
    """A convolution of a model with the key of its kernel in the library, its plan, and its filters."""

    chain: Chain
    key: str
    plan: LayerPlan
    filters: Filters


@dataclass(frozen=True, slots=True)
class Placed:
    """All numbers, and the place of each array among them, by its digest."""

    contents: bytes
    offsets: Mapping[str, int]

    @classmethod
    def of(cls, arrays: Sequence[Array]) -> Placed:
        """Arrays one after the other."""
        parts, offsets, end = list[bytes](), dict[str, int](), 0
        for array in arrays:
            numbers = _bytes(array)
            key = sha256(numbers).hexdigest()
            if key not in offsets:
                offsets[key] = end
                parts += [numbers, bytes(-len(numbers) % _ALIGNMENT)]
                end += len(numbers) + -len(numbers) % _ALIGNMENT
        return cls(b"".join(parts), offsets)

    def entry(self, array: Array | None) -> dict[str, Any] | None:
        """Where an array lies, in bytes, and its shape."""
        if array is None:
            return None
        return {"offset": self.offsets[sha256(_bytes(array)).hexdigest()], "shape": list(array.shape)}


def placed_filters(convolutions: Sequence[Kernelled]) -> Placed:
    """The weights and biases of all convolutions."""
    filters = [each.filters for each in convolutions]
    return Placed.of([array for each in filters for array in (each.weights, each.bias) if array is not None])


def graph_document(
    graph: Graph, shapes: Mapping[str, Shape], convolutions: Sequence[Kernelled], library: str, placed: Placed
) -> str:
    """The graph. Its digest is that of the text of all but the digest and the version of wincook."""
    contents = {
        "format": FORMAT,
        "version": VERSION,
        "model": {"file": graph.file.name, "sha256": _digest_of(graph.file)},
        "library": {"name": library, "header": f"{library}.h", "document": f"{library}.json"},
        "weights": {
            "file": weights_file(library),
            "sha256": sha256(placed.contents).hexdigest(),
            "type": "float32",
            "order": "little endian",
            "alignment": _ALIGNMENT,
        },
        "inputs": [_value(value.name, shapes) for value in graph.inputs],
        "outputs": [_value(name, shapes) for name in graph.outputs],
        "convolutions": [_convolution(each, library, placed) for each in convolutions],
    }
    return document_text({"made_by": f"wincook {__version__}", "digest": digest(document_text(contents)), **contents})


def graph_file(library: str) -> str:
    """The name of the file that holds the graph."""
    return f"{library}_graph.json"


def weights_file(library: str) -> str:
    """The name of the file that holds the numbers."""
    return f"{library}_weights.bin"


def _convolution(each: Kernelled, library: str, placed: Placed) -> dict[str, Any]:
    chain = each.chain
    return {
        "name": chain.name,
        "nodes": [name_of(node) for node in chain.real],
        "x": chain.convolution.input[0],
        "residual": chain.residual or None,
        "y": chain.real[-1].output[0],
        "kernel": f"{library}_{each.key}",
        "layer": _layer(each.plan.layer),
        "epilogue": list(chain.epilogue.words),
        "algorithm": each.plan.algorithms,
        "predicted_error": float(f"{relative_error_of(each.plan):.3g}"),
        "weights": placed.entry(each.filters.weights),
        "bias": placed.entry(each.filters.bias),
    }


def _layer(layer: Layer) -> dict[str, Any]:
    values = {field.name: getattr(layer, field.name) for field in fields(layer) if field.init}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _value(name: str, shapes: Mapping[str, Shape]) -> dict[str, Any]:
    shape = shapes.get(name)
    return {"name": name, "shape": None if shape is None else list(shape)}


def _bytes(array: Array) -> bytes:
    return np.ascontiguousarray(array, _FLOAT32).tobytes()


def _digest_of(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
