"""Which matrices of a file make a set: names, roles, stray lists, several sets, two of three."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import sympy

import wincook as wc
from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.examine import examine
from wincook.interchange.read.load import load

F23, F43, F25 = (wc.algorithm(tile).axes[0] for tile in ("F(2,3)", "F(4,3)", "F(2,5)"))


def python(axis: wc.Transforms, AT: str = "AT", G: str = "G", BT: str = "BT", *, order: str = "012") -> str:
    named = [(AT, axis.AT), (G, axis.G), (BT, axis.BT)]
    return "\n".join(f"{name} = {matrix.tolist()}" for name, matrix in (named[int(k)] for k in order)) + "\n"


def with_entry(matrix: sympy.ImmutableMatrix, row: int, column: int, entry: int) -> sympy.ImmutableMatrix:
    changed = matrix.as_mutable()
    changed[row, column] = entry
    return changed.as_immutable()


ROLES = [
    ("out", "wt", "inp"),
    ("dst", "wei", "src"),
    ("O", "F", "I"),
    ("inverse", "weight", "data"),
    ("output", "filter", "input"),
    ("otm", "ktm", "itm"),
    ("out_transform", "wt_transform", "in_transform"),
    ("outputTransformMatrix", "kernelTransformMatrix", "inputTransformMatrix"),
    ("A_T", "G", "B_T"),
    ("winograd_At", "winograd_G", "winograd_Bt"),
    ("kAT", "kG", "kBT"),
    ("X", "Y", "Z"),
    ("p", "q", "s"),
]


@pytest.mark.slow
@pytest.mark.parametrize("names", ROLES, ids=" ".join)
def test_roles_do_not_depend_on_the_order_in_the_file(judged: Any, names: tuple[str, str, str]) -> None:
    told = f"AT is {names[0]}; G is {names[1]}; BT is {names[2]}"
    for order in map("".join, permutations("012")):
        judged(python(F23, *names, order=order), ".py", "right", "F(2,3)", "a correlation", told)


STRAY = [
    "a = Tensor([1, 2, 3])",
    "b = [0] * 4",
    "g = torch.randn(1, 1, 3, 3)",
    "g = [[[[1, 2], [3, 4]]]]",
    "a = [[1, 2], [3, 4]]",
    "b = [[0, 1, 2]]",
    "padding = [2 - p for p in pads]",
    "x = [1, 2, 3]\ny = x + z",
    "d = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]",
    "image = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 8, 7, 6], [5, 4, 3, 2]]\nkernel = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]",
    "colour = [[0.299, 0.587, 0.114], [-0.147, -0.289, 0.436], [0.615, -0.515, -0.1]]",
    "expected = [[14, 20]]\nshape = [4, 4]",
    "inputs, weights = [[1, 2, 3, 4]], [[1, 1, 1]]",
]


@pytest.mark.parametrize("stray", STRAY)
def test_a_stray_list_does_not_spoil_a_set(judged: Any, stray: str) -> None:
    for text in (f"{python(F23)}{stray}\n", f"{stray}\n{python(F23)}"):
        judged(text, ".py", "right", "F(2,3) with 4 multiplications")


C_STRAY = "float output_n0[8] = {0.f};\nint n = 3, k[2] = {3, 3};\nfloat a[3] = {1, 2, 3}; float b[4] = {0};\n"


def test_stray_buffers_of_c_do_not_spoil_a_set(judged: Any) -> None:
    sizes = {"AT": "[2][4]", "G": "[4][3]", "BT": "[4][4]"}
    text = "".join(
        f"float {name}{size} = {str(getattr(F23, name).tolist()).replace('[', '{').replace(']', '}')};\n"
        for name, size in sizes.items()
    ).replace("1/2", ".5f")
    judged(C_STRAY + text, ".c", "right", "F(2,3)")
    judged(text + C_STRAY, ".c", "right", "F(2,3)")


@pytest.mark.parametrize("missing", ["AT", "G", "BT"])
@pytest.mark.parametrize("axis", [F23, F43, F25], ids=["F(2,3)", "F(4,3)", "F(2,5)"])
def test_the_third_of_three_is_solved_for_and_this_is_said(judged: Any, axis: wc.Transforms, missing: str) -> None:
    text = "\n".join(f"{n} = {getattr(axis, n).tolist()}" for n in ("AT", "G", "BT") if n != missing)
    judged(text, ".py", "right", f"{missing} is solved for", f"{missing} is not in the file")


@pytest.mark.parametrize(
    "unread", ["table[k]", "f(4)", "scale * [[1, 2]]", "np.load('g.npy')", "[[1, 0, 0], [h, h, h]]"]
)
def test_a_matrix_that_is_in_the_file_is_never_solved_for(judged: Any, unread: str) -> None:
    judged(python(F23, order="02") + f"G = {unread}\n", ".py", "unjudged|nothing", "G")


def test_two_that_belong_to_no_third_are_refused(judged: Any) -> None:
    text = f"AT = {F23.AT.tolist()}\nBT = {with_entry(F23.BT, 1, 1, 5).tolist()}"
    judged(text, ".py", "wrong|nothing")


PREFIXED = python(F23, "AT_2", "G_2", "BT_2") + python(F43, "AT_4", "G_4", "BT_4")


def test_every_set_of_a_file_is_judged(judged: Any) -> None:
    judged(PREFIXED, ".py", "right", "F(2,3) with 4", "24 sums hold exactly", "F(4,3) with 6", "72 sums hold exactly")
    broken = F43.BT[3, 1]
    wrong = PREFIXED.replace(f"BT_4 = {F43.BT.tolist()}", f"BT_4 = {with_entry(F43.BT, 3, 1, broken + 1).tolist()}")
    judged(wrong, ".py", "wrong", "24 sums hold exactly", "not the correlation F(4,3)", "BT[3,1] is")
    keyed = {"f23": F23, "f43": F43}
    data = {
        key: {n: [[str(x) for x in row] for row in getattr(axis, n).tolist()] for n in ("AT", "G", "BT")}
        for key, axis in keyed.items()
    }
    judged(json.dumps(data), ".json", "right", "24 sums hold exactly", "72 sums hold exactly")


def test_a_second_set_with_a_matrix_that_cannot_be_read_is_named_and_blocks(
    tmp_path: Path, verify: Any, golden: Golden
) -> None:
    path = tmp_path / "two.py"
    for name in ("AT_4", "G_4", "BT_4"):
        path.write_text(PREFIXED.replace(f"{name} = ", f"{name} = scale * "), encoding="utf-8")
        (result,) = examine(path)
        assert result.error is None
        assert len(result.readings) == 1
        assert name in {item.name for item in result.unjudged if item.blocks}
        said = verify([path])
        assert said.code == 1
        assert "24 sums hold exactly" in said.text
        assert f"not judged: {name}" in said.text
        with golden.raises(DataError):
            load(path)


def test_transposes_beside_the_matrices_are_no_second_set(judged: Any) -> None:
    both = python(F43) + f"A = {F43.AT.T.tolist()}\nB = {F43.BT.T.tolist()}\nGT = {F43.G.T.tolist()}\n"
    judged(both, ".py", "right", "F(4,3)")
    wrong = with_entry(F43.BT.T, 0, 0, 7)
    judged(both.replace(f"B = {F43.BT.T.tolist()}", f"B = {wrong.tolist()}"), ".py", "wrong|unjudged", "B")


@pytest.mark.slow
@pytest.mark.parametrize("condition", ["if m == 2:", "elif m == 4:"])
def test_sets_in_branches_are_all_judged(judged: Any, condition: str) -> None:
    def block(axis: wc.Transforms, *, wrong: bool) -> str:
        BT = with_entry(axis.BT, 0, 0, 9) if wrong else axis.BT
        return "        " + python(wc.Transforms(axis.AT, axis.G, BT)).rstrip().replace("\n", "\n        ") + "\n"

    for wrong in (False, True):
        first = block(F23, wrong=wrong and condition == "if m == 2:")
        second = block(F43, wrong=wrong and condition != "if m == 2:")
        text = f"def mats(m):\n    if m == 2:\n{first}    elif m == 4:\n{second}    return AT, G, BT\n"
        judged(text, ".py", "wrong" if wrong else "right", *(["BT[0,0] is 9"] if wrong else ["F(2,3)", "F(4,3)"]))


@pytest.mark.parametrize(
    "text",
    [
        '{"kernel": [[3, 3]], "input": [[4, 4]], "output": [[2, 2]]}',
        '{"shapes": {"AT": [2, 4], "G": [4, 3], "BT": [4, 4]}}',
        '{"A": [[3]], "B": [[2]], "G": [[6]]}',
    ],
)
def test_shapes_and_one_row_make_no_set(judged: Any, text: str) -> None:
    judged(text, ".json", "nothing")
