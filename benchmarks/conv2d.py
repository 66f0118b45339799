"""F(4x4,3x3) kernels beside torch's conv2d, in one run.

    python benchmarks/conv2d.py [--rounds 30]

Each round times every contender once, in turn, so that a machine that slows down slows all of them; the table
gives the minimum and the median over the rounds, and ratios of the medians and of the minima. Weights are packed
beforehand; torch runs under inference mode, in channels_last for NHWC. The one-thread rows are followed by the
kernels on two threads against themselves on one.
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


def measure(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Time every contender once a round, after three rounds that do not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 3):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            if number >= 3:
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

    with torch.inference_mode():
        times = measure(
            {
                "torch, 1 thread": lambda: torch.nn.functional.conv2d(torch_x, torch_weights, padding=1),
                "wincook, 1 thread": lambda: kernels[1](x, packed[1]),
            },
            rounds,
        )
        exact = torch.nn.functional.conv2d(torch_x.double(), torch_weights.double(), padding=1).numpy()
    times |= measure(
        {
            "wincook, 1 thread again": lambda: kernels[1](x, packed[1]),
            "wincook, 2 threads": lambda: kernels[2](x, packed[2]),
        },
        rounds,
    )
    y = kernels[1](x, packed[1])
    error = np.max(np.abs((np.moveaxis(y, -1, 1) if layout == "NHWC" else y) - exact)) / np.max(np.abs(exact))
    operations = 2 * 9 * channels * channels * size * size
    print(f"\n{channels}x{size}x{size} -> {channels}, {layout}, {TILE}: max error / max |y| = {error:.1e}")
    for name, timing in times.items():
        rate = operations / timing.best / 1e9
        print(
            f"  {name:24s} min {timing.best * 1e3:8.3f} ms  median {timing.median * 1e3:8.3f} ms  {rate:6.0f} GFLOP/s"
        )
    for slow, fast in (("torch, 1 thread", "wincook, 1 thread"), ("wincook, 1 thread again", "wincook, 2 threads")):
        a, b = times[slow], times[fast]
        print(f"  {fast} is {a.median / b.median:.2f}x faster than {slow} by medians, {a.best / b.best:.2f}x by minima")


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    for channels, size in LAYERS:
        for layout in ("NCHW", "NHWC"):
            compare(channels, size, layout, rounds)


if __name__ == "__main__":
    main()
