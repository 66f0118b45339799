"""Two threads against one, on a quiet machine and with a core taken by a busy loop: python benchmarks/threads.py.

One thread and two are timed in turn. The goals are two threads at 1.85 times the speed of one, and no more than 1.3
times the time of one thread while a process that never waits takes a core from them. Figures mean something only where
nothing else runs: the load of the machine stands in the first line.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import wincook as wc
from wincook.kernels import make_plan
from wincook.kernels.measurement.trial import trials

LAYERS = (
    wc.Layer(64, 64, (224, 224), (3, 3), 1),
    wc.Layer(128, 128, (112, 112), (3, 3), 1),
    wc.Layer(256, 256, (56, 56), (3, 3), 1),
    wc.Layer(512, 512, (28, 28), (3, 3), 1),
    wc.Layer(512, 512, (14, 14), (3, 3), 1),
    wc.Layer(128, 128, (56, 56), (3, 3), 1, stride=2),
    wc.Layer(64, 64, (112, 112), (1, 1), layout="NHWC", batch=4),
    wc.Layer(256, 256, (112, 112), (3, 3), 1, groups=256, batch=2),
)


@contextmanager
def busy_core() -> Iterator[None]:
    """A process that computes for as long as this lasts."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def row(layer: wc.Layer, seconds: float, threads: int) -> str:
    """A line of the table: least and median times, and what the busy core costs."""
    plans = [make_plan(layer, threads=number) for number in (1, threads)]
    one, more = (trial.timing for trial in trials(plans, seconds, errors=False))
    with busy_core():
        (disturbed,) = (trial.timing for trial in trials(plans[1:], seconds / 2, errors=False))
    return (
        f"| {layer} | {plans[0].algorithms} | {1e3 * one.least:.2f} | {1e3 * more.least:.2f} | "
        f"{one.least / more.least:.2f}, {one.median / more.median:.2f} | "
        f"{disturbed.least / one.least:.2f}, {disturbed.median / one.median:.2f} |"
    )


def main() -> None:
    """Print the table, a row as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5, help="for each layer on one thread and on all")
    parser.add_argument("--threads", type=int, default=2, help="beside one")
    options = parser.parse_args()
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load} before; least times in ms\n")
    print("| layer | algorithm | 1 thread | threads | speed, least and median | busy core over 1 thread |")
    print("|---|---|---|---|---|---|", flush=True)
    for layer in LAYERS:
        print(row(layer, options.seconds, options.threads), flush=True)


if __name__ == "__main__":
    main()
