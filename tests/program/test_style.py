"""Styles: named choices, printed, and refused with the names that there are."""

from tests.golden import Golden
from wincook.errors import NotationError
from wincook.program.style import AIMS, PASSES, Style


def test_the_default_is_what_is_left_unsaid() -> None:
    assert Style() == Style("balanced", "written", fma=True)
    assert str(Style()) == "balanced"
    assert str(Style("additions", "huffman", fma=False)) == "additions, huffman order, no fma"
    assert len({Style(), Style("balanced"), Style(fma=False)}) == 2


def test_unknown_names_are_refused_with_the_known_ones(golden: Golden) -> None:
    with golden.raises(NotationError, match="'speed'"):
        Style("speed")
    with golden.raises(NotationError, match="'random'"):
        Style(order="random")


def test_chains_name_passes_that_there_are_and_each_pass_is_used() -> None:
    assert {name for chains in AIMS.values() for chain in chains for name in chain} == set(PASSES)
