"""Checkpoints of torch, .pt and .pth: state dictionaries, alone or beside what else a training keeps.

They are read with weights_only, so that nothing in them is run (PyTorch, `torch.load`), and only after what they claim
was checked: that no member has more bytes than there are, that pickle is no longer than a model needs, and nests no
tuples so deeply that Python's hash of them would overflow the stack.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from io import BufferedReader
from pathlib import Path
from pickletools import genops
from typing import IO, Any

import ml_dtypes
import numpy as np

from wincook.arrays import Array
from wincook.data.archive import check_member, opened_archive, opened_member
from wincook.data.stored import Stored, is_narrow
from wincook.errors import DataError, quoted
from wincook.files import path_text

_ZIP = b"PK\x03\x04"
_BEFORE_TORCH_1_6 = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # a pickled number that no other file begins with
_LARGEST_PICKLE = 1 << 20  # bytes; some five thousand tensors
_MOST_TUPLES = 50_000
_PICKLES_BEFORE_TORCH_1_6 = 5  # two numbers, the system, the contents, the keys of the storages
_LONGEST_NAME = 1000
_STATES = ("state_dict", "model_state_dict", "model", "net", "module", "weights", "params")


class _Pickles(BufferedReader):
    """A file of the format before torch 1.6: pickle is read by these methods, numbers by torch itself."""

    left = _LARGEST_PICKLE

    def read(self, size: int | None = -1, /) -> bytes:
        return self._counted(super().read(size))

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._counted(super().readline(size))

    def _counted(self, portion: bytes) -> bytes:
        self.left -= len(portion)
        if self.left < 0:
            raise ValueError("more pickle than a model needs")
        return portion


def checkpoint(stream: BufferedReader, file: Path, size: int) -> dict[str, Stored]:
    """The tensors of a checkpoint of so many bytes, by name: those of its state dictionary where it has one.

    Raises:
        DataError: torch is not installed, or the file is none of its own, damaged, or holds objects.
    """
    start = stream.read(len(_BEFORE_TORCH_1_6))
    name = path_text(file)
    opened: BufferedReader = stream
    if start.startswith(_ZIP):
        _check_archive(stream, file, size)
    elif start == _BEFORE_TORCH_1_6:
        opened = _checked(_Pickles(stream.raw), name)
    else:
        raise DataError(f"{name} is no file of torch; give one that torch.save wrote")
    try:
        import torch  # noqa: PLC0415 (an extra)
    except (ImportError, OSError):  # OSError: one of its libraries
        raise DataError(f"{name} needs torch: pip install 'wincook[torch]'") from None
    opened.seek(0)
    try:
        with opened, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of kinds of tensors that are refused here
            contents = torch.load(opened, map_location="cpu", weights_only=True)
    except Exception as error:  # unpickling and zip errors have no common class
        raise DataError(
            f"{name} is no file of tensors that can be read safely: it is damaged, or holds other objects; "
            "save model.state_dict() alone"
        ) from error
    return {key: _stored(tensor, f"{name}:{quoted(key)[1:-1]}") for key, tensor in _tensors(contents, torch.Tensor)}


def _check_archive(stream: BufferedReader, file: Path, size: int) -> None:
    archive = opened_archive(stream, file)
    if any(name.endswith("/constants.pkl") for name in archive.namelist()):
        raise DataError(f"{path_text(file)} is a TorchScript program; save its state_dict()")
    for member in archive.infolist():
        where = f"{path_text(file)}:{quoted(member.filename)[1:-1]}"
        check_member(member, where, (zipfile.ZIP_STORED,))
        if member.filename.endswith(".pkl"):
            if member.file_size > _LARGEST_PICKLE:
                raise DataError(f"{where} has {member.file_size:,} bytes; no model needs more than {_LARGEST_PICKLE:,}")
            with opened_member(archive, member, where) as pickled:
                _check_pickles(pickled, 1, where)
    claimed = sum(member.file_size for member in archive.infolist())
    if claimed > size:
        raise DataError(f"{path_text(file)} claims {claimed:,} bytes of members, but has {size:,}; copy it again")


def _checked(pickles: _Pickles, name: str) -> _Pickles:
    """A file of the old format whose pickles may be read."""
    pickles.seek(0)
    _check_pickles(pickles, _PICKLES_BEFORE_TORCH_1_6, name)
    pickles.left = _LARGEST_PICKLE
    return pickles


def _check_pickles(stream: IO[bytes], number: int, where: str) -> None:
    """See that so many pickles are there, and make few tuples; nothing of them is made here."""
    try:
        names = [code.name for _ in range(number) for code, _, _ in genops(stream)]
    except Exception as error:  # of any kind: the arguments of a code are read as they come
        raise DataError(f"{where} is damaged, or has more pickle than a model needs; copy it again") from error
    if sum(name.startswith("TUPLE") for name in names) > _MOST_TUPLES:
        raise DataError(f"{where} holds more than {_MOST_TUPLES:,} tuples, which no model needs")


def _tensors(contents: Any, kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """All tensors in dictionaries, each named by its keys; of a state dictionary among other things, only its own."""
    if isinstance(contents, kind):
        yield "tensor", contents
        return
    for state in _STATES:
        if isinstance(contents, Mapping) and isinstance(contents.get(state), Mapping):
            contents = contents[state]
            break
    waiting, seen = [("", contents)], set[int]()
    for prefix, mapping in waiting:  # which grows
        if id(mapping) in seen or not isinstance(mapping, Mapping):
            continue
        seen.add(id(mapping))
        for key, value in mapping.items():
            is_name = isinstance(key, str) or (isinstance(key, int) and key.bit_length() < _LONGEST_NAME)
            name = f"{prefix}{key}" if is_name else ""  # the text of another key may be longer than all memory
            if not 0 < len(name) < _LONGEST_NAME:
                continue
            if isinstance(value, kind):
                yield name, value
            elif isinstance(value, Mapping):
                waiting.append((f"{name}.", value))


def _stored(tensor: Any, where: str) -> Stored:
    name = str(tensor.dtype).removeprefix("torch.")
    known = getattr(np, name, getattr(ml_dtypes, name, None))
    dtype = name if known is None else np.dtype(known)

    def read() -> Array:
        for kind, is_one, remedy in (
            ("sparse", str(tensor.layout) != "torch.strided", "save it dense, as to_dense() makes it"),
            ("quantised", tensor.is_quantized, "save its numbers, as dequantize() gives them"),
            ("nested", tensor.is_nested, "save its parts one by one"),
            ("meta", tensor.is_meta, "it has a shape, but no numbers: save the model with its weights loaded"),
        ):
            if is_one:
                raise DataError(f"{where} is a {kind} tensor; {remedy}")
        dense = tensor.detach().resolve_neg()
        numbers: Array = (dense.float() if isinstance(dtype, str) or is_narrow(dtype) else dense).numpy()
        return numbers

    shape = () if tensor.is_nested else tuple(tensor.shape)
    return Stored(shape, np.dtype(np.float32) if tensor.is_quantized else dtype, read)
