from __future__ import annotations

import numpy as np
import pytest

from tests.golden import Golden
from tests.near import near
from wincook.errors import DataError, NotationError
from wincook.quantisation.affine import KINDS, Affine


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("low", "high"), [(0, 4), (-3, 0), (-1, 4), (2, 3), (-3, -2)])
def test_a_scale_covers_its_range_and_has_an_exact_zero(kind: str, low: float, high: float) -> None:
    affine = Affine.covering(low, high, kind)
    least, most = KINDS[kind]
    numbers = np.linspace(min(low, 0), max(high, 0), 999)
    q = affine.quantised(numbers, kind)
    assert q.dtype == kind
    assert (int(q.min()), int(q.max())) == (least, most)
    assert (
        np.abs(affine.real(q) - numbers).max() <= affine.scale * 1.001
    )  # half for the number, half for the zero point
    assert affine.real(affine.quantised(np.zeros(1), kind)).tolist() == [0]


def test_numbers_are_those_of_the_definition() -> None:
    affine = Affine(0.25, 2)
    assert affine.quantised(np.array([-1e9, -0.5, 0.125, 0.375, 1e9]), "int8").tolist() == [-128, 0, 2, 4, 127]
    assert affine.real(np.array([0, 2, 255], np.uint8)).tolist() == [-0.5, 0, 63.25]
    assert affine.real(np.array([0], np.uint8)).dtype == np.float32
    assert Affine.covering(0, 51).scale == near(0.2)


def test_bad_scales_are_refused_by_name(golden: Golden) -> None:
    for scale in (0, -1.0, float("nan"), float("inf")):
        with golden.raises(DataError, match="scale"):
            Affine(scale)
    with golden.raises(DataError, match="300"):
        Affine(1.0, 300)
    with golden.raises(DataError):
        Affine.covering(0, 0)
    with golden.raises(NotationError, match="int4"):
        Affine(1.0).quantised(np.zeros(1), "int4")
    with golden.raises(DataError):
        Affine(1.0).quantised(np.array([np.nan]))
