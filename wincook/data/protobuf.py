"""The fields of a protobuf message, one after the other, so that a part can be read without the whole.

Protobuf itself makes an object of every message in a file, a hundred bytes or more for two: here none is made, and no
message has more than a given number of fields. The encoding: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator

_MOST_FIELDS = 200_000
_LONGEST_VARINT = 10  # bytes
_SHIFT = 7  # bits in a byte of one


def fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field: an integer, or the bytes of a text, a message or packed numbers.

    Raises:
        ValueError: no message, one that is cut off, or one of more fields than any model has.
    """
    place = 0
    for _ in range(_MOST_FIELDS):
        if place == len(message):
            return
        key, place = _varint(message, place)
        match key & 7:
            case 0:
                value, place = _varint(message, place)
                yield key >> 3, value
            case 1:
                place += 8
            case 2:
                length, place = _varint(message, place)
                yield key >> 3, message[place : place + length]
                place += length
            case 5:
                place += 4
            case _:
                raise ValueError("a field of no known kind")
        if place > len(message):
            raise ValueError("a field that is cut off")
    raise ValueError("more fields than a model has")


def integers(value: int | memoryview) -> Iterator[int]:
    """Those of a repeated field of int64, packed or not."""
    if isinstance(value, int):
        yield _signed(value)
        return
    place = 0
    while place < len(value):
        number, place = _varint(value, place)
        yield _signed(number)


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    """An integer in groups of seven bits, the lowest first, and where it ends."""
    number = 0
    for shift, byte in enumerate(message[place : place + _LONGEST_VARINT]):
        number |= (byte & 127) << _SHIFT * shift
        if not byte >> _SHIFT:
            return number, place + shift + 1
    raise ValueError("an integer that does not end")


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number
