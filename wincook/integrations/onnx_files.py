"""Initialisers of ONNX models, inside the file or in a file beside it."""

from __future__ import annotations

from io import BufferedReader
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.data.stored import Stored
from wincook.errors import DataError, quoted
from wincook.files import path_text

Array = NDArray[Any]


def onnx_tensors(stream: BufferedReader, file: Path, size: int) -> dict[str, Stored]:  # noqa: ARG001 (as other readers)
    """The initialisers of a model, by name.

    Raises:
        DataError: onnx is not installed, or the file is no model.
    """
    try:
        import onnx  # noqa: PLC0415 (an extra)
    except ImportError:
        raise DataError(f"{path_text(file)} needs onnx: pip install 'wincook[onnx]'") from None
    try:
        model = onnx.load_model_from_string(stream.read())
    except Exception as error:  # protobuf's errors have no common class
        raise DataError(f"{path_text(file)} is no ONNX model, or a damaged one") from error
    return {
        tensor.name: _stored(tensor, file, f"{path_text(file)}:{quoted(tensor.name)[1:-1]}")
        for tensor in model.graph.initializer
    }


def _stored(tensor: Any, file: Path, where: str) -> Stored:
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415 (an extra)
    from onnx.external_data_helper import load_external_data_for_tensor  # noqa: PLC0415

    try:
        dtype: np.dtype[Any] | str = helper.tensor_dtype_to_np_dtype(tensor.data_type)
    except (KeyError, TypeError, ValueError):
        dtype = str(tensor.data_type)
    shape = tuple(tensor.dims)

    def read() -> Array:
        try:
            if tensor.data_location == TensorProto.EXTERNAL:
                _check_length(tensor, prod(shape) * np.dtype(dtype).itemsize, where)
                load_external_data_for_tensor(tensor, str(file.parent))
            return np.asarray(numpy_helper.to_array(tensor))
        except DataError:
            raise
        except Exception as error:  # numbers that do not fit the shape, or a file that is not beside the model
            raise DataError(f"{where} has not the numbers that its shape {quoted(shape)} asks for") from error

    return Stored(shape, dtype, read)


def _check_length(tensor: Any, size: int, where: str) -> None:
    """See that no more is read of a file beside the model than the shape asks for."""
    lengths = [entry.value for entry in tensor.external_data if entry.key == "length"]
    if not lengths:
        tensor.external_data.add(key="length", value=str(size))
    elif any(length != str(size) for length in lengths):
        raise DataError(f"{where} takes {size} bytes, but {quoted(lengths[0])} are said to lie in another file")
