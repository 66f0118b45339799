"""Objects with lists of rows: one group for each, in the order of the file; numbers are never rounded."""

from __future__ import annotations

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.data.json import object_findings, parsed


def test_every_object_with_rows_is_a_group() -> None:
    text = '{"a": {"AT": [[1, "1/2"]], "G": [[0.1], ["x"]]}, "sets": [{"BT": [[1]]}, {"n": 3}], "sizes": [2, 4]}'
    first, second = object_findings(parsed(text))
    assert ([table.name for table in first.tables], [item.name for item in first.unread]) == (["AT"], ["G"])
    assert [table.name for table in second.tables] == ["BT"]
    assert first.unread[0].is_matrix


def test_digits_are_kept(golden: Golden) -> None:
    assert parsed("[0.30000000000000004, 12345678901234567890]") == ["0.30000000000000004", "12345678901234567890"]
    with golden.raises(DataError):
        parsed("[NaN]")
    with golden.raises(DataError):
        object_findings([1, 2])
