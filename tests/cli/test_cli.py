from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.near import near
from wincook.cli.group import COMMANDS
from wincook.version import __version__

Run = Callable[..., tuple[int, str, str]]
EMIT_C, SMALL = ("emit", "F(2x2,3x3)", "--kind", "c"), "2x9x9 -> 4, 3x3"


def test_every_command_has_help_with_an_example_that_starts_with_its_name(run: Run) -> None:
    for command in COMMANDS:
        code, out, _ = run(command, "--help")
        assert code == 0
        assert f"Example: wincook {command}" in out
        assert "--json" in out


def test_no_words_at_all_give_help(run: Run) -> None:
    code, out, err = run()
    assert (code, err) == (0, "")
    assert all(command in out for command in COMMANDS)


def test_habits_of_command_lines_are_kept(run: Run) -> None:
    assert run("--version") == (0, f"wincook {__version__}\n", "")
    assert run("-h") == run("--help")
    assert run("show", "-h") == run("show", "--help")


def test_show_prints_lavins_matrices(run: Run) -> None:
    code, out, _ = run("show", "F(4,3)", "--points", "0,±1,±2,inf", "--programs")
    assert code == 0
    assert "1/24   1/12   1/6" in out
    assert "V0 = fma(d2, -5, t0)" in out


def test_show_gives_exact_strings_as_json(run: Run) -> None:
    code, out, _ = run("show", "F(2x4,1x3)", "--points", "0,inf; 0,+-1,+-1/3,inf", "--json", "--programs")
    data = json.loads(out)
    assert code == 0
    assert data["multiplications"] == 12
    assert data["points"] == ["0, ∞", "0, ±1, ±1/3, ∞"]
    assert [len(axis["BT"]) for axis in data["axes"]] == [2, 6]
    assert Fraction(data["axes"][1]["AT"][3][3]) == Fraction(1, 27)
    assert data["programs"]["input"][1]["cost"]["fmas"] > 0


def test_show_exports_as_text_json_and_files(run: Run, tmp_path: Path) -> None:
    words = ("show", "F(2,3)", "--programs", "--as")
    code, text, _ = run(*words, "c")
    assert code == 0
    assert "static void input_transform(const float d[4], float V[4])" in text
    assert json.loads(run(*words, "c", "--json")[1]) == {"tile": "F(2,3)", "kind": "c", "text": text}
    assert json.loads(run(*words, "json")[1]) == json.loads(run("show", "F(2,3)", "--programs", "--json")[1])
    path = tmp_path / "new" / "f23.h"
    for _ in range(2):  # the old file is replaced
        assert run(*words, "c", "--out", str(path)) == (0, f"wrote {path}\n", "")
    assert path.read_text(encoding="utf-8") == text
    written = json.loads(run("show", "F(2,3)", "--as", "npz", "--out", str(tmp_path / "f23.npz"), "--json")[1])
    assert written == {"path": str(tmp_path / "f23.npz"), "tile": "F(2,3)", "kind": "npz"}
    assert run("verify", written["path"])[0] == 0


def test_verify_condition_and_analyse_answer_in_json(run: Run) -> None:
    assert json.loads(run("verify", "F(20,3)", "--json")[1]) == {
        "tile": "F(20,3)",
        "multiplications": 22,
        "identities": 1320,
        "symbols": [],
        "proven": True,
    }
    rows = json.loads(run("condition", "F(2,3)", "F(4x4,3x3)", "--json")[1])
    assert rows[0]["raw"]["AT"]["kappa_2"] == near(1.0)
    reports = json.loads(run("analyse", "F(2x2,3x3)", "-f", "float32", "-f", "float16", "-n", "100", "--json")[1])
    assert [report["format"] for report in reports] == ["float32", "float16"]
    assert all(0 < report["measured"]["rms"] < report["bound"] for report in reports)


def test_tables_name_theory_and_sample(run: Run) -> None:
    out = run("analyse", "F(2,3)", "--seed", "7", "-n", "50")[1]
    assert "Theory" in out
    assert "seed 7" in out
    assert "κ₂" in run("condition", "F(2,3)")[1]


