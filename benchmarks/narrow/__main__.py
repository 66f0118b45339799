"""Kernels in bfloat16, int8 and int16 beside torch's bfloat16 and int8 and onnxruntime's int8, in one run.

    python -m benchmarks.narrow [--layers NAME ...] [--threads N ...] [--layout NHWC|NCHW] [--seconds S] [--to FILE]

Layers are 3×3 with as many filters as channels and padding 1, one image. All contenders of a layer take turns; ratios
are of medians. SNR is 10 log10(Σ y² / Σ errors²) against direct convolution in float64. Ranges of int8 and int16 are
calibrated on eight other images. Tables of uneven channels, of both layouts and of two threads come after those of the
peers.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.narrow.compare import beside, compared, decibels
from benchmarks.narrow.ours import WAYS
from benchmarks.narrow.outcome import Outcome
from benchmarks.narrow.problem import LAYERS, problem
from benchmarks.narrow.report import decibels_table, layer_table, pairs_table, summary


def main() -> None:
    """Print the tables, each as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", nargs="+", choices=LAYERS, default=list(LAYERS))
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--layout", choices=("NHWC", "NCHW"), default="NHWC")
    parser.add_argument("--seconds", type=float, default=8, help="for each layer and number of threads")
    parser.add_argument("--to", type=Path, help="a file for all outcomes, as JSON")
    wanted = parser.parse_args()
    problems = {name: problem(name).in_layout(wanted.layout) for name in wanted.layers}
    by_threads: dict[int, list[Outcome]] = {}
    for threads in wanted.threads:
        by_threads[threads] = []
        for name, each in problems.items():
            outcomes, absent = compared(each, threads, wanted.seconds)
            by_threads[threads] += outcomes
            print("\n".join(layer_table(f"{name}, {threads} threads, {wanted.layout}", outcomes, absent)), flush=True)
        print("\n".join((f"{threads} threads", *summary(by_threads[threads], WAYS), "")), flush=True)
    share = wanted.seconds / len(WAYS)
    uneven = {name: decibels(problem(name, "uneven").in_layout(wanted.layout)) for name in wanted.layers}
    print("\n".join(decibels_table("uneven channels, dB", uneven)), flush=True)
    layouts = {
        name: beside((each.in_layout("NCHW"), 1), (each.in_layout("NHWC"), 1), share) for name, each in problems.items()
    }
    print("\n".join(pairs_table("NCHW, and NHWC", layouts)), flush=True)
    threaded = {name: beside((each, 1), (each, 2), share) for name, each in problems.items()}
    print("\n".join(pairs_table("one thread, and two", threaded)), flush=True)
    if wanted.to is not None:
        found = {str(threads): [asdict(each) for each in outcomes] for threads, outcomes in by_threads.items()}
        wanted.to.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
