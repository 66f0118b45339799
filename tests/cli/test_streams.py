"""Standard streams that cannot hold, do not take, or no longer read what the command prints."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import wincook as wc
from wincook.cli.group import COMMANDS
from wincook.cli.main import main
from wincook.construct.subject import algorithm_of

Run = Callable[..., tuple[int, str, str]]
Start = Callable[..., subprocess.Popen[bytes]]

ENCODINGS = ("ascii", "latin-1", "cp1252", "koi8-r")
NAMES = ("[/b]", "[red]x[/red]", "a\x1b[31mb", "two\nlines", "ü", b"\xff.h".decode(errors="surrogateescape"))
ROOTS = ("show", "F(2,3)", "-p", "0,±√2/2,inf")
WRITERS = (
    ("show", "F(14,3)"),
    ("show", "F(4,3)", "--json"),
    ("show", "F(4,3)", "--as", "c"),
    ("compare", "F(4,3)", "--as", "csv"),
    ("tolerance", "F(4,3)", "--pytest"),
    ("condition", "F(4,3)", "--as", "latex"),
    ("show", "--help"),
    ("--version",),
)


@pytest.fixture
def into(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The exit code of some words that print to a stream; standard error is as its encoding."""

    def call(stream: io.TextIOBase | None, *words: str) -> int:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            with pytest.raises(SystemExit) as stopped:
                main(words)
        assert isinstance(stopped.value.code, int)
        return stopped.value.code

    return call


@pytest.fixture
def encoded(into: Callable[..., int]) -> Callable[..., str]:
    """What some words print to a standard output of an encoding."""

    def call(encoding: str, *words: str) -> str:
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        assert into(stream, *words) == 0
        stream.seek(0)
        return stream.read()

    return call


@contextmanager
def full() -> Iterator[io.TextIOWrapper]:
    """A device without space; what is left in the stream is given up."""
    stream = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 (closing it fails)
    try:
        yield stream
    finally:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        stream.close()


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, (out or b"").decode(), (err or b"").decode()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_is_no_utf8_gets_ascii_notation(encoded: Callable[..., str], encoding: str) -> None:
    out = encoded(encoding, *ROOTS)
    assert out.isascii()
    assert out.startswith("F(2,3) on {0, +-sqrt(2)/2, inf}: 4 multiplications")
    assert "\n    0  sqrt(2)/2  -sqrt(2)/2  1\n" in out  # in line, as they are in Unicode
    assert "?" not in out


@pytest.mark.parametrize(
    "words",
    [
        ("show", "F(2,3)", "--programs"),
        ("verify", "F(2,3)"),
        ("condition", "F(2,3)"),
        ("analyse", "F(2,3)", "-n", "20"),
        ("compare", "F(2,3)", "-n", "20"),
        ("tolerance", "F(2,3)"),
        ("ranges", "F(2,3)"),
        ("int8", "F(2,3)", "-n", "1"),
        ("residues", "F(2,3)"),
        ("reproduce",),
    ],
)
def test_no_answer_needs_more_than_ascii(encoded: Callable[..., str], run: Run, words: tuple[str, ...]) -> None:
    out = encoded("ascii", *words)
    plain = run(*words)[1]
    assert out.count("\n") == plain.count("\n")
    assert not re.search(r"\\[xuU]", out)
    assert {word for word in plain.split() if word.isascii()} <= set(out.split())


def test_json_is_escaped_and_says_the_same(encoded: Callable[..., str]) -> None:
    assert json.loads(encoded("ascii", *ROOTS, "--json"))["points"] == ["0, ±√2/2, ∞"]


@pytest.mark.parametrize("kind", ["text", "unicode", "latex", "c", "numpy"])
def test_exports_stay_whole_documents(encoded: Callable[..., str], run: Run, kind: str) -> None:
    out = encoded("ascii", "show", "F(2,3)", "--as", kind)
    assert out == run("show", "F(2,3)", "--as", "text" if kind == "unicode" else kind)[1]