@pytest.mark.slow
def test_verify_judges_files_and_names_a_wrong_entry(run: Run, tmp_path: Path) -> None:
    shown = json.loads(run("show", "F(4,3)", "--points", "0,±1,±2,inf", "--json")[1])
    path = tmp_path / "matrices.json"
    path.write_text(json.dumps(shown), encoding="utf-8")
    code, out, _ = run("verify", str(path))
    assert code == 0
    assert "on {0, ±1, ±2, ∞}: a correlation; 72 sums hold exactly" in out
    shown["axes"][0]["G"][3][1] = "1/11"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(shown), encoding="utf-8")
    code, out, _ = run("verify", str(wrong))
    assert code == 1
    assert "not the correlation F(4,3): 16 of 72 sums are wrong" in out
    assert "Σ_k AT[0,k] G[k,1] BT[k,1] is" in out
    assert "G[3,1] is 1/11; 1/12 would make it right" in out
    first, second = json.loads(run("verify", str(path), str(wrong), "--json")[1])
    assert (first["kind"], second["kind"], second["nearest"]) == ("correlation", None, "correlation")
    assert (second["wrong"], len(second["wrong_sums"]), second["products"]) == (16, 16, [3])
    code, _, err = run("verify", str(path), str(tmp_path / "none.json"))
    assert code == 2
    assert "none.json" in err


@pytest.mark.slow
def test_verify_tells_how_a_source_file_was_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "winograd.h"
    rows = "{{1, 0, 0}, {HALF, HALF, HALF}, {0.500000001f, -HALF, HALF}, {0, 0, 1}}"
    path.write_text(
        f"#define HALF 0.50000000f\nfloat ktm[4][3] = {rows};\n"
        "float otm[4][2] = {{1, 0}, {1, 1}, {1, -1}, {0, -1}};\n"
        "float itm[4][4] = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};",
        encoding="utf-8",
    )
    code, out, _ = run("verify", str(path))
    assert code == 1
    assert "inexact: nearly the correlation F(2,3), but 4 of 24 sums are off, by up to 1.0e-09" in out
    assert "AT is otm, turned; G is ktm; BT is itm" in out
    assert "ktm[2,0] is 0.500000001" in out
    path.write_text(path.read_text(encoding="utf-8").replace("0.500000001f", "HALF"), encoding="utf-8")
    code, out, _ = run("verify", str(path))
    assert (code, out.splitlines()[0]) == (
        0,
        "F(2,3) with 4 multiplications, on {0, ±1, ∞}: a correlation; 24 sums hold exactly",
    )


@pytest.mark.slow
def test_balance_cures_float16(run: Run) -> None:
    words = ("analyse", "F(8x8,3x3)", "-p", "0, ±1, ±1/2, ±2, -1/4, 4, ∞", "-f", "float16", "-n", "50", "--json")
    raw, cured = (json.loads(run(*words, *more)[1])[0]["measured"]["rms"] for more in ((), ("--gauge", "balance")))
    assert cured < raw / 20


def test_gauges_and_bases_have_names(run: Run) -> None:
    words = ("show", "F(4,3)", "--points", "0,±1,±2,inf")
    assert "1/8" in run(*words, "--gauge", "balance")[1]
    assert json.loads(run(*words, "--gauge", "output", "--json")[1])["axes"][0]["G"][3] == ["1", "2", "4"]
    assert "6/7" in run(*words, "--basis", "legendre:BT,G", "--programs")[1]
    assert run("verify", "F(6,3)", "--gauge", "balance", "--basis", "hadamard:BT")[0] == 0
    for wrong, said in (
        (("--gauge", "best"), "known are balance, equilibrate, integer"),
        (("--basis", "hermite"), "known are legendre, chebyshev, hadamard"),
        (("--basis", "legendre:A"), "known are AT, G, BT"),
        (("--basis", "hadamard"), "its size must be a power of two"),
    ):
        code, _, err = run(*words, *wrong)
        assert code == 2
        assert said in err


