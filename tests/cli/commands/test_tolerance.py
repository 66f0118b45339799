from __future__ import annotations

import json

import pytest

from wincook.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["tolerance", *words])
    out, err = capsys.readouterr()
    return end.value.code, out, err


@pytest.mark.slow
def test_tolerance_answers_in_text_json_and_as_a_test(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("F(2x2,3x3)", "--channels", "4", "--probability", "1e-6", "--outputs", "1000")
    code, out, _ = run(capsys, *words)
    assert code == 0
    assert out.startswith("atol=")
    assert "4. rtol" in out
    code, out, _ = run(capsys, *words, "--json", "--pytest")
    answer = json.loads(out)
    assert (code, answer["probability"], answer["outputs"], answer["rigorous"]) == (0, 1e-6, 1000, False)
    assert f"atol={answer['atol']!r}" in answer["pytest"]
    assert run(capsys, *words, "--pytest")[1] == answer["pytest"]
    rigorous = json.loads(run(capsys, *words, "--json", "--rigorous")[1])
    assert rigorous["rigorous"]
    assert rigorous["atol"] > 10 * answer["atol"]


def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "F(2x2,3x3)", "--against", "int8")
    assert (code, err.count("\n")) == (2, 1)
    assert "float64, float32, float16" in err


def test_the_reference_takes_the_names_of_other_programs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "F(2x2,3x3)", "--against", "FP32", "--json")
    assert (code, json.loads(out)["against"]) == (0, "float32")