def test_csv_reads_back(encoded: Callable[..., str]) -> None:
    *_, row = csv.DictReader(io.StringIO(encoded("ascii", "compare", "F(4,3)", "--as", "csv")))
    assert algorithm_of(row["algorithm"]) == wc.algorithm("F(4,3)")


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_in_ascii(encoded: Callable[..., str], command: tuple[str, ...]) -> None:
    out = encoded("ascii", *command, "-h")
    assert "Usage: wincook" in out
    assert out.isascii()


def test_errors_in_ascii_are_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        with pytest.raises(SystemExit):
            main(("show", "F(2,3)", "-p", "0,±1,√"))
    stream.seek(0)
    err = stream.read()
    assert err.count("\n") == 1
    assert "'sqrt'" in err


@pytest.mark.parametrize("words", WRITERS, ids=" ".join)
def test_a_full_device_is_an_error_in_one_line(
    into: Callable[..., int], capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with full() as stream:
        assert into(stream, *words) == 2
    err = capsys.readouterr().err
    assert "No space left on device" in err
    assert err.count("\n") == 1


def test_a_closed_output_is_an_error_in_one_line(into: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert into(None, "show", "F(2,3)") == 2
    assert "standard output is closed" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_file_names_are_printed_and_harm_nothing(run: Run, tmp_path: Path, name: str) -> None:
    place, words = tmp_path / name, ("show", "F(2,3)", "--as", "c", "--out")
    shown = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)
    assert run(*words, str(place)) == (0, f"wrote {tmp_path}/{shown}\n", "")
    assert place.exists()
    assert json.loads(run(*words, str(place), "--json")[1])["path"] == str(place)
    code, out, err = run("verify", str(tmp_path / f"none{name}"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err[:-1].isprintable()


@pytest.mark.slow
def test_a_process_whose_locale_is_c(start: Start) -> None:
    """The notation is read although the locale cannot, and the answer is in ASCII."""
    words = ("show", "F(2,3)", "-p", "0,±√2/2,∞".encode())
    code, out, err = ended(start(*words, env={"LC_ALL": "C", "PYTHONUTF8": "0"}))
    assert (code, err) == (0, "")
    assert out.startswith("F(2,3) on {0, +-sqrt(2)/2, inf}:")


@pytest.mark.slow
@pytest.mark.parametrize("words", [("show", "F(2,3)"), ("show", "--help")], ids=" ".join)
def test_a_process_on_a_full_device(start: Start, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as device:
        code, _, err = ended(start(*words, stdout=device))
    assert (code, err.count("\n")) == (2, 1)
    assert "No space left on device" in err


@pytest.mark.slow
def test_a_process_whose_errors_find_no_place(start: Start) -> None:
    with Path("/dev/full").open("wb") as device:
        assert ended(start("show", "F(2,0)", stderr=device))[0] == 2


@pytest.mark.slow
@pytest.mark.parametrize("words", [("show", "F(14,3)"), ("show", "--help")], ids=" ".join)
def test_a_process_nobody_listens_to(start: Start, words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    process = start(*words, stdout=writing)
    os.close(writing)
    os.close(reading)
    assert ended(process) == (141, "", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("closed", "words", "code", "said"),
    [
        (1, ("show", "F(2,3)"), 2, "standard output is closed"),
        (2, ("show", "F(2,0)"), 2, ""),
        (2, ("analyse", "F(2,3)", "-n", "20"), 0, ""),
        (0, ("verify", "F(2,3)"), 0, ""),
    ],
)
def test_a_process_with_closed_streams(start: Start, closed: int, words: tuple[str, ...], code: int, said: str) -> None:
    ended_with, out, err = ended(start(*words, preexec_fn=lambda: os.close(closed)))
    assert (ended_with, bool(out)) == (code, code == 0)
    assert said in err
    assert err.count("\n") == bool(err)
