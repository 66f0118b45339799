"""Files that are broken, or meant to break: one line, soon, that names the cause."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from tests.hang import at_once
from wincook.errors import DataError, NotationError, OutputError, WincookError
from wincook.interchange.read.examine import readings_of

SUFFIXES = (
    *(".json", ".npz", ".npy", ".csv", ".tsv", ".ipynb", ".py", ".c", ".java", ".go", ".rs", ".js", ".jl", ".m", ".sv"),
    *(".md", ".tex", ".txt", ""),
)


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, contents in members.items():
            zipped.writestr(f"{name}.npy", contents)
    return file.getvalue()


def npy(array: object) -> bytes:
    file = io.BytesIO()
    np.save(file, np.asarray(array), allow_pickle=True)
    return file.getvalue()


def claims(shape: str, dtype: str = "<f8") -> bytes:
    """An array file with this header, and next to nothing in it."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + b"\0" * 64


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "contents", "named"),
    [
        ("empty.json", b"", "no JSON"),
        ("half.json", b'{"AT": [[1', "no JSON"),
        ("binary.json", bytes(range(1, 256)), "UTF-8"),
        ("utf16.json", '{"AT": 1}'.encode("utf-16"), "UTF-8"),
        ("list.json", b"[1, 2]", "no object"),
        ("deep.json", b"[" * 250_000, "deeply nested"),
        ("nan.json", b'{"AT": [[NaN]]}', "NaN"),
        ("infinite.json", b'{"AT": [[1e400]]}', "1e400"),
        ("long.json", b'{"AT": [[' + b"9" * 225_000 + b"]]}", "999"),
        ("text.json", b'{"AT": [["__import__(\'os\')"]]}', "__import__"),
        ("tower.json", b'{"AT": [["9**9**9"]]}', "power"),
        ("roots.json", b'{"AT": [["' + b"+".join(b"sqrt(%d)" % k for k in range(2, 40)) + b'"]]}', "root"),
        (
            "fields.json",
            b'{"AT":[["sqrt(2)",1,1],[1,"sqrt(3)",1]],"G":[["sqrt(5)",1],[1,1],[1,1]],"BT":[[1,2,3],[1,2,4],[1,2,5]]}',
            "mixes",
        ),
        ("zero.json", b'{"AT": [["1/0"]]}', "zero"),
        ("true.json", b'{"AT": [[true]]}', "True"),
        ("ragged.json", b'{"AT": [[1, 2], [3]]}', "rows of 1 and 2"),
        ("large.json", b'{"AT": [[' + b"1," * 70 + b"1]," + b"[1]]}", "rows of"),
        ("wide.csv", b"AT\n" + b"1," * 5000 + b"1\n", "5001"),
        ("word.csv", b"AT\n1,2\n1,two\n", "line 3"),
        ("empty.csv", b"\n\n", "no rows"),
        ("nul.csv", b"AT\n1,\0,2\n", "UTF-8"),
        ("latin.csv", "AT\n1,½\n".encode("latin-1"), "UTF-8"),
        ("no.npz", b"PK\x03\x04 no archive", "no npz"),
        ("bomb.npz", archive(AT=b"\0" * (64 << 20)), "unpacks to"),
        ("many.npz", archive(**{f"a{k}": npy([1]) for k in range(100)}), "100 arrays"),
        ("claims.npz", archive(AT=claims("(1000000000, 1000000000)")), "shape"),
        ("negative.npz", archive(AT=claims("(-1, 4)")), "no npz"),
        ("short.npz", archive(AT=claims("(4, 6)")), "no npz"),
        ("header.npz", archive(AT=claims("__import__('os').getpid()")), "no npz"),
        ("words.npz", archive(AT=claims("(2, 2)", "<U1000000")), "U1000000"),
        ("pickle.npz", archive(AT=npy(np.array([{}], dtype=object))), "object"),
        ("nan.npz", archive(AT=npy([[np.nan]])), "finite"),
        ("complex.npz", archive(AT=npy([[1j]])), "complex"),
        ("big.npz", archive(AT=npy([[1e300]])), "1e+300"),
        ("call.py", b"AT = __import__('os').system('false')\n", "__import__"),
        ("call2.py", b"AT = [[__import__('os')]]\n", "__import__"),
        ("tower.py", b"AT = [[9**9**9]]\n", "power"),
        ("growth.py", b"x = 9**64\n" + b"x = x*x\n" * 100 + b"AT = [[x]]\n", "'x'"),
        ("signs.py", b"AT = [[" + b"-" * 225_000 + b"1]]", "more than 4096"),
        ("powers.py", b"AT = [[" + b"1**" * 150_000 + b"1]]", "more than 150000 words"),
        ("brackets.py", b"AT = [[" + b"(" * 225_000, "more than 150000 words"),
        ("lists.py", b"AT = " + b"[" * 225_000, "more than 150000 words"),
        ("equals.py", b"a=" * 225_000, "more than 150000 words"),
        ("constants.py", b"a=1;" * 125_000, "more than 30000 statements"),
        ("tables.py", b"a=[1];" * 75_000, "more than 30000 statements"),
        ("sums.py", b"a=" + b"1+" * 200_000 + b"1", "more than 150000 words"),
        ("digits.py", b"a=[" + b"1" * 225_000 + b"x]", "it needs three matrices"),
        ("comments.c", b"/*" * 250_000, "it needs three matrices"),
        ("stars.c", b"/*" + b"\n" * 250_000 + b"*" * 250_000, "it needs three matrices"),
        ("quotes.c", b'\\"' * 250_000, "more than 150000 words"),
        ("blanks.c", b" \t" * 250_000, "it needs three matrices"),
        ("junk.c", bytes(range(1, 256)) * 2000, "more than 150000 words"),
        ("open.tex", b"\\begin{matrix} 1 & 2 " * 20_000, "more than 150000 words"),
        ("keys.cpp", b"{a," * 49_000, "it needs three matrices"),
        ("changes.py", b"BT=[[1,2],[3,4]]\n" + b"BT[0][0]=1\n" * 28_000, "more than 1000 changes"),
        ("nul.c", b"float AT[1] = {1};\0", "UTF-8"),
        ("half.c", b"const float G[4][3] = {{1, 0, 0}, {0.5f, ", "breaks off"),
        ("numbers.c", b"float a[2] = {" + b"1," * 250_000 + b"1};", "more than 150000 words"),
        ("two.c", b"float AT[1][2] = {{1, 2}}, G[2][1] = {{1}, {2}};", "AT (1×2)"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_broken_and_hostile_files_are_refused_in_one_line(
    tmp_path: Path, name: str, contents: bytes, named: str
) -> None:
    path = tmp_path / name
    path.write_bytes(contents)
    with at_once(), pytest.raises(WincookError) as caught:
        readings_of(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert named in message
    assert len(message) < len(str(path)) + 260
    assert "\n" not in message


@pytest.mark.parametrize(("name", "most"), [("huge.json", 2048), ("huge.npz", 512), ("huge.c", 512)])
def test_huge_files_and_bombs_take_no_memory(tmp_path: Path, name: str, most: int, golden: Golden) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(1 << 32)
    tracemalloc.start()
    try:
        with golden.raises(DataError, match=f"larger than {most} KiB"):
            readings_of(tmp_path / name)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.json").symlink_to(tmp_path / "folder")
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    os.mkfifo(tmp_path / "pipe.json")
    for name, error, named in (
        ("link.json", DataError, "no regular file"),
        ("pipe.json", DataError, "no regular file"),
        ("loop.json", OutputError, "loop.json"),
        ("none.json", OutputError, "No such file"),
        ("nul\0.json", NotationError, "path"),
    ):
        with pytest.raises(error, match=named):
            readings_of(tmp_path / name)


WORDS = (
    'AT G BT A B C = [ ] { } ( ) , ; 1 - / 0.5f * ** sqrt(2) 1e9 np.array( #define // /* */ : " [[1,1],[0,1]] {{1},{2}}'
    r" | ⎡1⎤ \begin{bmatrix} \end{bmatrix} & \\ \frac12 .T ./ // # % ` ``` vec![ += ++ for in float int [2][2] <<"
)
fragments = st.lists(
    st.sampled_from([*WORDS.split(), " ", "\n"]),
    max_size=60,
).map(lambda words: "".join(words).encode())


@pytest.mark.slow
@settings(max_examples=160)
@given(
    st.one_of(st.binary(max_size=200), fragments, fragments.map(lambda text: archive(AT=text))),
    st.sampled_from(SUFFIXES),
)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, contents: bytes, suffix: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"fuzz{suffix}"
    path.write_bytes(contents)
    with suppress(WincookError):
        assert all(reading.axis.multiplications for reading in readings_of(path))