def test_emit_takes_scales_of_layers(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # nothing is compiled
    formats = ("--input-format", "uint8", "--output-format", "int8", "--name", "net", "--out", str(tmp_path / "net"))
    layers = [word for given in ("1=0.05,128", "2=0.25") for word in ("--layer", SMALL, "--x-scale", f"layer_{given}")]
    scales = ("--y-scale", "layer_2=0.5", "--y-scale", "layer_1=0.1,-5")
    code, _, err = run(*EMIT_C, *formats, *layers, *scales)
    assert (code, err) == (0, "")
    header = (tmp_path / "net" / "net.h").read_text(encoding="utf-8")
    said = re.findall(r"#define NET_LAYER_(\d)_(?:SCALE|ZERO)_OF_([XY]) (\S+)", header)
    assert said == [
        *(("1", "X", "0.05f"), ("1", "Y", "0.1f"), ("1", "X", "128"), ("1", "Y", "-5")),
        *(("2", "X", "0.25f"), ("2", "Y", "0.5f"), ("2", "X", "0"), ("2", "Y", "0")),
    ]


def test_emit_reads_the_words_that_headers_print(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # nothing is compiled
    words, elements = "scale, residual, clamp(-1, 2), max pool", ("--residual-format", "uint8")
    given = (
        "--epilogue",
        words,
        *elements,
        "--residual-scale",
        "0.1,5",
        "--name",
        "conv",
        "--out",
        str(tmp_path / "c"),
    )
    assert run(*EMIT_C, *given)[0] == 0
    header = (tmp_path / "c" / "conv.h").read_text(encoding="utf-8")
    said = dict(re.findall(r'#define CONV_(EPILOGUE|SCALE_OF_RESIDUAL|ZERO_OF_RESIDUAL) ("[^"]*"|\S+)', header))
    assert said == {"EPILOGUE": f'"{words}"', "SCALE_OF_RESIDUAL": "0.1f", "ZERO_OF_RESIDUAL": "5"}


def test_emit_writes_a_module(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("emit", "F(2x2,3x3)", "--layout", "NHWC", "--out", str(tmp_path), "--json")
    assert code == 0
    assert Path(json.loads(out)["path"]).parent == tmp_path
    assert "NHWC" in Path(json.loads(out)["path"]).read_text(encoding="utf-8")


@pytest.mark.slow
def test_doctor_finds_the_kernel_right(run: Run) -> None:
    code, out, _ = run("doctor", "--json")
    findings: dict[str, Any] = json.loads(out)
    assert code == 0
    assert findings["kernel is right"] is True
    assert findings["instruction set"]


def test_the_demo_without_scipy_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wincook.cli.commands.demo.find_spec", lambda _: None)
    code, _, err = run("demo")
    assert code == 2
    assert "pip install 'wincook[demo]'" in err


def test_an_interrupt_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wincook.cli.algorithms.algorithm_of", interrupt)
    assert run("verify", "F(2,3)") == (130, "", "wincook: interrupted; nothing half-written is left behind\n")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["show", "F(4,0)"], "r = 0"),
        (["show", "F(4;3)"], "F(4;3)"),
        (["show", "F(4,3x3)"], "F(4,3x3)"),
        (["show"], "TILE"),
        (["show", "F(4,3)", "--points", "0,1,1,2,3,inf"], "point 1"),
        (["show", "F(4,3)", "--points", "0,1,inf"], "needs 6 points"),
        (["show", "F(4,3)", "--points", "0,±1,±2,inf,5"], "needs 6 points"),
        (["show", "F(4,3)", "--points", "0,1,2,inf,3,inf"], "∞ stands twice"),
        (["show", "F(4,3)", "--points", "0,one"], "'one'"),
        (["show", "F(4,3)", "--points", ""], "points"),
        (["show", "F(4,3)", "--colour"], "--colour"),
        (["show", "F(4,3)", "--as", "fortran"], "text, unicode, latex, json, numpy, c, npz, csv"),
        (["show", "F(4,3)", "--as", "npz"], "--out FILE"),
        (["show", "F(4,3)", "--out", "matrices.h"], "--as"),
        (["show", "F(4,3)", "--as", "c", "--out", "/dev/null/x.h"], "/dev/null/x.h"),
        (["show", "F(2,3)", "-p", "0,a,1,inf", "--as", "c"], "at(a=...)"),
        (["show", "F(2,3)", "-p", "0,a,1,inf", "--as", "latex", "--programs"], "symbol"),
        (["verify", "F(2x2,3x3)", "--points", "0,±1,inf;0,±1,inf;0,±1,inf"], "2 axes"),
        (["condition"], "TILE"),
        (["analyse", "F(2,3)", "--format", "float99"], "float99"),
        (["analyse", "F(2,3)", "--law", "cauchy"], "cauchy"),
        (["analyse", "F(2,3)", "--samples", "0"], "samples = 0"),
        (["analyse", "F(2,3)", "--channels", "-4"], "channels = -4"),
        (["analyse", "F(2,3)", "--samples", "many"], "--samples"),
        (["emit", "F(2,3)"], "two axes"),
        (["emit", "F(2x2x2,3x3x3)"], "F(2x2x2,3x3x3)"),
        (["emit", "F(2x2,3x3)", "--kind", "cuda"], "cuda"),
        (["emit", "direct"], "--layer"),
        (["emit", "direct", "--layer", "4x9x9 -> 4, 3x3", "--points", "0,1,inf"], "--points"),
        (["emit", "depthwise", "--layer", "4x9x9 -> 4, 3x3"], "one channel a group"),
        (["emit", "F(2x2,3x3)", "--layer", "4x9x9 -> 4, 3x3", "--filters", "8"], "--filters"),
        (["emit", "F(2x2,3x3)", "--layer", "4x9x9 -> 4, 3x3, dilation 2", "--kind", "asm"], "the code of one kernel"),
        (["emit", "F(2x2,3x3)", "--kind", "c", "-f", "INT8"], "--calibration FILE"),
        ([*EMIT_C, "--calibration", "c.json"], "--format is float32"),
        ([*EMIT_C, "--x-scale", "1"], "--input-format is float32"),
        ([*EMIT_C, "--y-scale", "1"], "--output-format is float32"),
        ([*EMIT_C, "--input-format", "uint8"], "give --x-scale SCALE[,ZERO], such as"),
        ([*EMIT_C, "--output-format", "int8"], "give --y-scale SCALE[,ZERO], such as"),
        ([*EMIT_C, "--input-format", "uint8", "--x-scale", "0"], "--x-scale '0'"),
        ([*EMIT_C, "--input-format", "uint8", "--x-scale", "0.1,1.5"], "'1.5' is no whole number"),
        ([*EMIT_C, "--input-format", "uint8", "--x-scale", "1e309"], "--x-scale '1e309'"),
        ([*EMIT_C, "--input-format", "uint8", "--x-scale", "1,-3"], "zero point of x is -3"),
        ([*EMIT_C, "--input-format", "int8", "--x-scale", "1", "--x-scale", "1"], "given twice"),
        (
            [*EMIT_C, "--layer", SMALL, "--layer", SMALL, "--output-format", "int8", "--y-scale", "1"],
            "layer_1, layer_2",
        ),
        ([*EMIT_C, "--layer", SMALL, "--layer", SMALL, "--output-format", "int8"], "--y-scale layer_1=SCALE"),
        (["emit", "F(2x2,3x3)", "--input-format", "uint8", "--x-scale", "1"], "the kind is module"),
        ([*EMIT_C, "--residual-format", "uint8", "--residual-scale", "1"], "give --epilogue with residual"),
        (
            [*EMIT_C, "--epilogue", "residual", "--residual-format", "int8"],
            "give --residual-scale SCALE[,ZERO], such as",
        ),
        ([*EMIT_C, "--epilogue", "residual", "--residual-scale", "1"], "--residual-format is float32"),
        ([*EMIT_C, "--epilogue", "relu, scale"], "in this order"),
        ([*EMIT_C, "--epilogue", "residual, residual"], "each once"),
        ([*EMIT_C, "--epilogue", "relu, gelu"], "each once"),
        ([*EMIT_C, "--epilogue", "tanh"], "'tanh'"),
        (["int8", "F(2x2,3x3)", "--y-scale", "1"], "--calibrate FILE"),
        (["emit", "F(2x2,3x3)", "--layout", "CHWN"], "CHWN"),
        (["emit", "F(2x2,3x3)", "--target", "vax"], "vax"),
        (["emit", "F(2x2,3x3)", "--filters", "0"], "filters = 0"),
        (["emit", "F(2x2,3x3)", "--out", "/dev/null/x"], "/dev/null/x"),
        (["demo", "--out", "/dev/null/x.png"], "/dev/null/x.png"),
        (["demo", "--photo", "/nowhere.jpg"], "/nowhere.jpg"),
        (["dance"], "dance"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(run: Run, words: list[str], named: str) -> None:
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("wincook: ")
    assert named in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("-p", "0,±a,±1/a,inf"), "a^3/(2a^4-2)"),
        (("-p", "0,±a,±1/a,inf", "--at", "a=√2"), "{0, ±√2, ±√2/2, ∞}"),
        (("-p", "0,±1,±i,inf"), "7 multiplications"),
        (("--form", "linear"), "linear convolution"),
        (("--form", "weight-gradient"), "F(3,4)"),
        (("--prime", "17"), "modulo 17"),
        (("--blocks", "2"), "8 multiplications"),
    ],
)
def test_every_way_to_choose_an_algorithm(run: Run, words: tuple[str, ...], shown: str) -> None:
    code, out, _ = run("show", "F(4,3)", *words)
    assert code == 0
    assert shown in out


