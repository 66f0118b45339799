"""The numbers and documents of wincook's own JSON."""

from __future__ import annotations

import pytest
import sympy

import wincook as wc
from tests.golden import Golden
from wincook.errors import DataError
from wincook.interchange.read.stated.own_json import exact_entry, is_document, stated_document
from wincook.interchange.write.plain import plain_algorithm


@pytest.mark.parametrize("text", ["-5/4", "3*sqrt(2)/4", "a**(-2)", "-a/(2*a**2 - 2)", "sqrt(2 + sqrt(2))", "I/2"])
def test_numbers_are_those_of_sympy(text: str) -> None:
    assert sympy.simplify(exact_entry(text) - sympy.sympify(text)) == 0


@pytest.mark.parametrize("text", ["", "1/0", "__import__('os')", "a**99", "a + b + c", "(" * 40 + "1" + ")" * 40])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        exact_entry(text)


def test_a_document_states_its_algorithm(golden: Golden) -> None:
    algorithm = wc.algorithm("F(2x4,3x2)")
    contents = plain_algorithm(algorithm)
    assert is_document(contents)
    assert stated_document(contents).algorithm() == algorithm
    assert not is_document({"axes": []})
    with golden.raises(DataError):
        stated_document({**contents, "modulus": "-7"})
