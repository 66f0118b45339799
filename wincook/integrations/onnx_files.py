"""Initialisers of ONNX models, inside the file or in a file beside it."""

from __future__ import annotations

from importlib.util import find_spec
from io import BufferedReader
from itertools import islice
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.data.protobuf import fields, integers
from wincook.data.stored import Stored
from wincook.errors import DataError, quoted
from wincook.files import path_text

# Numbers of fields in onnx.proto: of a model, of its graph, and of a tensor.
_GRAPH, _INITIALIZER = 7, 5
_DIMS, _DATA_TYPE, _NAME = 1, 2, 8
_MOST_AXES = 64  # more than numpy has


def onnx_tensors(stream: BufferedReader, file: Path, size: int) -> dict[str, Stored]:  # noqa: ARG001 (as other readers)
    """The initialisers of a model, by name.

    Raises:
        DataError: onnx is not installed, or the file is no model.
    """
    if find_spec("onnx") is None:
        raise DataError(f"{path_text(file)} needs onnx: pip install 'wincook[onnx]'")
    contents = memoryview(stream.read())
    try:
        graphs = [value for number, value in fields(contents) if number == _GRAPH and isinstance(value, memoryview)]
        tensors = [value for graph in graphs for number, value in fields(graph) if number == _INITIALIZER]
        stored = dict(_stored(tensor, file) for tensor in tensors if isinstance(tensor, memoryview))
    except ValueError as error:
        raise DataError(f"{path_text(file)} is no ONNX model, or a damaged one") from error
    if not graphs:
        raise DataError(f"{path_text(file)} is no ONNX model")
    return stored


def _stored(message: memoryview, file: Path) -> tuple[str, Stored]:
    """The name of a tensor, and what its message claims."""
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415 (an extra)
    from onnx.external_data_helper import load_external_data_for_tensor  # noqa: PLC0415

    dims: list[int] = []
    name, kind = "", 0
    for number, value in fields(message):
        if number == _DIMS:
            dims += islice(integers(value), _MOST_AXES)
        elif number == _DATA_TYPE and isinstance(value, int):
            kind = value
        elif number == _NAME and isinstance(value, memoryview):
            name = bytes(value).decode()
    where, shape = f"{path_text(file)}:{quoted(name)[1:-1]}", tuple(dims)
    try:
        dtype: np.dtype[Any] | str = helper.tensor_dtype_to_np_dtype(kind)
    except (KeyError, TypeError, ValueError):
        dtype = str(kind)

    def read() -> Array:
        try:
            tensor = TensorProto.FromString(bytes(message))
            if tensor.data_location == TensorProto.EXTERNAL:
                _check_length(tensor, prod(shape) * np.dtype(dtype).itemsize, where)
                load_external_data_for_tensor(tensor, str(file.parent))
            return np.asarray(numpy_helper.to_array(tensor))
        except DataError:
            raise
        except Exception as error:  # numbers that do not fit the shape, or a file that is not beside the model
            raise DataError(f"{where} has not the numbers that its shape {quoted(shape)} asks for") from error

    return name, Stored(shape, dtype, read)


def _check_length(tensor: Any, size: int, where: str) -> None:
    """See that no more is read of a file beside the model than the shape asks for."""
    lengths = [entry.value for entry in tensor.external_data if entry.key == "length"]
    if not lengths:
        tensor.external_data.add(key="length", value=str(size))
    elif any(length != str(size) for length in lengths):
        raise DataError(f"{where} takes {size} bytes, but {quoted(lengths[0])} are said to lie in another file")
