from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from tests.golden import Golden
from wincook.arrays import real_array
from wincook.errors import DataError, ShapeError, WincookError


class Tensor:
    """Acts like torch's: with a gradient, or in a type that numpy lacks, numpy() fails."""

    def __init__(self, values: Any, dtype: str = "torch.float32", *, grad: bool = False, dense: bool = True) -> None:
        self.values, self.dtype, self.grad, self.dense = np.asarray(values), dtype, grad, dense

    def detach(self) -> "Tensor":
        return Tensor(self.values, self.dtype, dense=self.dense)

    def cpu(self) -> "Tensor":
        return self

    def float(self) -> "Tensor":
        return Tensor(self.values.astype(np.float32), dense=self.dense)

    def numpy(self) -> Any:
        if self.grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        if self.dtype in {"torch.bfloat16", "torch.float8_e5m2"} or not self.dense:
            raise TypeError(f"Got unsupported ScalarType {self.dtype}")
        return self.values

    def __array__(self, *_: Any, **__: Any) -> Any:
        return self.numpy()


VALUES = [[1.0, 2.5], [-3.0, 0.0]]


@pytest.mark.parametrize(
    "kind", ["?", "i1", "u8", "f2", "f4", "f8", "g", ">f4", ">i2", ml_dtypes.bfloat16, ml_dtypes.int4]
)
def test_real_types_pass_as_they_are(kind: Any) -> None:
    values = np.array([[1, 0], [1, 1]]).astype(kind)
    assert real_array("x", values) is values


@pytest.mark.parametrize(
    "values",
    [
        VALUES,
        tuple(map(tuple, VALUES)),
        np.array(VALUES)[::-1, ::-1][::-1, ::-1],
        np.asfortranarray(VALUES),
        Tensor(VALUES),
        Tensor(VALUES, grad=True),
        Tensor(VALUES, "torch.bfloat16", grad=True),
        Tensor(VALUES, "torch.float8_e5m2"),
        [Tensor(VALUES[0], grad=True), Tensor(VALUES[1], "torch.bfloat16")],
        [np.array(VALUES[0]), VALUES[1]],
    ],
    ids=lambda values: type(values).__name__,
)
def test_values_are_kept_however_they_are_held(values: Any) -> None:
    array = real_array("x", values)
    assert type(array) is np.ndarray or isinstance(values, np.ndarray)
    np.testing.assert_array_equal(array, VALUES)


@pytest.mark.parametrize(
    ("values", "error", "named"),
    [
        ([[1, 2], [3]], ShapeError, "lists of different lengths"),
        (np.array([1j]), DataError, "complex128"),
        (Tensor([1j], "torch.complex64"), DataError, "complex128"),
        (np.ma.masked_array([1.0, 2.0], [True, False]), DataError, "masked array.*filled"),
        ([np.ma.masked_array([1.0], [True])], DataError, "masked array"),
        (np.ma.masked, DataError, "masked array"),
        (["1", "2"], DataError, "<U1"),
        ([b"1"], DataError, r"\|S1"),
        ([None], DataError, "object"),
        ([Fraction(1, 3)], DataError, "object"),
        ([10**30], DataError, "object"),
        (None, DataError, "x = None"),
        ("1", DataError, "x = '1'"),
        ({"a": 1}, DataError, "x = {'a': 1}"),
        ((n for n in (1, 2)), DataError, "generator"),
        (np.zeros(2, "f4,i4"), DataError, "f0"),
        (np.array("2026-01-01", "M8[D]"), DataError, "2026"),
        (Tensor(VALUES, "torch.qint8", dense=False), DataError, "tensor of qint8 .*dequantize"),
    ],
)
def test_what_would_lose_its_meaning_is_refused(values: Any, error: type[WincookError], named: str) -> None:
    with pytest.raises(error, match=named):
        real_array("x", values)


def test_exact_numbers_pass_where_they_are_asked_for(golden: Golden) -> None:
    values = np.array([Fraction(1, 3), 2], object)
    assert real_array("x", values, exact=True) is values
    for strange in (1j, None, True, "1"):
        with golden.raises(DataError):
            real_array("x", np.array([Fraction(1, 3), strange], object), exact=True)


def test_objects_that_raise_are_no_arrays(golden: Golden) -> None:
    class Hostile:
        def __array__(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("no")

    with golden.raises(DataError):
        real_array("x", Hostile())
