"""Weights out of models: .safetensors, ONNX files, and checkpoints of torch.

A tensor is named as FILE:NAME; without a name the file must hold a single one that can be filters (K, C, *kernel).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path

from wincook.arguments import words
from wincook.arrays import Array
from wincook.data.safetensors import safetensors
from wincook.data.stored import Stored, chosen, file_and_name
from wincook.errors import NotationError, quoted
from wincook.files import open_regular, path_text
from wincook.integrations.checkpoints import checkpoint

Reader = Callable[[BufferedReader, Path, int], dict[str, Stored]]


def _onnx_tensors(stream: BufferedReader, file: Path, size: int) -> dict[str, Stored]:
    from wincook.integrations.onnx.tensors import onnx_tensors  # noqa: PLC0415 (needs an extra)

    return onnx_tensors(stream, file, size)


_FEWEST_AXES = 3  # filters, channels, one axis of the kernel
_READERS: dict[str, tuple[Reader, int]] = {  # and the largest file that they take
    ".safetensors": (safetensors, 1 << 40),
    ".onnx": (_onnx_tensors, 1 << 29),
    ".pt": (checkpoint, 1 << 31),
    ".pth": (checkpoint, 1 << 31),
}


def holds_a_model(name: str) -> bool:
    """Whether FILE or FILE:NAME is of a kind that this module reads.

    Raises:
        NotationError: no text.
    """
    return file_and_name(words("name", name, "model.safetensors:conv1.weight"))[0].suffix.lower() in _READERS


def read_weights(name: str) -> Array:
    """The tensor that FILE or FILE:NAME denotes; float32 if its own type is one that numpy has not.

    Raises:
        NotationError: no text, or the name of no model.
        OutputError: the file cannot be read.
        MissingExtraError: the file is one of ONNX, and its extra is not installed.
        DataError: the extra of torch is not installed, the file is no model or a damaged one, it has no such tensor, or
            one that is no array of real numbers, or too large.
    """
    if not holds_a_model(name):
        raise NotationError(f"{quoted(name)} is no model; name a file in {', '.join(_READERS)}")
    file, wanted = file_and_name(name)
    reader, largest = _READERS[file.suffix.lower()]
    with open_regular(file, largest) as stream:
        tensors = reader(stream, file, os.fstat(stream.fileno()).st_size)
        likely = [key for key, tensor in tensors.items() if len(tensor.shape) >= _FEWEST_AXES]
        key = chosen(list(tensors), wanted, file, likely)
        return tensors[key].array(f"{path_text(file)}:{quoted(key)[1:-1]}")
