from __future__ import annotations

from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from tests.golden import Golden
from wincook.data.stored import LARGEST_ARRAY, Stored, check_shape, chosen, file_and_name, is_narrow, real_type
from wincook.errors import DataError


@pytest.mark.parametrize("kind", ["float32", "float64", "int8", "uint64", "bool", "float16"])
def test_numbers_keep_their_type(kind: str) -> None:
    numbers = np.ones((2, 3), kind)
    array = Stored((2, 3), numbers.dtype, lambda: numbers).array("file")
    assert array.dtype == kind
    np.testing.assert_array_equal(array, numbers)


@pytest.mark.parametrize("kind", [ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.int4])
def test_narrow_numbers_become_float32(kind: Any) -> None:
    numbers = np.array([1, 0, 1], kind)
    array = Stored((3,), numbers.dtype, lambda: numbers).array("file")
    assert array.dtype == np.float32
    np.testing.assert_array_equal(array, [1, 0, 1])
    assert is_narrow(numbers.dtype)


@pytest.mark.parametrize("kind", ["complex64", "O", "U3", "S3", "M8[s]", "f4,i4", "an unknown word"])
def test_other_types_are_refused_before_anything_is_read(kind: str, golden: Golden) -> None:
    dtype = kind if kind == "an unknown word" else np.dtype(kind)
    with golden.raises(DataError):
        Stored((2,), dtype, lambda: pytest.fail("read")).array("file")
    with golden.raises(DataError):
        real_type(dtype, "file")


@pytest.mark.parametrize(
    ("shape", "named"),
    [
        ((LARGEST_ARRAY // 4 + 1,), "512"),
        ((0, LARGEST_ARRAY), "512"),  # axes of nothing are counted as one
        ((-1, 2), None),
        ((1.5,), None),
        ((True,), None),
        ((1,) * 33, None),
    ],
)
def test_shapes_that_cannot_be_are_refused(shape: Any, named: str | None, golden: Golden) -> None:
    with golden.raises(DataError, match=named):
        check_shape(shape, 4, "file")
    check_shape((LARGEST_ARRAY // 4,), 4, "file")


@pytest.mark.parametrize(
    ("text", "file", "name"),
    [
        ("a.npz:conv.weight", "a.npz", "conv.weight"),
        ("a.NPZ:w", "a.NPZ", "w"),
        ("b.npy", "b.npy", ""),
        ("b.npy:w", "b.npy:w", ""),  # it holds a single array
        ("c.pt:a:b", "c.pt", "a:b"),
        ("d.onnx:", "d.onnx", ""),
    ],
)
def test_file_and_name_are_told_apart(text: str, file: str, name: str) -> None:
    assert file_and_name(text) == (Path(file), name)


def test_a_name_is_chosen_or_asked_for() -> None:
    file = Path("m.npz")
    assert chosen(["a", "b"], "b", file) == "b"
    assert chosen(["a"], "", file) == "a"
    assert chosen(["bias", "w"], "", file, likely=["w"]) == "w"
    for names, wanted, likely, message in (
        (["a"], "b", None, "m.npz has no array 'b'; it has a"),
        ([], "", None, "m.npz has no arrays; it has none"),
        (["a", "b"], "", None, "m.npz has 2 arrays; name one as FILE:NAME, of a, b"),
        (["a"], "", [], "m.npz has no tensors of filters; it has a"),
        ([str(n) for n in range(9)], "x", None, "m.npz has no array 'x'; it has 0, 1, 2, 3, 4, 5, 6, 7, …"),
    ):
        with pytest.raises(DataError) as caught:
            chosen(names, wanted, file, likely)
        assert str(caught.value) == message
