"""Arrays that a model is measured on: given ones, checked, or random ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from onnx import helper

from wincook.arguments import mapping
from wincook.arrays import Array, real_array
from wincook.data.npy import npz_arrays
from wincook.errors import DataError, quoted
from wincook.files import given_path, open_regular, path_text
from wincook.integrations.onnx.graph import Graph, Shape

_LARGEST = 1 << 31  # bytes of an archive
_EXAMPLE = "{'x': array}"


def inputs_of(
    graph: Graph, shapes: Mapping[str, Shape], given: Mapping[str, Any] | str | Path | None, seed: int
) -> dict[str, Array]:
    """An array for each input of a model.

    Args:
        graph: of the model.
        shapes: those of its values.
        given: arrays by name, or an .npz file of them; for None, numbers of a normal distribution, or 0 and 1.
        seed: of random numbers.

    Raises:
        NotationError: neither a mapping nor a path.
        OutputError: the file cannot be read.
        DataError: it is no archive of arrays; an input is missing, or has another shape than the model says; or nothing
            is given for a model whose inputs have open sizes or are no arrays of numbers.
    """
    rng = np.random.default_rng(seed)
    if given is None:
        return {value.name: _random(graph, value, shapes, rng) for value in graph.inputs}
    if isinstance(given, str | Path):
        file = given_path("inputs", given)
        with open_regular(file, _LARGEST) as stream:
            arrays: dict[str, Any] = npz_arrays(stream, file)
    else:
        arrays = mapping("inputs", given, _EXAMPLE)
    for name in arrays:
        if all(name != value.name for value in graph.inputs):
            known = ", ".join(quoted(value.name) for value in graph.inputs)
            raise DataError(f"{path_text(graph.file)} has no input {quoted(name)}; it has {known}")
    return {value.name: _checked(graph, value, shapes, arrays) for value in graph.inputs}


def _checked(graph: Graph, value: Any, shapes: Mapping[str, Shape], arrays: Mapping[str, Any]) -> Array:
    if value.name not in arrays:
        raise DataError(f"{path_text(graph.file)} has an input {quoted(value.name)}, which is not given")
    array, wanted = real_array(value.name, arrays[value.name]), shapes.get(value.name)
    if wanted is not None:
        fits = len(wanted) == array.ndim and all(
            not isinstance(size, int) or size == there for size, there in zip(wanted, array.shape, strict=True)
        )
        if not fits:
            raise DataError(
                f"{quoted(value.name)} has shape {array.shape}; the model takes {'x'.join(map(str, wanted))}, with "
                "as many images as its batch"
            )
    return array.astype(_dtype(graph, value), copy=False)


def _random(graph: Graph, value: Any, shapes: Mapping[str, Shape], rng: np.random.Generator) -> Array:
    dtype, shape = _dtype(graph, value), shapes.get(value.name)
    sizes = [size for size in shape or () if isinstance(size, int)]
    if shape is None or len(sizes) < len(shape):
        raise DataError(f"{quoted(value.name)} has open sizes; give arrays for the inputs, or fix its sizes")
    is_real = dtype.kind not in "iub"
    numbers = rng.standard_normal(sizes) if is_real else rng.integers(0, 2, sizes)
    return np.asarray(numbers).astype(dtype)


def _dtype(graph: Graph, value: Any) -> np.dtype[Any]:
    try:
        dtype: np.dtype[Any] = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    except (KeyError, TypeError, ValueError):
        dtype = np.dtype(object)
    if dtype.kind in "OUS":
        raise DataError(f"{path_text(graph.file)} has an input {quoted(value.name)} that is no array of numbers")
    return dtype
