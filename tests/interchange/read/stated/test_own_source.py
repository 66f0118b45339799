"""Headers of exports, and literals that round the number in the comment beside them."""

from __future__ import annotations

import pytest

import wincook as wc
from wincook.interchange.read.stated.own_source import stated_header, with_exact_numbers
from wincook.interchange.write.export import export


@pytest.mark.parametrize("kind", ["text", "unicode", "latex", "c", "numpy"])
@pytest.mark.parametrize("tile", ["F(2,3)", "F(2x4,3x2)"])
def test_a_header_says_tile_kind_and_points(kind: str, tile: str) -> None:
    algorithm = wc.algorithm(tile).transpose()
    claim = stated_header(export(algorithm, kind))
    assert claim is not None
    assert (claim.tile, claim.kind, claim.modulus, claim.joint) == (algorithm.tile, algorithm.kind, 0, False)
    assert claim.points == algorithm.points


def test_other_text_has_no_header() -> None:
    assert stated_header("F(2,3), a correlation: y = AT [(G g) * (BT d)]\n") is None


def test_a_literal_stands_for_the_number_that_it_rounds() -> None:
    text, constants = with_exact_numbers("{(float)0.47140452079103168 /* sqrt(2)/3 */, (float)0.4714 /* sqrt(2)/3 */}")
    assert text == "{exact_0, (float)0.4714 /* sqrt(2)/3 */}"
    assert str(constants["exact_0"].value) == "sqrt(2)/3"
