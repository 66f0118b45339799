"""Calls between forbidden pages, in a process of their own: reading or writing one element too far ends it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="forbids pages as Linux does")


def guarded_calls(program: str, *words: str) -> int:
    """How many calls a program of this folder has made, when it has come to its end."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.kernels.{program}", *words],
        cwd=Path(__file__).parents[2],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout)
