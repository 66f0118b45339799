from __future__ import annotations

import json

import pytest

from tests.golden import Golden
from wincook.cli.group import command_named
from wincook.errors import FormatError

app = command_named("residues")


@pytest.mark.slow
def test_the_table_tells_moduli_widths_and_cost(capsys: pytest.CaptureFixture[str]) -> None:
    app(["F(12x12,5x5)", "--bits", "16", "--channels", "64"], standalone_mode=False)
    out = capsys.readouterr().out
    assert "65521, 65519" in out
    assert "accumulate 37" in " ".join(out.split())
    assert "25.00" in out
    assert "7.03" in out
    assert "proven: F(12x12,5x5) modulo 65521, 65519: 3840 identities hold exactly" in out


def test_json_holds_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    app(["F(14,5)", "--inputs", "uint8", "--filters", "-7..7", "--json"], standalone_mode=False)
    data = json.loads(capsys.readouterr().out)
    assert data["moduli"] == [251, 241]
    assert data["inputs"] == [0, 255]
    assert data["largest"] == 5 * 255 * 7
    assert data["multiplications"] == 36
    assert data["direct_multiplications"] == 70
    assert data["proven"] is True


def test_bad_input_is_an_error_of_the_family(golden: Golden) -> None:
    with golden.raises(FormatError, match="4"):
        app(["F(14,5)", "--bits", "4"], standalone_mode=False)
