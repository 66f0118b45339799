"""Compilers and emulators that some tests of libraries need: those are skipped, by the name of the tool, without it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def needs(*tools: str) -> None:
    """Skip the test unless there are such programs."""
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed: see docs/developing/libraries.md")


def ran(*command: str, folder: Path, code: int = 0) -> str:
    """What a program prints, which must end with a code."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout
