"""Weights packed once for as long as they stay what they are.

A tensor is known by its storage, its place there, and the version that torch counts up with each write in place. A
storage that is gone is never taken for another: what is kept holds a weak reference to it. Writes through `.data` and
through numpy are not counted; some of the numbers are compared as well, so that those of an optimizer are seen.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef

from wincook.arrays import Array
from wincook.integrations.calibrated import INTEGERS
from wincook.integrations.torch.tensors import array_of
from wincook.kernels import Kernel, Packed
from wincook.quantisation import Affine, Calibration, as_json, from_json
from wincook.sparse import Mask

_Key = tuple[Any, ...]
_State = tuple[tuple[int, bytes], ...]


class Scales(NamedTuple):
    """Those of x, y and a residual, where these are integers."""

    x: Affine | None = None
    y: Affine | None = None
    residual: Affine | None = None


NO_SCALES = Scales()
_SAMPLE = 64  # numbers of each tensor that are compared, more or less: a few microseconds


class PackedWeights:
    """Packed weights by tensors and kernel; those of tensors that are gone, or changed, are let go."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[_Key, tuple[_State, tuple[StorageWeakRef, ...], Packed]] = {}

    def of(
        self,
        kernel: Kernel,
        weight: Tensor,
        bias: Tensor | None,
        calibration: Tensor | None = None,
        mask: Mask | None = None,
        scales: Scales = NO_SCALES,
    ) -> Packed:
        """The weights and bias as the kernel reads them.

        Of a kernel of integers with a calibration, as JSON; of a sparse one with what a mask keeps; of one that reads
        or writes integers with their scales, that of x in place of the calibration's, if there is one.
        """
        tensors = [tensor for tensor in (weight, bias, calibration) if tensor is not None]
        if any(tensor.is_inference() for tensor in tensors):  # their writes are not counted
            return _pack(kernel, weight, bias, calibration, mask, scales)
        storages = tuple(StorageWeakRef(tensor.untyped_storage()) for tensor in tensors)
        places = tuple(
            (storage.cdata, tensor.storage_offset(), tuple(tensor.shape), tensor.stride())
            for storage, tensor in zip(storages, tensors, strict=True)
        )
        key = kernel, places, mask, scales
        state = tuple((tensor._version, sample_of(tensor).tobytes()) for tensor in tensors)  # noqa: SLF001 (it has no other name)
        with self._lock:
            known = self._kept.get(key)
        if known is not None and known[0] == state:
            return known[2]
        packed = _pack(kernel, weight, bias, calibration, mask, scales)
        with self._lock:
            gone = [key for key, (_, refs, _) in self._kept.items() if any(ref.expired() for ref in refs)]
            for old in gone:
                del self._kept[old]
            self._kept[key] = state, storages, packed
        return packed

    def clear(self) -> None:
        """Let all go: what is used again is packed again."""
        with self._lock:
            self._kept.clear()


packed_weights = PackedWeights()
"""Those of all models."""


def sample_of(tensor: Tensor) -> Array:
    """Some of the numbers of a tensor, evenly apart: where they lie, but for tensors with gaps."""
    numbers = array_of(tensor).ravel(order="K")
    return numbers[:: max(1, numbers.size // _SAMPLE)]


def _pack(
    kernel: Kernel,
    weight: Tensor,
    bias: Tensor | None,
    calibration: Tensor | None,
    mask: Mask | None,
    scales: Scales,
) -> Packed:
    weights, biases = array_of(weight), None if bias is None else array_of(bias)
    if calibration is None or not any(single.format in INTEGERS for single in kernel.plan.plans):
        return kernel.pack(weights, biases, mask=mask, **scales._asdict())
    known = calibration_in(calibration)
    known = known if scales.x is None else replace(known, x=scales.x)
    return kernel.pack(weights, biases, calibration=known, y=scales.y, residual=scales.residual)


def as_tensor(calibration: Calibration) -> Tensor:
    """A tensor in which a calibration stands, as JSON."""
    return torch.frombuffer(bytearray(as_json(calibration).encode()), dtype=torch.uint8)


def calibration_in(tensor: Tensor) -> Calibration:
    """The calibration that stands in a tensor, as JSON."""
    return from_json(array_of(tensor).tobytes().decode())
