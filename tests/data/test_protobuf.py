from __future__ import annotations

import pytest

from wincook.data.protobuf import fields, integers


def test_fields_are_those_of_the_encoding_guide() -> None:
    """Examples of protobuf.dev/programming-guides/encoding: 150 in field 1, "testing" in field 2."""
    message = memoryview(b"\x08\x96\x01\x12\x07testing\x1d\0\0\0\0\x21" + bytes(8))
    assert [(number, value if isinstance(value, int) else bytes(value)) for number, value in fields(message)] == [
        (1, 150),
        (2, b"testing"),
    ]
    assert [*integers(memoryview(b"\x03\x8e\x02\x9e\xa7\x05"))] == [3, 270, 86942]
    assert [*integers((1 << 64) - 2)] == [-2]


@pytest.mark.parametrize(
    "message", [b"\x08", b"\x08\x80", b"\x12\x08testing", b"\x0b", b"\x1d\0", b"\xff" * 11, b"\x21"]
)
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match=r"integer|field"):
        list(fields(memoryview(message)))
