"""Archives and arrays of NumPy's: what is read of them, by their names."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.data.npz import archive_findings, array_findings
from wincook.interchange.read.tables import Findings


def saved(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_arrays_of_one_and_two_dimensions_are_tables() -> None:
    findings = archive_findings(
        saved(G=np.array([["1/2", "3"]]), BT=np.array([0.1, 1], np.float32), x=np.zeros((2, 2, 2)))
    )
    assert isinstance(findings, Findings)
    assert [(table.name, table.flat, str(table.matrix)) for table in findings.tables] == [
        ("G", False, "Matrix([[1/2, 3]])"),
        ("BT", True, "Matrix([[1/10, 1]])"),
    ]


def test_an_array_has_the_name_of_its_file(golden: Golden) -> None:
    file = io.BytesIO()
    np.save(file, np.eye(2))
    assert [table.name for table in array_findings(file.getvalue(), "AT").tables] == ["AT"]
    with golden.raises(DataError):
        array_findings(file.getvalue()[:90], "AT")
