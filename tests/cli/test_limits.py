"""What cannot finish says so at once, with the estimate, and nothing large is made before."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hang import at_once
from wincook import ceiling
from wincook.cli.main import main
from wincook.errors import LimitError

SYMBOLS = "(a+b+c+g+k+m+n+p)"
MERSENNE = 2**4423 - 1
TOO_LARGE = [
    *([command, "F(999999999,3)"] for command in ("show", "verify", "condition", "analyse", "compare", "tolerance")),
    *([command, "F(999999999,3)"] for command in ("ranges", "int8", "residues", "emit")),
    ["show", "F(2147483647x2147483647,2147483647x2147483647)"],
    ["verify", "F(64x64,64x64)"],
    ["verify", "F(300,300)"],
    ["verify", "F(300,3)"],
    ["show", "F(3,300)"],
    ["show", "F(100x100,3x3)", "--joint"],
    ["show", "F(1000,1000)", "--blocks", "2,2,2,2,2,2,2,2,2"],
    ["show", "F(2,2)", "--blocks", ",".join(["2"] * 20000)],
    ["show", "F(4,3)", "--points", f"0,{SYMBOLS * 8},1,2,3,inf"],
    ["show", "F(4,3)", "--points", f"0,1/({SYMBOLS * 8}),1,2,3,inf"],
    ["show", "F(4,3)", "--points", "0,a,-a,1,2,inf", "--at", f"a={SYMBOLS * 8}"],
    ["show", "F(8,3)", "--points", "0,a,b,c,g,k,m,n,p,inf"],
    ["show", "F(12,3)", "--points", "0,±√2,±√3,±√√2,±√√3,±√6,±2,inf"],
    ["show", "F(4,3)", "--points", "0,(x-1)^99999,inf"],
    ["show", "F(4,3)", "--points", "0,cyclotomic(999999999)"],
    ["show", "F(4,3)", "--points", "0,1e999999999,inf"],
    ["show", "F(4,3)", "--prime", "1" + "0" * 5000],
    ["show", "F(4,3)", "--prime", str(2**9689 + 1)],
    ["residues", "F(4,3)", "--channels", str(10**400)],
    ["residues", "F(4,3)", "--bits", "999999999999"],
    ["residues", "F(4096,3)", "--bits", "32"],
    ["residues", "F(4,3)", "--inputs", "-99999999999999999999..99999999999999999999"],
    ["int8", "F(4x4,3x3)", "--layers", "4294967296"],
    ["int8", "F(4x4,3x3)", "--filters", "100000000"],
    ["int8", "F(4x4,3x3)", "--tiles-per-layer", "100000000"],
    ["int8", "F(4x4,3x3)", "--channels", str(10**12)],
    ["int8", "F(4x4,3x3)", "--bits", str(10**12)],
    ["int8", "F(4x4,3x3)", "--layers", "1000", "--filters", "1000", "--filter-scales", "filter and tap"],
    ["int8", "F(4x4,3x3)", "--layers", "2000", "--channels", "1000", "--calibration", "mse"],
    ["sparse", "100000x8x8 -> 100000, 3x3"],
    *(["analyse", "F(4x4,3x3)", option, str(10**12)] for option in ("--samples", "--channels")),
    ["compare", "F(4x4,3x3)", "--samples", str(10**12)],
    ["analyse", "F(4x4,3x3)", "--format", "exact", "--samples", "1000000000"],
    ["analyse", "F(60x60x60x60,3x3x3x3)"],
    ["ranges", "F(60x60x60x60,3x3x3x3)"],
    ["tolerance", "F(60x60x60x60,3x3x3x3)"],
    ["ranges", "F(4x4,3x3)", "--bits", str(10**12)],
    ["demo", "--samples", str(10**12), "--out", "unused.png"],
    ["reproduce", "barabasz2020", "--samples", str(10**12)],
]


@pytest.fixture(autouse=True)
def seconds_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In a folder of its own; whatever hangs ends."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    monkeypatch.chdir(tmp_path)
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.slow
@pytest.mark.parametrize("words", TOO_LARGE, ids=lambda words: " ".join(words)[:60])
def test_what_cannot_finish_says_so_at_once(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with at_once(), pytest.raises(SystemExit) as left:
        main(words)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200_000
    message = capsys.readouterr().err
    assert left.value.code == 2
    assert message.splitlines()[-1].startswith("wincook: ")
    assert len(message) < 1000


@pytest.mark.parametrize(
    "command", ["show", "verify", "condition", "analyse", "compare", "tolerance", "ranges", "int8", "residues", "emit"]
)
def test_every_command_that_takes_a_tile_can_lift_the_ceiling(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ceiling, "OPERATIONS", 1)
    layer = ["--out", "module.py"] if command == "emit" else []
    words = [command, "F(2x2,3x3)", *layer]
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    assert "F(2x2,3x3)" in (message := capsys.readouterr().err)
    assert "operations, some" in message
    assert "ask for less, or lift it (--no-limit, wincook.no_limit())" in message
    with pytest.raises(SystemExit) as left:
        main([*words, "--no-limit"])
    assert left.value.code == 0
    assert check_work_is_on()


def check_work_is_on() -> bool:
    """The ceiling is back after the command."""
    with pytest.raises(LimitError):
        ceiling.check_work("it", 2.0)
    return True
