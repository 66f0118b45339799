"""Sparse kernels over the dense one: python -m benchmarks.sparse [--layer 256x56].

Blocks of 32 filters x 1 channel, or 2 of bfloat16, are zero at random places, so many in each list. All kernels take
turns on one thread, and the least times are compared: of the products, by a clock in the loops, and of whole calls.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

import wincook as wc
from wincook.kernels import make_plan
from wincook.kernels.codegen.body.clock import FIRST_STAGE, NANO
from wincook.kernels.codegen.clocked import stages_of
from wincook.kernels.measurement.stages import clocked_module, memory_with_clock
from wincook.kernels.plans.plan import Plan

LAYERS = ("64x56", "128x28", "256x56", "256x14", "512x28")  # channels and filters, and the size of the image
SPARSITIES = (0.0, 0.5, 0.7, 0.8, 0.9)
GOALS = {0.5: 1.9, 0.7: 3.0, 0.8: 4.4, 0.9: 7.0}  # of the products of 256x56


def contenders(layer: wc.Layer, tile: str, format: str) -> list[tuple[Plan, NDArray[np.bool_] | None]]:
    """The dense kernel, and the sparse one with each share of zeros."""
    dense, sparse = (make_plan(layer, tile, format=format, threads=1, sparse=kind).plans[0] for kind in (False, True))
    rng = np.random.default_rng(0)
    shape = (sparse.algorithm.multiplications, -(-layer.filters // (sparse.vectors * sparse.target.isa.lanes)))
    words, masks = layer.channels // sparse.words.channels, []
    for sparsity in SPARSITIES:
        number = max(1, round(words * (1 - sparsity)))
        order = rng.permuted(np.broadcast_to(np.arange(words), (*shape, words)), axis=2)
        masks.append(order < number)
    return [(dense, None), *((sparse, mask) for mask in masks)]


def timed_call(plan: Plan, kept: NDArray[np.bool_] | None) -> Callable[[], tuple[float, float]]:
    """A call that gives the seconds of its products, and of all."""
    layer, module = plan.layer, clocked_module(plan)
    rng = np.random.default_rng(1)
    x, weights = (rng.standard_normal(shape, np.float32) for shape in (layer.input_shape, layer.weight_shape))
    packed, work = module.pack(weights, extra=kept), module.workspace(plan.geometry, 1)
    memory, clock = memory_with_clock(work.nbytes, 1)
    y = np.empty(layer.output_shape, np.float32)
    products = FIRST_STAGE + stages_of(plan.family).index("products")

    def call() -> tuple[float, float]:
        clock[:] = 0
        start = perf_counter()
        module.run(work, x, packed, y, None, memory)
        taken = perf_counter() - start
        return float(clock[0, products]) / NANO, taken

    return call


def row(name: str, tile: str, format: str, seconds: float) -> str:
    """A line of the table: the dense times, and how many times as fast each share of zeros is."""
    channels, size = map(int, name.split("x"))
    layer = wc.Layer(channels, channels, (size, size), (3, 3), 1, layout="NHWC")
    calls = [timed_call(*each) for each in contenders(layer, tile, format)]
    least = np.full((len(calls), 2), np.inf)
    end = perf_counter() + seconds
    while perf_counter() < end:
        least = np.minimum(least, [call() for call in calls])
    products, whole = (" / ".join(f"{value:.2f}" for value in least[0, i] / least[1:, i]) for i in range(2))
    return f"| {name} | {1e3 * least[0, 0]:.3f}, {1e3 * least[0, 1]:.3f} | {products} | {whole} |"


def main() -> None:
    """Print the table, a row as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layer", action="append", choices=LAYERS, help="may be given again; all if left out")
    parser.add_argument("--tile", default="F(4x4,3x3)")
    parser.add_argument("--format", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--seconds", type=float, default=5, help="for each layer")
    options = parser.parse_args()
    shares = " / ".join(f"{share:.0%}" for share in SPARSITIES)
    goals = ", ".join(f"{goal} at {share:.0%}" for share, goal in GOALS.items())
    print(f"goals for the products: {goals}; 3.5 at 80% for the whole of 256x56\n")
    print(f"| layer | dense, ms: products, whole | products, times as fast at {shares} zero | whole call, likewise |")
    print("|---|---|---|---|", flush=True)
    for line in map(
        partial(row, tile=options.tile, format=options.format, seconds=options.seconds), options.layer or LAYERS
    ):
        print(line, flush=True)


if __name__ == "__main__":
    main()
