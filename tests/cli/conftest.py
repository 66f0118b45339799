"""The command line as people meet it: in this process, on a real terminal, and as a process of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import wincook
from wincook.cli.main import main

ROOT = Path(wincook.__file__).parents[1]
Run = Callable[..., tuple[int, str, str]]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The exit code, standard output and standard error of some words; neither is a terminal."""

    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(words)
        out, err = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, out, err

    return call


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What some words print on a terminal of so many columns, its styles left out."""

    def call(*words: str, columns: int) -> str:
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        chunks: list[bytes] = []

        def drain() -> None:
            try:
                while chunk := os.read(master, 65536):
                    chunks.append(chunk)
            except OSError:  # the other end is closed
                pass

        reader = Thread(target=drain)
        reader.start()
        with monkeypatch.context() as patch, os.fdopen(slave, "w", encoding="utf-8") as terminal:
            patch.delenv("COLUMNS", raising=False)
            patch.setattr(sys, "stdout", terminal)
            patch.setattr(sys, "__stdout__", terminal)
            with pytest.raises(SystemExit):
                main(words)
        reader.join()
        os.close(master)
        text = b"".join(chunks).decode().replace("\r\n", "\n")
        return text.replace("\x1b[1m", "").replace("\x1b[0m", "")

    return call


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """The command as a process of its own, whose cache and working folder are its own too."""
    started: list[subprocess.Popen[bytes]] = []

    def call(*words: str | bytes, **options: Any) -> subprocess.Popen[bytes]:
        options["env"] = os.environ | {"PYTHONPATH": str(ROOT)} | options.get("env", {})
        settings: dict[str, Any] = {"cwd": tmp_path, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        process: subprocess.Popen[bytes]
        process = subprocess.Popen([sys.executable, "-m", "wincook", *words], **settings)
        started.append(process)
        return process

    yield call
    for process in started:
        process.kill()
        process.communicate()
