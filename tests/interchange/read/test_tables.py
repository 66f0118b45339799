"""Tables: shapes, doubts, and which statements change them."""

from __future__ import annotations

import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell, grid, literal
from wincook.interchange.read.tables import Change, Findings, Table, exact_table, table

CELLS = [[Cell(1), Cell(2)], [Cell(3), literal("0.4999999")]]


def named(name: str, *, scope: tuple[str, ...] = (), line: int = 3) -> Table:
    return table(name, grid([[Cell(1), Cell(2)]]), scope=scope, line=line)


def test_a_flat_list_takes_the_declared_shape_if_that_has_as_many_numbers() -> None:
    flat = grid([Cell(k) for k in range(6)])
    assert table("G", flat, (3, 2)).matrix.shape == (3, 2)
    assert (table("G", flat, (4, 2)).flat, table("G", flat, (4, 2)).matrix.shape) == (True, (1, 6))
    assert table("G", grid(CELLS)).doubts == ("G[1,1] is 0.4999999",)


@pytest.mark.parametrize("shape", [(0,), (2, 0), (1, 2, 2), (1, 513)])
def test_what_is_no_matrix_is_refused(shape: tuple[int, ...], golden: Golden) -> None:
    array = grid([Cell(1)] * 0) if 0 in shape else grid([Cell(1)] * (4 if len(shape) > 2 else 513)).reshape(shape)
    with golden.raises(DataError):
        table("G", array.reshape(shape))
    with golden.raises(DataError, match=r"1.*2"):
        exact_table("G", [[Cell(1).value], [1, 2]])


def test_a_change_concerns_what_it_can_reach() -> None:
    reached = [
        (Change("G", "", 4), named("G")),
        (Change("G", "", 4, None), named("G", scope=("f",))),
        (Change("self.G", "", 4), named("self.G", scope=("W", "f"))),
        (Change("G", "", 4), named("G[1]")),
    ]
    others = [
        (Change("G", "", 2), named("G")),
        (Change("G", "", 4, ("f",)), named("G")),
        (Change("G", "", 4), named("G_4")),
    ]
    assert all(change.concerns(matrix) for change, matrix in reached)
    assert not any(change.concerns(matrix) for change, matrix in others)


def test_what_is_changed_is_not_known() -> None:
    findings = Findings([named("G"), named("BT")], changes=[Change("BT", "BT[0][0] = 1", 9)])
    ((matrix, unread),) = findings.changed()
    assert (matrix.name, unread.is_matrix) == ("BT", True)
    assert unread.reason == "BT is not known, since line 9 changes it: BT[0][0] = 1"
