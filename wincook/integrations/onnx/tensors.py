"""Initialisers of ONNX models, inside the file or in a file beside it."""

from __future__ import annotations

from io import BufferedReader
from itertools import islice
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import load_external_data_for_tensor

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
        DataError: the file is no model.
    """
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
    dims: list[int] = []
    name, kind = "", 0
    for number, value in fields(message):
        if number == _DIMS:
            dims += islice(integers(value), _MOST_AXES)
        elif number == _DATA_TYPE and isinstance(value, int):
            kind = value
        elif number == _NAME and isinstance(value, memoryview):
            name = bytes(value).decode()
    shape = tuple(dims)
    return name, Stored(shape, _dtype(kind), lambda: numbers_of(TensorProto.FromString(bytes(message)), file))


def numbers_of(tensor: Any, file: Path) -> Array:
    """The numbers of a tensor, in the model or in a file beside it.

    Raises:
        DataError: they do not fit its shape, or the file is not beside the model.
    """
    try:
        return np.asarray(numpy_helper.to_array(held(tensor, file)))
    except DataError:
        raise
    except Exception as error:  # of protobuf, numpy, or the C++ library
        raise _unfit(tensor, file) from error


def held(tensor: Any, file: Path) -> Any:
    """A tensor that holds its numbers itself: the same, or one with those that lie in a file beside the model.

    Raises:
        DataError: there is no such file beside the model, or it has other numbers than the shape asks for.
    """
    if tensor.data_location != TensorProto.EXTERNAL:
        return tensor
    complete = TensorProto.FromString(tensor.SerializeToString())
    try:
        _check_length(complete, prod(tensor.dims) * np.dtype(_dtype(tensor.data_type)).itemsize, _where(tensor, file))
        load_external_data_for_tensor(complete, str(file.parent))
    except DataError:
        raise
    except Exception as error:  # as above
        places = [entry.value for entry in tensor.external_data if entry.key == "location"]
        raise DataError(
            f"{_where(tensor, file)} is said to lie in {quoted(places[0] if places else '')}, which is no file in the "
            "folder of the model, or has not so many bytes"
        ) from error
    return complete


def _dtype(kind: int) -> np.dtype[Any] | str:
    try:
        dtype: np.dtype[Any] = helper.tensor_dtype_to_np_dtype(kind)
    except (KeyError, TypeError, ValueError):
        return str(kind)
    return dtype


def _where(tensor: Any, file: Path) -> str:
    return f"{path_text(file)}:{quoted(tensor.name)[1:-1]}"


def _unfit(tensor: Any, file: Path) -> DataError:
    return DataError(f"{_where(tensor, file)} has not the numbers that its shape {quoted(tuple(tensor.dims))} asks for")


def _check_length(tensor: Any, size: int, where: str) -> None:
    """See that no more is read of a file beside the model than the shape asks for."""
    lengths = [entry.value for entry in tensor.external_data if entry.key == "length"]
    if not lengths:
        tensor.external_data.add(key="length", value=str(size))
    elif any(length != str(size) for length in lengths):
        raise DataError(f"{where} takes {size} bytes, but {quoted(lengths[0])} are said to lie in another file")