def test_a_joint_set_is_proven(run: Run) -> None:
    code, out, _ = run("verify", "F(4x4,3x3)", "-p", "0,±1,x^2+1,inf", "--joint")
    assert (code, out.split(":")[0]) == (0, "F(4x4,3x3) with 46 multiplications")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--joint", "--prime", "17"), "--joint and --prime do not go together"),
        (("--blocks", "2", "--points", "0,1"), "leave --points out"),
        (("--blocks", "two"), "'two'"),
        (("--at", "a"), "like a=1/2"),
        (("--at", "a=1"), "no symbol a"),
        (("--form", "fourier"), "weight-gradient"),
    ],
)
def test_words_that_do_not_go_together_are_refused(run: Run, words: tuple[str, ...], named: str) -> None:
    code, out, err = run("show", "F(4,3)", *words)
    assert (code, out) == (2, "")
    assert named in err
    assert err.count("\n") == 1


def test_csv_of_the_matrices_reads_back(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "f43.csv"
    assert run("show", "F(4,3)", "--as", "csv", "--out", str(path))[0] == 0
    assert run("show", "F(4,3)", "--as", "csv")[1] == path.read_text(encoding="utf-8")
    assert "a correlation; 72 sums hold exactly" in run("verify", str(path))[1]
    assert run("show", "F(4,3)", "--as", "csv", "--programs")[0] == 2


@pytest.mark.slow
@pytest.mark.parametrize("tile", ["4x4,3x3", "F4x4,3x3", "f(4x4, 3x3)", "(4×4,3×3)"])
@pytest.mark.parametrize("command", ["show", "verify", "condition", "compare", "tolerance", "residues"])
def test_tiles_are_read_leniently(run: Run, command: str, tile: str) -> None:
    assert run(command, tile, "--json") == run(command, "F(4x4,3x3)", "--json")


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("show",),
        ("condition",),
        ("analyse", "-n", "20"),
        ("compare",),
        ("tolerance",),
        ("ranges", "-f", "fp32"),
        ("int8", "-n", "1", "--filters", "2", "--tiles-per-layer", "2"),
    ],
)
def test_a_file_stands_for_a_tile(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    command, *more = words
    path = tmp_path / "f23.json"
    run("show", "F(2,3)", "--as", "json", "--out", str(path))
    assert run(command, str(path), *more)[:2] == run(command, "F(2,3)", *more)[:2]
    nested = run(command, str(path), "--dimension", "2", *more)
    assert nested[0] == 0
    assert nested[:2] == run(command, "F(2x2,3x3)", *more)[:2]


def test_a_file_is_emitted_as_a_kernel(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "f23.json"
    run("show", "F(2,3)", "--as", "json", "--out", str(path))
    assert run("emit", str(path), "--out", str(tmp_path))[0] == 2
    code, out, _ = run("emit", str(path), "--dimension", "2", "--out", str(tmp_path), "--json")
    assert (code, json.loads(out)["tile"]) == (0, "F(2x2,3x3)")


def test_the_log_is_shown_on_standard_error(run: Run) -> None:
    log = logging.getLogger("wincook")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wincook.cli.commands.show.programs_of", lambda _: log.info("programs\nof %s", "it"))
        quiet, told = run("show", "F(2,3)", "--programs"), run("show", "F(2,3)", "--programs", "-v")
    assert quiet[2] == ""
    assert told[:2] == quiet[:2]
    assert re.fullmatch(r" +[0-9]+\.[0-9]{3} s  .*programs\\nof it", told[2].splitlines()[-1])
    assert not log.handlers
