from __future__ import annotations

import re

import pytest

from tests.near import near
from wincook.reproduce.meng2019 import reproduce


@pytest.mark.slow
def test_products_and_speed_up_are_those_of_the_paper() -> None:
    """Two axes with ±i: 36 nested products, of which the complex ones take three real products each."""
    reproduction = reproduce()
    products, speedup = reproduction.findings
    assert (products.published, products.obtained, products.verdict) == (46, 46, "reached")
    assert speedup.obtained == near(144 / 46)
    assert speedup.verdict == "reached"


@pytest.mark.slow
def test_the_remark_compares_whole_bits() -> None:
    (remark,) = reproduce().remarks
    complex_bits, rational_bits = map(int, re.findall(r"take (\d+) bits rather than (\d+)", remark)[0])
    assert 8 < complex_bits < rational_bits
    assert f"{100 * (1 - complex_bits / rational_bits):.1f} % fewer" in remark
