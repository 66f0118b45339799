"""Types of elements: what is rounded or cut is judged as the program has it, and it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc

F43 = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞").axes[0]


def python(form: str, *, digits: int | None = None) -> str:
    """The set as NumPy source; with `digits`, fractions as decimals of so many digits after the point."""
    lists = {
        name: [[round(float(x), digits) if digits else x for x in row] for row in getattr(F43, name).tolist()]
        for name in ("AT", "G", "BT")
    }
    return "\n".join(f"{name} = {form.format(rows)}" for name, rows in lists.items())


@pytest.mark.parametrize(
    "form",
    [
        "np.array({}, dtype=np.float16)",
        "np.array({}).astype(np.float16)",
        "np.array({}, dtype='float16')",
        "torch.tensor({}).half()",
        "torch.tensor({}, dtype=torch.float16)",
    ],
)
def test_what_is_rounded_to_float16_is_said_to_be(judged: Any, form: str) -> None:
    judged(python(form), ".py", "right", "F(4,3)", "rounded to float16")


@pytest.mark.parametrize("form", ["np.array({}, dtype=np.float32)", "torch.tensor({}).float()", "np.array({}, float)"])
def test_wide_floats_say_nothing_of_rounding(verify_text: Any, form: str) -> None:
    said = verify_text(python(form), ".py")
    assert (said.code, "72 sums hold exactly" in said.text, "rounded" in said.text) == (0, True, False), said


@pytest.mark.parametrize("digits", [8, 10, 16])
def test_decimals_of_formats_are_taken_for_fractions_and_this_is_said(judged: Any, digits: int) -> None:
    told = f"{round(1 / 24, digits)} for 1/24"
    judged(python("np.array({})", digits=digits), ".py", "right", "decimals taken for exact numbers", told)


@pytest.mark.parametrize("digits", [2, 3])
def test_few_digits_are_what_they_are(judged: Any, digits: int) -> None:
    judged(python("np.array({})", digits=digits), ".py", "wrong", f"rounded to {digits} decimals", "-1/6 would make")


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["np.int8", "np.int16", "np.int32", "np.int64", "int", "'int64'", "'i2'"])
@pytest.mark.parametrize("form", ["np.array({{}}, dtype={0})", "np.array({{}}).astype({0})", "np.asarray({{}}, {0})"])
def test_integer_types_cut_the_fractions(judged: Any, dtype: str, form: str) -> None:
    judged(python(form.format(dtype)), ".py", "wrong", "G[0,0] is 0; 1/4 would make it right")


@pytest.mark.parametrize("dtype", ["np.int8", "np.int32", "int"])
def test_integer_types_of_integers_change_nothing(judged: Any, dtype: str) -> None:
    scaled = wc.Transforms(F43.AT, 24 * F43.G, F43.BT)
    text = "\n".join(f"{n} = np.array({getattr(scaled, n).tolist()}, dtype={dtype})" for n in ("AT", "G", "BT"))
    judged(text, ".py", "right", "up to the factor 24")


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float64, np.float32])
def test_arrays_in_files_are_what_they_hold(verify: Any, tmp_path: Path, dtype: Any) -> None:
    arrays: Any = {n: np.array(getattr(F43, n).tolist(), float).astype(dtype) for n in ("AT", "G", "BT")}
    np.savez(tmp_path / "set.npz", **arrays)
    said = verify([tmp_path / "set.npz"])
    integral = np.issubdtype(dtype, np.integer)
    assert said.code == int(integral)
    assert ("G[0,0] is 0; 1/4 would make it right" in said.text) == integral


def test_numbers_in_json_are_never_integers_by_type(judged: Any) -> None:
    data = {n: [[float(x) for x in row] for row in getattr(F43, n).tolist()] for n in ("AT", "G", "BT")}
    judged(json.dumps(data | {"dtype": "int8"}), ".json", "right|unjudged", "72 sums hold exactly")


@pytest.mark.parametrize("dtype", ["np.intp", "np.intc", "np.byte", "np.uint", "'q'", "'>i4'", "my_type"])
def test_an_element_type_that_is_not_known_is_no_float(judged: Any, dtype: str) -> None:
    judged(python(f"np.array({{}}, dtype={dtype})"), ".py", "wrong|unjudged|nothing")
