"""The contents of files and of standard input, and the syntax that the first bytes of the latter tell."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.contents import Contents, contents

STARTS = {
    b"PK\x03\x04": ".npz",
    b"\x93NUMPY\x01": ".npy",
    b' {"AT": [[1]]}': ".json",
    b'{"cells": [], "nbformat": 4}': ".ipynb",
    b"{{1, 2}}": "",
    b"AT = [[1]]": "",
    b"": "",
}


@pytest.mark.parametrize("start", STARTS)
def test_the_first_bytes_of_standard_input_tell_its_syntax(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(start)))
    assert contents("-") == Contents(start, STARTS[start], "matrix")


def test_a_file_says_by_its_name_how_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "G_4.CSV"
    path.write_bytes(b"\xef\xbb\xbf1,2\r\n3,4\r")
    held = contents(path)
    assert (held.suffix, held.stem, held.text()) == (".csv", "G_4", "1,2\n3,4\n")


@pytest.mark.parametrize("data", [b"AT\0", b"\xff\xfe1"])
def test_what_is_no_text_is_refused(data: bytes, golden: Golden) -> None:
    with golden.raises(DataError, match="UTF-8"):
        Contents(data, ".txt", "x").text()
