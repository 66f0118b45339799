"""The command line: every command with every option, values right and wrong, in this process.

Options are those that the commands declare, so that a new one is searched from the day it is there. Sizes are small or
absurd: what is merely slow is no fault, and a search has as long as it is given. `doctor` and `demo` run kernels
whatever they are given: the demo has a photo that it refuses.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from wincook.analysis.data.distributions import LAWS
from wincook.analysis.prediction.batch.batch import predict_batch
from wincook.cli.group import COMMANDS as NAMES
from wincook.cli.group import command_named
from wincook.cli.main import main
from wincook.construct.rescale.named import BASES, GAUGES
from wincook.precision import PRESETS

REFUSED, LONGEST = 2, 700
VERBOSE = {"-v", "--verbose"}
Search = Callable[..., None]

COMMANDS: dict[str, Any] = {name: command_named(name) for name in NAMES}
RUNS_KERNELS = {"doctor", "bench", "plan", "convert", "sparse"}
ALWAYS_GIVEN = {"samples", "photo", "layers", "seconds"}  # where there are such options
TILES = ["F(2,3)", "F(2x2,3x3)", "F(4x4,3x3)", "F(3,2)", "F(1,1)", "F(2x1,3x1)"]
WRONG_TILES = [
    "",
    "F",
    "F(2;3)",
    "F(0,3)",
    "F(2,3",
    "F(-2,3)",
    "2,3",
    "F(2.5,3)",
    "F(2,3)" * 1000,
    "F(١,٣)",
    "--",
    "-",
    "\ud800",
]
WRONG = [
    "",
    "x",
    "-1",
    "0",
    "1e30",
    "nan",
    "∞",
    "99999999999999999999",
    "1" * 5000,
    "\0",
    "\x1b[31m",
    "\udcff",
    "[/b]",
    "{",
    "--json",
]
NUMBERS = ["0", "1", "2", "3", "7", "-1", "65537", "4294967296", "99999999999999999999"]
FILES = [
    "none.npy",
    "broken.npy",
    "ok.npy",
    "ok.npz",
    "ok.npz:w",
    "photo.png",
    "/dev/null",
    ".",
    "",
    "a\0b",
    "\udcff.npy",
    "m.pt",
]
PLACES = [
    "out.png",
    "out.svg",
    "out.html",
    "out",
    "none/out.png",
    "/dev/full",
    "/proc/x/out.png",
    ".",
    "",
    "\udcff.png",
    "[/b].png",
]
SCALES = ["0.05,128", "1e-3", "0", "1,", ",", "1,999", "layer_1=0.1", "1e-999"]
VALUES: dict[str, list[str]] = {
    "points": [
        "0,1,inf",
        "0,±1,inf",
        "0,±1,±2,inf",
        "0,±1,±1/2,∞;0,±1,±2,∞",
        "0,x^2+1,inf",
        "a,-a,0,inf",
        "1e-1,0,1,inf",
        "0,0",
    ],
    "layer": ["4x9x9 -> 4, 3x3", "4x9x9 -> 4, 3x3, groups 4", "4x9 -> 4, 3", "4x9x9", "-> ,"],
    "at": ["a=1", "a=1/2,b=√2", "a", "a=", "=1", "a=a", "a=1/0", "a=∞"],
    "format": [*PRESETS, "float8_e4m3fn", "U=float16"],
    "formats": [*PRESETS, "float8_e4m3fn", "U=float16"],
    "law": [*LAWS],
    "form": ["correlation", "true", "linear", "input-gradient", "weight-gradient"],
    "gauge": [*GAUGES],
    "basis": [*BASES, "legendre:BT", "legendre:G,BT", "legendre:"],
    "blocks": ["2,2", "2", "0", "2,,2", "-1"],
    "prime": ["2", "7", "97", "65537", "1", "0", "-7", "4", str(2**61 - 1)],
    "theme": ["light", "dark"],
    "inputs": FILES,
    "x_scale": SCALES,
    "y_scale": SCALES,
    "x_scales": SCALES,
    "y_scales": SCALES,
    "residual_scales": SCALES,
    "epilogue": [
        "relu",
        "scale, residual, leaky(0.1), max pool",
        "clamp(-1, 2)",
        "relu, scale",
        "relu, relu",
        ",",
        "pool",
    ],
    "calibrations": [*FILES, "layer_1=none.json"],
    "weights": FILES,
    "images": FILES,
    "held_out": FILES,
    "to": PLACES,
    "photo": ["none.png", "broken.npy", "tiny.png", ".", "/dev/zero", "\udcff", ""],
    "out": PLACES,
    "html": PLACES,
    "save": PLACES,
    "answer": ["text", "json", "csv", "latex"],
    "plot": PLACES,
    "subjects": [*TILES, "set.py", "broken.npy", "none.py", "/dev/null", "."],
    "paper": ["barabasz", "", "x"],
    "samples": ["2", "5", "0", "-1"],
    "channels": ["1", "2", "3", "0", "-1"],
    "layers": ["1", "2", "0", "-1", "4294967296"],
    "filters": ["1", "2", "0", "-1", "100000000"],
    "tiles_per_layer": ["1", "2", "0", "-1"],
    "seconds": ["0.01", "0.1", "0", "-1", "1e9"],
    "evaluations": ["1", "100", "0", "-1"],
    "workers": ["1", "0", "-1", "4294967296"],
}


def values(parameter: Any) -> st.SearchStrategy[str]:
    """Of one option or argument: right for most draws, else anything."""
    known = VALUES.get(parameter.name) or (TILES if "tile" in parameter.name else NUMBERS)
    wrong = WRONG_TILES if "tile" in parameter.name else WRONG
    return st.one_of(*[st.sampled_from(known)] * 4, st.sampled_from(wrong), st.text(max_size=8))


@st.composite
def arguments(draw: st.DrawFn) -> list[str]:
    """A command, what it takes, and some of its options."""
    name = draw(st.sampled_from(sorted(set(COMMANDS) - RUNS_KERNELS)))
    parameters = COMMANDS[name].params
    options = [word for word in parameters if word.param_type_name == "option" and word.name != "kernel"]
    taken = draw(st.lists(st.sampled_from(options), max_size=6, unique_by=lambda word: word.name)) if options else []
    taken += [option for option in options if option.name in ALWAYS_GIVEN and option not in taken]
    given = [name]
    for parameter in parameters:
        if parameter.param_type_name == "argument":
            given += draw(
                st.lists(values(parameter), min_size=parameter.required, max_size=2 if parameter.nargs < 0 else 1)
            )
    for option in taken:
        flag = draw(st.sampled_from([*option.opts, *option.secondary_opts]))
        given += [flag] if option.is_flag else [flag, draw(values(option))]
    if draw(st.integers(0, 9)) == 0:
        given.insert(draw(st.integers(0, len(given))), draw(st.sampled_from([*WRONG, "--help", "--none", "-x"])))
    return given


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files of data lie, right and broken."""
    monkeypatch.chdir(tmp_path)
    np.save("ok.npy", np.arange(1, 73, dtype=np.float32).reshape(1, 2, 6, 6))
    np.savez("ok.npz", w=np.arange(1, 37, dtype=np.float32).reshape(2, 2, 3, 3))
    Path("broken.npy").write_bytes(b"\x93NUMPY\x01\x00\x10\x00{'descr'")
    Path("m.pt").write_bytes(b"PK\x03\x04")
    Path("set.py").write_text("AT = [[1,1,1,0],[0,1,-1,1]]\nG = [[1,0,0]]\n", encoding="utf-8")
    Image.new("RGB", (20, 20)).save("tiny.png")
    Image.fromarray(np.arange(3600, dtype=np.uint8).reshape(30, 40, 3)).save("photo.png")
    return tmp_path


@pytest.mark.slow
def test_any_arguments_are_answered_or_refused(search: Search, folder: Path) -> None:
    def check(given: list[str]) -> None:
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")  # as a terminal's: no half characters go through
        err = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main(given)
            except SystemExit as exit_:
                code = exit_.code
            else:
                code = None
        if code not in {0, 1, 2}:
            raise AssertionError(f"exit code {code}")
        lines = err.getvalue().splitlines()
        if code == REFUSED and not VERBOSE.isdisjoint(given):
            lines = lines[-1:]  # what was done before stands above
        if code == REFUSED and (len(lines) != 1 or len(lines[0]) > LONGEST):
            raise AssertionError("the reason is not told in one line of sensible length")

    predict_batch("F(2,3)", [[0, 1, -1]])  # compiled once, before the clock runs
    search(arguments(), check, 60, 6_000)


def test_every_command_answers_for_help(search: Search) -> None:
    assert {*COMMANDS} >= {"show", "verify", "analyse", "compare", "demo", "doctor"}
    for name in COMMANDS:
        with contextlib.redirect_stdout(io.StringIO()) as out, pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert name in out.getvalue()
