"""The commands by name: what is imported when, help, completion, and what was probably meant."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import wincook
from wincook.cli.group import COMMANDS, command_named

Run = Callable[..., tuple[int, str, str]]

ROOT = Path(wincook.__file__).parents[1]
HEAVY = {"matplotlib", "jinja2", "numba", "llvmlite", "PIL", "scipy", "rich", "pydantic"}
BASH = """
source <(_WINCOOK_COMPLETE=source_bash wincook)
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_wincook_completion wincook
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def complete(tmp_path: Path) -> Callable[[str], list[str]]:
    """What bash offers for a line that is typed as far as this."""
    program = tmp_path / "wincook"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m wincook "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}

    def call(line: str) -> list[str]:
        script = BASH.format(words=line)
        done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=True, text=True)
        return done.stdout.split()

    return call


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("wincook ana", ["analyse"]),
        ("wincook show 4,3 --ga", ["--gauge"]),
        ("wincook compare 4,3 -f bfloat16-", ["bfloat16-dot"]),
        ("wincook search list --sto", ["--store"]),
        *(
            pytest.param(line, offered, marks=pytest.mark.nightly)
            for line, offered in (
                ("wincook show 4,3 --gauge bal", ["balance"]),
                ("wincook reproduce meng", ["meng2019"]),
                ("wincook search li", ["list"]),
                ("wincook search 4,3 --strategy exh", ["exhaustive"]),
            )
        ),
    ],
)
def test_bash_completes_commands_options_and_values(
    complete: Callable[[str], list[str]], line: str, offered: list[str]
) -> None:
    assert complete(line) == offered


def test_help_imports_no_command_and_nothing_heavy() -> None:
    script = (
        "import sys; from wincook.cli.main import main\n"
        "before = {name.partition('.')[0] for name in sys.modules}\n"
        "try: main([WORD])\n"
        "except SystemExit: pass\n"
        "commands = [name for name in sys.modules if name.startswith('wincook.cli.commands.')]\n"
        "print(sorted(commands), sorted({name.partition('.')[0] for name in sys.modules} - before), file=sys.stderr)\n"
    )
    for word in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-c", script.replace("WORD", repr(word))],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        )
        commands, *_ = done.stderr.splitlines()[-1].partition("] ")
        assert commands == "["
        assert not HEAVY & set(done.stderr.replace("'", " ").replace(",", " ").split())


def test_help_lists_the_first_sentence_of_every_command(run: Run) -> None:
    listed = " ".join(run("--help")[1].split())
    for name in COMMANDS:
        first = command_named(name).help.partition("\n\n")[0]
        assert f" {name} {' '.join(first.split())}" in listed.replace("- ", "-")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("analize", "F(4,3)"), "'analyse'"),
        (("show", "F(4,3)", "--gague", "balance"), "--gauge"),
        (("show", "F(4,3)", "--gauge", "balnce"), "balance"),
        (("show", "F(4,3)", "--basis", "legender"), "legendre"),
        (("show", "F(4,3)", "--form", "lineal"), "linear"),
        (("show", "F(4,3)", "--as", "latx"), "latex"),
        (("analyse", "F(4,3)", "-f", "flaot16"), "float16"),
        (("analyse", "F(4,3)", "--law", "Unifrom"), "uniform"),
        (("compare", "F(4,3)", "--plot", "x.png", "--theme", "drak"), "dark"),
        (("compare", "F(4,3)", "--sort", "speedup"), "speed-up"),
        (("compare", "F(4,3)", "--as", "cvs"), "csv"),
        (("reproduce", "barabas2020"), "barabasz2020"),
        (("emit", "F(4x4,3x3)", "--layout", "nhwc"), "NHWC"),
        (("int8", "F(4x4,3x3)", "--filter-scales", "filters"), "filter"),
    ],
)
def test_what_was_probably_meant_is_told(run: Run, words: tuple[str, ...], hint: str) -> None:
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert hint in err.partition("; did you mean ")[2] or hint in err.partition("Did you mean ")[2], err
