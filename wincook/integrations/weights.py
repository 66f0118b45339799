"""Weights out of models: ONNX files, and state dictionaries of torch.

A tensor is named as FILE:NAME; without a name the file must hold a single one that can be filters (K, C, *kernel).
Torch files are read with weights_only, so that nothing in them is run (PyTorch, `torch.load`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.errors import DataError, OutputError

Array = NDArray[Any]

ONNX, TORCH = (".onnx",), (".pt", ".pth")
_FEWEST_AXES = 3  # filters, channels, one axis of the kernel
_NAMED_AT_MOST = 8


def holds_a_model(name: str) -> bool:
    """Whether FILE or FILE:NAME is of a kind that this module reads."""
    return Path(_file_and_tensor(name)[0]).suffix.lower() in ONNX + TORCH


def read_weights(name: str) -> Array:
    """The tensor that FILE or FILE:NAME denotes.

    Raises:
        OutputError: the file cannot be read.
        DataError: the extra is not installed, the file is no model, or it has no such tensor.
    """
    path, wanted = _file_and_tensor(name)
    if not Path(path).is_file():
        raise OutputError(f"cannot read {path}: there is no such file")
    tensors = _onnx(path) if Path(path).suffix.lower() in ONNX else _torch(path)
    if wanted:
        if wanted not in tensors:
            raise DataError(f"{path} has no tensor {wanted!r}; it has {_names(tensors)}")
        return tensors[wanted]
    filters = {key: tensor for key, tensor in tensors.items() if tensor.ndim >= _FEWEST_AXES}
    if len(filters) != 1:
        raise DataError(f"{path} has {len(filters)} tensors of filters; name one as {path}:NAME, of {_names(filters)}")
    return next(iter(filters.values()))


def _file_and_tensor(name: str) -> tuple[str, str]:
    for suffix in ONNX + TORCH:
        file, mark, tensor = name.partition(f"{suffix}:")
        if mark:
            return file + suffix, tensor
    return name, ""


def _onnx(path: str) -> dict[str, Array]:
    try:
        import onnx  # noqa: PLC0415 (an extra)
        from onnx import numpy_helper  # noqa: PLC0415
    except ImportError:
        raise DataError(f"{path} needs onnx: pip install 'wincook[onnx]'") from None
    try:
        model = onnx.load(path)
        return {one.name: np.asarray(numpy_helper.to_array(one)) for one in model.graph.initializer}
    except Exception as error:  # protobuf's errors have no common class
        raise DataError(f"{path} is no ONNX model: {error}") from error


def _torch(path: str) -> dict[str, Array]:
    try:
        import torch  # noqa: PLC0415 (an extra)
    except ImportError:
        raise DataError(f"{path} needs torch: pip install 'wincook[torch]'") from None
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # unpickling and zip errors have no common class
        raise DataError(f"{path} is no state dictionary that can be read safely: {error}") from error
    if not isinstance(found, dict):
        raise DataError(f"{path} holds {type(found).__name__}; give a state dictionary, as model.state_dict() makes it")
    return {key: value.float().numpy() for key, value in found.items() if isinstance(value, torch.Tensor)}


def _names(tensors: dict[str, Array]) -> str:
    shown = ", ".join(list(tensors)[:_NAMED_AT_MOST])
    return shown + ", …" * (len(tensors) > _NAMED_AT_MOST) or "none"
