"""Small files in the syntaxes of other people's repositories: the verdict on each, and what is said beside it."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

FILES = Path(__file__).parent / "files"
HOLDS = "F(2,3) with 4 multiplications, on {0, ±1, ∞}: a correlation; 24 sums hold exactly"
NOT_23 = "not the correlation F(2,3)"
CUT = (NOT_23, "6 of 24 sums", "G[1,0] is 0; 1/2 would", "G[1,2] is 0; 1/2 would", "G[2,1] is 0; -1/2 would")
NOTHING = "it needs three matrices"

RIGHT = [
    "brace_init.cpp",
    "buf2.c",
    "csv_hdr.txt",
    "data.c",
    "data_g.py",
    "jl2.jl",
    "mlx.h",
    "nb.ipynb",
    "npfull.py",
    "npmat.py",
    "npprint.txt",
    "opencl_half.cl",
    "partial.c",
    "ret.py",
    "rows.c",
    "rowscale.py",
    "scale2.py",
    "semicol.md",
    "space.cu",
    "srcdst.c",
    "stdarray.cpp",
    "sympy.txt",
    "tiny1.py",
    "tiny4.py",
    "tiny5.py",
    "tiny7.py",
    "tuple.py",
    "tut.py",
    "two.c",
    "unread.py",
    "vec.rs",
    "xyz.py",
    "zyx.py",
]

# The names of the files, the code of the command, and what is among the words it says.
SAID: list[tuple[str, int, Sequence[str]]] = [
    *((name, 0, (HOLDS,)) for name in RIGHT),
    ("sv.sv", 0, ("F(2,3) with 4 multiplications", "a correlation, up to the factor 2; 24 sums hold exactly")),
    ("structval.hpp", 0, (HOLDS, "F(4,3) with 6 multiplications, on {0, ±1, ±2, ∞}: a correlation; 72 sums")),
    ("AT.csv G.csv BT.csv", 0, (HOLDS,)),
    ("BT.csv AT.csv G.csv", 0, (HOLDS,)),
    # Which matrix is which, by its name or by the best fit.
    ("data.c", 0, ("AT is inverse_transform; G is weight_transform; BT is data_transform",)),
    ("mlx.h", 0, ("AT is out_transform, turned; G is wt_transform; BT is in_transform, turned",)),
    ("srcdst.c", 0, ("AT is dst_trans; G is wei_trans; BT is src_trans",)),
    ("xyz.py", 0, ("AT is X; G is Y; BT is Z",)),
    ("zyx.py", 0, ("AT is X; G is Y; BT is Z",)),
    ("unread.py", 0, ("AT is O; G is F; BT is I",)),
    ("ret.py", 0, ("AT is mats[2]; G is mats[1]; BT is mats[0]",)),
    # One product is wrong, and the entry is named.
    ("cs.cs", 1, (NOT_23, "1 of 24 sums", "BT[3,3] is -7; -1 would make it right")),
    ("j.java", 1, (NOT_23, "1 of 24 sums", "BT[3,3] is -7; -1 would make it right")),
    ("go_wrong.go", 1, (NOT_23, "1 of 24 sums", "BT[3,3] is -7; -1 would make it right")),
    ("srcdst_wrong.c", 1, (NOT_23, "2 of 24 sums", "G[3,2] is 3; 1 would make it right")),
    ("append.py", 1, (NOT_23, "BT[3,3] is 1; -1 would", "note: line 4 changes BT, and is followed: BT[3][3] = 1")),
    # Two mistakes in two matrices.
    ("paddle.py", 1, ("not the correlation F(6,3)", "5 of 144 sums", "BT[0,4] is -21/4; 21/4", "AT[5,7] is 0; 1")),
    # The type, or the division, cuts the halves of G to whole numbers.
    ("inttype.c", 1, CUT),
    ("floordiv.py", 1, (NOT_23, "6 of 24 sums", "G[1,0] is 0; 1/2 would", "G[2,1] is -1; -1/2 would")),
    ("astype.py", 1, CUT),
    # Data beside the matrices.
    ("tut.py", 0, ("taken for data: input (4×4)", "taken for data: kernel (3×3)")),
    ("data_g.py", 0, ("taken for data: g",)),
    ("two.c", 0, ("G is solved for", "G is not in the file: the other two matrices determine it")),
    # What was not understood.
    ("tileargs.py", 1, (HOLDS, "not judged: G_4 holds 'scale'", "not judged: BT_4 (6×6)", "not judged: AT_4 (4×6)")),
    # No matrices.
    ("cfg.py", 2, (NOTHING,)),
    ("cfg.txt", 2, (NOTHING,)),
    ("idx2.py", 2, (NOTHING,)),
    ("rep.py", 2, (NOTHING,)),
    ("threeg.md", 2, (NOTHING,)),
    ("usecols.py", 2, ("usecols.py: ",)),
    ("zeros_min.py", 2, (NOTHING,)),
    # One matrix alone; and a G, the 3×3 identity, that does not fit.
    ("AT.csv", 2, (NOTHING, "AT (2×4)")),
    ("G.npy", 2, (NOTHING, "G (3×3)")),
    ("AT.csv G.npy BT.csv", 2, ("AT (2×4)",)),
]


@pytest.mark.parametrize(("names", "code", "told"), SAID, ids=lambda value: value if isinstance(value, str) else "")
def test_each_file_gets_its_verdict(verify: Any, names: str, code: int, told: Sequence[str]) -> None:
    said = verify([FILES / name for name in names.split()])
    assert said.code == code, said.text
    for words in told:
        assert words in said.text
    assert ("hold exactly" in said.text) == (code == 0 or names == "tileargs.py")
    assert ("not judged: " in said.text) == (names == "tileargs.py")


def test_every_file_has_a_verdict() -> None:
    assert {path.name for path in FILES.iterdir()} == {name for names, _, _ in SAID for name in names.split()}


@pytest.mark.parametrize("name", ["brace_init.cpp", "stdarray.cpp", "tuple.py", "semicol.md", "vec.rs", "sympy.txt"])
def test_standard_input_is_read_like_a_file(verify: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((FILES / name).read_bytes())))
    said = verify(["-"])
    assert (said.code, HOLDS in said.text) == (0, True), said.text
