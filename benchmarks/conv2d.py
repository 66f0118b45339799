"""F(4x4,3x3) kernels beside torch's conv2d, in one run.

    python benchmarks/conv2d.py [--rounds 30]

Each round lets every contender run a burst of ten calls, in turn, so that a machine that slows down slows all of
them, and each contender meets the caches as it left them. The table gives the minimum and the median over all calls,
and their ratios. A second table waits 20 ms before each call: long enough, on a shared machine, for the filters to
leave the cache. Weights are packed beforehand; torch runs under inference mode, in channels_last for NHWC; every
call makes its own output array.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

import wincook as wc
from wincook.layers import Layout

LAYERS = ((64, 56), (256, 56))
TILE, POINTS = "F(4x4,3x3)", "0, ±5/8, ±3/2, ∞"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: the best and the middle of all rounds."""

    best: float
    median: float


def measure(contenders: dict[str, Callable[[], object]], rounds: int, burst: int, pause: float) -> dict[str, Timing]:
    """Time bursts of every contender in turn, after a round that does not count; pause before each call."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, run in contenders.items():
            for _ in range(burst):
                time.sleep(pause)
                start = time.perf_counter()
                run()
                if number:
                    seconds[name].append(time.perf_counter() - start)
    return {name: Timing(min(times), float(np.median(times))) for name, times in seconds.items()}


def compare(channels: int, size: int, layout: Layout, rounds: int) -> None:
    """One layer: torch and wincook on one thread, wincook on two."""
    layer = wc.Layer(channels, channels, (size, size), (3, 3), padding=1, layout=layout)
    rng = np.random.default_rng(0)
    x = rng.standard_normal(layer.input_shape).astype(np.float32)
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)

    memory = torch.channels_last if layout == "NHWC" else torch.contiguous_format
    torch_x = torch.from_numpy(np.moveaxis(x, -1, 1) if layout == "NHWC" else x).contiguous(memory_format=memory)
    torch_weights = torch.from_numpy(weights).contiguous(memory_format=memory)
    kernels = {threads: wc.compile(layer, TILE, points=POINTS, threads=threads) for threads in (1, 2)}
    packed = {threads: kernel.pack(weights) for threads, kernel in kernels.items()}

    beside_torch: dict[str, Callable[[], object]] = {
        "torch": lambda: torch.nn.functional.conv2d(torch_x, torch_weights, padding=1),
        "wincook": lambda: kernels[1](x, packed[1]),
    }
    threads: dict[str, Callable[[], object]] = {
        "1 thread": lambda: kernels[1](x, packed[1]),
        "2 threads": lambda: kernels[2](x, packed[2]),
    }
    with torch.inference_mode():
        exact = torch.nn.functional.conv2d(torch_x.double(), torch_weights.double(), padding=1).numpy()
        y = kernels[1](x, packed[1])
        error = np.max(np.abs((np.moveaxis(y, -1, 1) if layout == "NHWC" else y) - exact)) / np.max(np.abs(exact))
        print(f"\n{channels}x{size}x{size} -> {channels}, {layout}, {TILE}: max error / max |y| = {error:.1e}")
        operations = 2 * 9 * channels * channels * size * size
        # Kernels on two threads set the number of threads of the OpenMP that torch uses too, so they come last.
        torch.set_num_threads(1)
        report("one thread, back to back", measure(beside_torch, rounds, 10, 0.0), operations)
        report("one thread, after a pause", measure(beside_torch, rounds, 1, 0.02), operations)
        report("back to back", measure(threads, rounds, 10, 0.0), operations)


def report(title: str, times: dict[str, Timing], operations: int) -> None:
    """Print times, rates in operations of the direct method, and how much faster the second is than the first."""
    cells = [
        f"{name} {timing.best * 1e3:.3f} / {timing.median * 1e3:.3f} ms ({operations / timing.best / 1e9:.0f} GFLOP/s)"
        for name, timing in times.items()
    ]
    first, second = times.values()
    print(
        f"  {title}, min / median: {', '.join(cells)}: "
        f"{first.best / second.best:.2f}x by minima, {first.median / second.median:.2f}x by medians",
        flush=True,
    )


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    for channels, size in LAYERS:
        for layout in ("NCHW", "NHWC"):
            compare(channels, size, layout, rounds)


if __name__ == "__main__":
    main()
