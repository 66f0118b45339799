"""Arrays as callers give them: numpy's, lists, and tensors of other packages; always converted exactly, or refused.

Tensors are known by what they can do, so that no other package is imported: a tensor of torch is detached from its
gradient and fetched from its device, and a narrow float that numpy lacks is widened. Anything whose meaning would get
lost is refused: the imaginary part of complex numbers, the mask of masked arrays, the text in text.
"""

from __future__ import annotations

from numbers import Rational
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from wincook.errors import DataError, ShapeError, quoted

Array = NDArray[Any]
"""An array of numpy, of any element type: the one name for it in all annotations of the package."""

_BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
_WIDENED = ("bfloat16", "float8", "float4")  # of torch's types; float32 holds them all


def real_array(name: str, values: Any, *, exact: bool = False) -> Array:
    """An array of real numbers, of whatever type and strides they have.

    Args:
        name: for messages.
        values: an array, a tensor, a number, or lists of these.
        exact: also let objects pass that are integers or fractions of Python.

    Raises:
        DataError: elements that are no real numbers, or a masked array.
        ShapeError: lists of different lengths.

    >>> real_array("x", [[1, 2], [3, 4]]).shape
    (2, 2)
    >>> real_array("x", [1j])
    Traceback (most recent call last):
    ...
    wincook.errors.DataError: x has element type complex128; it must hold real numbers
    """
    if type(values) is np.ndarray and (values.dtype.kind == "f" or values.dtype == _BFLOAT16):
        return values  # at once: kernels are called with nothing else
    array = _array(name, values)
    if array.dtype.kind in "fiub" or array.dtype.type is getattr(ml_dtypes, array.dtype.name, None):
        return array
    if exact and array.dtype == object and all(_is_exact(entry) for entry in array.flat):
        return array
    if not array.ndim:
        raise DataError(f"{name} = {quoted(values)} must be an array of real numbers")
    raise DataError(f"{name} has element type {array.dtype}; it must hold real numbers")


def _array(name: str, values: Any) -> Array:
    """Whatever is in it, as an array; no mask gets lost."""
    if isinstance(values, np.ma.MaskedArray):
        raise DataError(f"{name} is a masked array, and a convolution has no masks; fill it, as by {name}.filled(0)")
    if _is_tensor(values):
        return _of_tensor(name, values)
    if isinstance(values, (list, tuple)) and any(map(_is_special, values)):
        values = [_array(name, part) for part in values]
    try:
        return np.asarray(values)
    except Exception as error:  # noqa: BLE001 (whatever a caller's own object raises)
        if isinstance(error, ValueError) and "inhomogeneous" in str(error):
            raise ShapeError(f"{name} holds lists of different lengths; give as many numbers in each") from None
        raise DataError(f"{name} is a {type(values).__name__} that makes no array; give an array of numpy") from None


def _is_tensor(values: Any) -> bool:
    return hasattr(values, "detach") and hasattr(values, "numpy")


def _is_special(part: Any) -> bool:
    """Whether numpy, given a list of such, would lose a mask or fail at a gradient."""
    return isinstance(part, np.ma.MaskedArray) or _is_tensor(part)


def _of_tensor(name: str, tensor: Any) -> Array:
    """A tensor of torch, or one that acts like it."""
    kind = str(getattr(tensor, "dtype", "")).removeprefix("torch.")
    try:
        plain = tensor.detach()
        for step in ("cpu", "resolve_conj", "resolve_neg"):
            plain = getattr(plain, step)() if hasattr(plain, step) else plain
        return np.asarray((plain.float() if kind.startswith(_WIDENED) else plain).numpy())
    except Exception:  # noqa: BLE001 (torch has several errors for what numpy cannot hold)
        raise DataError(
            f"{name} is a tensor of {kind or 'unknown type'} whose values numpy cannot hold; give a dense one of real "
            "numbers, as to_dense(), dequantize() or to(torch.float32) make it"
        ) from None


def _is_exact(entry: Any) -> bool:
    return isinstance(entry, Rational) and not isinstance(entry, bool)
