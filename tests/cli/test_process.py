"""Ctrl-C and SIGTERM at any moment: one line, no traceback, the conventional exit code."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Start = Callable[..., subprocess.Popen[bytes]]

LONG = (
    "analyse",
    "F(4x4,3x3)",
    "-n",
    "100000000",
    "-c",
    "64",
    "--html",
    "page.html",
    "--plot",
    "page.png",
    "--no-limit",
)


def wait_for(process: subprocess.Popen[bytes], library: str) -> None:
    """Until the process has loaded a library."""
    for _ in range(6000):
        if library in Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8"):
            return
        time.sleep(0.01)
    raise TimeoutError(library)


@pytest.mark.slow
@pytest.mark.parametrize("library", ["_multiarray_umath", "_sfc64"])
@pytest.mark.parametrize(("number", "code", "said"), [(2, 130, "interrupted"), (15, 143, "terminated")])
def test_a_signal_while_libraries_are_imported(start: Start, library: str, number: int, code: int, said: str) -> None:
    process = start("show", "F(2,3)")
    wait_for(process, library)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.decode()) == (code, b"", f"wincook: {said}\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(2, 130, "interrupted"), pytest.param(15, 143, "terminated", marks=pytest.mark.nightly)],
)
def test_a_signal_at_work_leaves_no_half_of_a_file(
    start: Start, tmp_path: Path, number: int, code: int, said: str
) -> None:
    process = start(*LONG)
    wait_for(process, "matplotlib")
    time.sleep(3)
    process.send_signal(number)
    err = process.communicate(timeout=120)[1].decode()
    assert process.returncode == code
    assert err.startswith(f"wincook: {said}")
    assert err.count("\n") == 1
    assert not [path for path in tmp_path.iterdir() if path.name not in {"page.html", "page.png"}]


@pytest.mark.slow
def test_a_signal_that_nohup_ignores_is_ignored(start: Start) -> None:
    process = start("show", "F(2,3)", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    wait_for(process, "_multiarray_umath")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert b"BT" in out


def test_whoever_imports_wincook_keeps_its_signals() -> None:
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
