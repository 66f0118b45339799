"""What a file says of its matrices has to hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

import wincook as wc
from tests.golden import Golden
from wincook.errors import AlgorithmError, DataError
from wincook.interchange.read.stated.claim import Claim, Stated, StatedSet
from wincook.interchange.read.tables import exact_table

AXIS = wc.algorithm("F(2,3)", "0, ±1, ∞").axes[0]
AT, G, BT = (exact_table(name, getattr(AXIS, name).tolist()) for name in ("AT", "G", "BT"))
CLAIM = Claim.of("F(2,3)", "correlation", 0, ["0, ±1, ∞"], joint=False)
STATED = Stated(CLAIM, (StatedSet((AT, G, BT)),))


def test_a_claim_that_holds_gives_the_algorithm() -> None:
    assert STATED.algorithm() == wc.algorithm("F(2,3)", "0, ±1, ∞")
    assert [reading.remarks for reading in replace(STATED, changed="it was changed").readings()] == [
        ("it was changed",)
    ]


def test_points_of_other_matrices_and_shapes_of_other_tiles_are_refused(golden: Golden) -> None:
    other = Claim.of("F(2,3)", "correlation", 0, ["0, 1, 2, ∞"], joint=False)
    with golden.raises(AlgorithmError):
        Stated(other, STATED.sets).algorithm()
    turned = Claim.of("F(3,2)", "correlation", 0, [], joint=False)
    with golden.raises(AlgorithmError):
        Stated(turned, STATED.sets).algorithm()
    with golden.raises(AlgorithmError):
        Stated(CLAIM, (StatedSet((AT, G, BT), contradiction="two things"),)).algorithm()


@pytest.mark.parametrize(
    ("tile", "kind", "modulus"), [("F(2)", "correlation", 0), ("F(2,3)", "filter", 0), ("F(2,3)", "correlation", 9)]
)
def test_claims_that_name_nothing_are_refused(tile: str, kind: str, modulus: int) -> None:
    with pytest.raises(DataError):
        Claim.of(tile, kind, modulus, [], joint=False)
