"""Time and memory of measured errors: python benchmarks/measure.py [tiles of F(4,3)].

Memory must not grow with the number of tiles.
"""

from __future__ import annotations

import resource
import sys
import time

import wincook as wc
from wincook.analysis.data.distributions import UNIFORM
from wincook.analysis.measurement.measure import measure


def show(tile: str, name: str, channels: int, tiles: int) -> None:
    """Print what one measurement takes."""
    algorithm = wc.algorithm(tile)
    measure(algorithm, name, channels, UNIFORM, samples=1, seed=0)
    wall, processor = time.perf_counter(), time.process_time()
    found = measure(algorithm, name, channels, UNIFORM, samples=tiles, seed=0)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{tile:12} C = {channels:<3} {name:8} {tiles:9} tiles: {wall:6.2f} s, {processor:6.2f} s of processor, "
        f"{1e9 * processor / found.outputs:6.0f} ns per output, {peak:.0f} MiB at most"
    )


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 10**6
    show("F(4,3)", "float32", 1, many)
    for fmt in ("float32", "float16", "float64"):
        show("F(4x4,3x3)", fmt, 64, 5000)
