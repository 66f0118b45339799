"""Where a comparison was made: what stands in its header."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peers.contender import Engine, versions
from wincook.kernels import Target


def header(present: Mapping[str, Engine], missing: Mapping[str, str], seed: int) -> dict[str, str]:
    """Machine, versions, seed, and the engines that are not installed."""
    target = Target.host()
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores, {target.isa.name}, L2 {target.l2 // 1024} KiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "packages": ", ".join(f"{package} {number}" for package, number in versions(present).items()),
        "skipped": "; ".join(f"{name} ({why})" for name, why in missing.items()) or "none",
        "data": f"normal, float32, seed {seed}; error = max|y - exact| / max|exact| against float64",
    }


def _processor() -> str:
    """By the system's own account; what Python knows where there is none."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
