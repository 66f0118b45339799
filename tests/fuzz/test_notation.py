"""Tiles, points, values of symbols, formats: any text is read, or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import strategies as st

from wincook.construct import algorithm
from wincook.construct.residue.modular import modular
from wincook.errors import WincookError
from wincook.formats import Format
from wincook.points import Points
from wincook.precision import Precision
from wincook.tile import Tile

Search = Callable[..., None]
Mutated = Callable[..., st.SearchStrategy[Any]]

NUMERALS = [
    *("0", "1", "-1", "±1", "+-2", "1/2", "±3/7", "-5/8", "1e-1", "1e99999999", "0.1", "1_0", "0x10", "1/0"),
    *("½", "٣", "inf", "∞", "nan", "i", "1±i"),
]
SYMBOLS = ["a", "-a", "1/a", "a^2", "√2", "√2/2", "sqrt(3)", "√-1", "e", "pi", "_", "x", "√(1+√2)", "a/0"]
FACTORS = [
    *("x^2+1", "x^2-x+1", "(x^2+1)^2", "inf^2", "0^3", "1^9", "x^99999", "2x+1", "x^2+1/0", "x**2", "x^-1"),
    *("x^x", "x^2+a", "(a+b)^8", "x^9-1"),
]
SIGNS = [*"+-*/^()[],;±∓.=×−√", "**", " ", "\t", "\n", "\0", "..", "⁻¹", "\x1b[31m", "\ud800"]
TILES = ["F(2,3)", "F(4x4,3x3)", "F(2×4,1×3)", "f( 2 , 3 )", "F(1,1)", "F(0,3)", "F(-1,3)", "F(1.5,3)", "F(2,3,4)"]
LARGE = [
    "F(999999999,3)",
    "F(3,99999999999999999999)",
    "F(64x64,64x64)",
    "F(2x2x2x2x2x2x2x2,3)",
    "F(1x" + "1x" * 999 + "1,3)",
]
POLICIES = ["float32", "float16", "bfloat16", "int8-winograd-domain", "float8_e5m2", "U=float16", "float16,M=float32"]

words = st.sampled_from([*NUMERALS, *SYMBOLS, *FACTORS, *SIGNS])
lists = st.lists(st.sampled_from([*NUMERALS, *SYMBOLS, *FACTORS]), max_size=8).map(",".join)
sentences = st.lists(words, max_size=12).map("".join)
grown = st.builds(lambda word, times: word * times, words, st.sampled_from([2, 100, 10_000, 200_000]))


changes = st.one_of(words, st.characters())


def texts(mutated: Mutated) -> st.SearchStrategy[str]:
    return st.one_of(mutated(lists, changes), mutated(sentences, changes), st.text(max_size=30), grown)


def tiles(mutated: Mutated) -> st.SearchStrategy[str]:
    return st.one_of(mutated(st.sampled_from(TILES), changes), st.sampled_from(LARGE), st.text(max_size=20))


@pytest.mark.slow
def test_any_text_is_read_or_refused(search: Search, mutated: Mutated) -> None:
    readers: list[Callable[[str], Any]] = [Tile.parse, Points.parse, Precision.of, Format.of]
    policies = mutated(st.sampled_from(POLICIES), changes)

    def check(case: tuple[Callable[[str], Any], str]) -> None:
        read, text = case
        with suppress(WincookError):
            str(read(text))

    search(st.tuples(st.sampled_from(readers), st.one_of(texts(mutated), tiles(mutated), policies)), check, 500, 40_000)


@pytest.mark.slow
def test_any_words_make_an_algorithm_or_are_refused(search: Search, mutated: Mutated) -> None:
    def check(case: tuple[str, str, str, int | None]) -> None:
        tile, points, value, prime = case
        with suppress(WincookError):
            made = algorithm(tile, points or None) if prime is None else modular(tile, prime, points or None)
            if value:
                made = made.at(a=value, b=value)
            made.verify()

    large = [2**61 - 1, 2**4423 - 1, 10**50]
    primes = st.one_of(st.none(), st.none(), st.sampled_from([-7, 0, 1, 2, 4, 7, 97, 65537, *large]))
    cases = st.tuples(tiles(mutated), texts(mutated), st.one_of(st.just(""), texts(mutated)), primes)
    search(cases, check, 150, 20_000)
