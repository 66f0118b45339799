"""The main job: the error of several F(m,r) in theory and in samples, and their kernels on a photo.

Every kernel is judged by the same sum in float64 of the same float32 pixels and weights, with zeros outside the
photo, and timed beside two ways of scipy (`reference`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Protocol

import numpy as np
import sympy

from wincook.analysis.analyse import ErrorReport, analyse
from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.arguments import instance, whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm, Transforms
from wincook.construct import algorithm
from wincook.demo.filters import LUMA, SIZES, Filter, bank, place, weights
from wincook.demo.photo import Photo
from wincook.demo.reference import ScipyRun, quickest, rms, scipy_runs
from wincook.direct import correlate
from wincook.formats import BFLOAT16, FLOAT16, FLOAT32, Format
from wincook.kernels.compile import compile as compile_kernel
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.kernel import Kernel
from wincook.layers import Layer
from wincook.precision import Precision
from wincook.tile import Tile

FORMATS = (FLOAT32, FLOAT16, BFLOAT16)
CURVE = range(1, 9)  # m of the error curve, for 3 × 3 filters
KERNELS = {3: (2, 4, 6), 5: (2, 4), 7: (2, 4)}  # m of the kernels, by r
EMULATED = ("Scharr ∂x", "Scharr ∂y")
EMULATIONS = ((4, BFLOAT16), (6, BFLOAT16), (8, BFLOAT16))  # m and format, for 3 × 3 filters


@dataclass(frozen=True, slots=True, eq=False)
class KernelRun:
    """One float32 kernel on the photo: seconds per call, and its error against float64.

    `bound` is the rigorous one for these weights; `error_map` (H, W) is the RMS over all outputs at each pixel.
    """

    plan: Plan
    seconds: float
    seconds_one_thread: float
    max_error: float
    rms_error: float
    relative_rms: float
    bound: float
    error_map: Array

    @property
    def tile(self) -> Tile:
        """F(m,r)."""
        return self.plan.algorithm.tile


@dataclass(frozen=True, slots=True, eq=False)
class BankRun:
    """All filters of one size: `outputs` (K, H, W) of the last kernel, how each kernel did, how scipy did."""

    size: int
    filters: tuple[Filter, ...]
    outputs: Array
    kernels: tuple[KernelRun, ...]
    scipy: tuple[ScipyRun, ...]

    @property
    def quickest_kernel(self) -> KernelRun:
        """On one thread, as scipy runs."""
        return min(self.kernels, key=lambda kernel: kernel.seconds_one_thread)

    @property
    def quickest_scipy(self) -> ScipyRun:
        """The one to beat."""
        return min(self.scipy, key=lambda way: way.seconds)

    def output(self, name: str) -> Array:
        """What one filter gave: (1, H, W), or (3, H, W) of one that acts on colours."""
        return self.outputs[place(self.filters, name)]


@dataclass(frozen=True, slots=True, eq=False)
class Emulation:
    """Scharr's gradient (2, H, W) of a part of the photo, every operation rounded to a format."""

    algorithm: BilinearAlgorithm
    format: Format
    gradient: Array
    rms_error: float


@dataclass(frozen=True, slots=True, eq=False)
class DemoResult:
    """All that was found, or what there is so far: reports by tile and format, kernels by filter size, emulations."""

    photo: Photo
    reports: tuple[ErrorReport, ...]
    banks: tuple[BankRun, ...]
    emulations: tuple[Emulation, ...]

    def curve(self, precision: Precision | Format) -> tuple[ErrorReport, ...]:
        """The reports on 3 × 3 filters in one format, by growing m; the first is direct convolution."""
        wanted = Precision.of(precision)
        return tuple(
            report for report in self.reports if report.precision == wanted and report.algorithm.tile.taps == (3, 3)
        )


class Progress(Protocol):
    """Told what comes next, in a few words, and what there is so far."""

    def __call__(self, words: str, so_far: DemoResult) -> None:
        """Take note of it."""


def silent(words: str, so_far: DemoResult) -> None:
    """Nobody is told."""


def run(
    photo: Photo,
    *,
    samples: int = 500,
    repeats: int = 5,
    threads: int | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> DemoResult:
    """Analyse the algorithms, run their kernels on a photo, and compare.

    Args:
        photo: from `load`.
        samples: tiles per measured error.
        repeats: calls of each kernel after the first; the quickest counts.
        threads: of the kernels; all cores of this process if left out.
        seed: of the samples; all but the times is the same for the same seed.
        progress: told what comes next, in a few words, and what there is so far.

    Raises:
        NotationError: no photo.
        ShapeError: numbers that are not whole, or below 1; the seed may be 0.
        TargetError: more threads than cores.
    """
    photo = instance("photo", photo, Photo, "wincook.demo.photo.load reads one")
    samples, repeats = whole_number("samples", samples), whole_number("repeats", repeats)
    seed = whole_number("seed", seed, 0, None)
    so_far = DemoResult(photo, (), (), ())
    tiles = [(m, SIZES[0]) for m in CURVE] + [(m, r) for r in SIZES[1:] for m in KERNELS[r]]
    for m, r in tiles:
        progress(f"proving and analysing F({m}x{m},{r}x{r})", so_far)
        reports = (analyse(square(m, r), fmt, len(LUMA), samples=samples, seed=seed) for fmt in FORMATS)
        so_far = replace(so_far, reports=(*so_far.reports, *reports))
    for size in SIZES:
        bank_run = _bank_run(photo.pixels, size, repeats, threads, partial(progress, so_far=so_far))
        so_far = replace(so_far, banks=(*so_far.banks, bank_run))
    progress("kernels in 16-bit formats, emulated", so_far)
    return replace(so_far, emulations=_emulations(photo.pixels))


@lru_cache(maxsize=64)
def square(m: int, r: int) -> BilinearAlgorithm:
    """F(m×m,r×r) on the default points, proven; for m = 1 direct convolution, which multiplies taps and adds."""
    tile = Tile((m, m), (r, r))
    if m == 1:
        identity = sympy.ImmutableMatrix(sympy.eye(r))
        axis = Transforms(AT=sympy.ImmutableMatrix(sympy.ones(1, r)), G=identity, BT=identity)
        chosen = BilinearAlgorithm(tile, (), (axis, axis))
    else:
        chosen = algorithm(tile)
    chosen.verify()
    return chosen


def _bank_run(photo: Array, size: int, repeats: int, threads: int | None, progress: Callable[[str], None]) -> BankRun:
    filters = bank(size)
    g = weights(filters)
    layer = Layer(len(LUMA), len(g), photo.shape[1:], (size, size), padding=size // 2)
    outputs = np.empty(layer.output_shape, np.float32)
    progress(f"{len(g)} outputs of {size}×{size} filters by scipy")
    reference, by_scipy = scipy_runs(photo, g)
    kernels = []
    for m in KERNELS[size]:
        progress(f"{len(g)} outputs by a kernel of {square(m, size).tile}, which the first run compiles")
        kernels.append(_kernel_run(layer, square(m, size), photo, g, reference, outputs, repeats, threads))
    return BankRun(size, filters, outputs[0], tuple(kernels), by_scipy)


def _kernel_run(
    layer: Layer,
    chosen: BilinearAlgorithm,
    photo: Array,
    g: Array,
    reference: Array,
    out: Array,
    repeats: int,
    threads: int | None,
) -> KernelRun:
    one_thread = compile_kernel(layer, chosen, threads=1)
    kernel = compile_kernel(layer, chosen, threads=threads)
    seconds_one_thread = _seconds(one_thread, photo, g, out, repeats)
    seconds = _seconds(kernel, photo, g, out, repeats)
    error = out[0] - reference
    error_rms = rms(error)
    return KernelRun(
        plan=kernel.plan.plans[0],
        seconds=seconds,
        seconds_one_thread=seconds_one_thread,
        max_error=float(np.abs(error).max()),
        rms_error=error_rms,
        relative_rms=error_rms / rms(reference),
        bound=error_bound(chosen, FLOAT32, layer.channels) * float(np.abs(g).max() * np.abs(photo).max()),
        error_map=np.sqrt(np.mean(np.square(error), axis=0)).astype(np.float32),
    )


def _seconds(kernel: Kernel, photo: Array, g: Array, out: Array, repeats: int) -> float:
    """Of the quickest call after the first, which compiles, with the weights packed and the output there."""
    packed, x = kernel.pack(g), photo[None]
    kernel(x, packed, out=out)
    return quickest(lambda: kernel(x, packed, out=out), repeats)


def _emulations(photo: Array) -> tuple[Emulation, ...]:
    """Of the middle of the upper part of the photo, where a portrait has its face: half as high and wide."""
    luma = np.tensordot(np.array(LUMA), photo, axes=1)
    height, width = luma.shape
    part = luma[None, height // 10 : height // 10 + height // 2, width // 4 : width // 4 + width // 2]
    filters = [np.array(gradient.taps) for gradient in bank(3) if gradient.name in EMULATED]
    exact = np.concatenate([correlate(part, taps) for taps in filters])
    emulations = []
    for m, fmt in EMULATIONS:
        layer = Layer(channels=1, filters=len(filters), size=part.shape[1:], kernel=(3, 3))
        gradient = simulate(square(m, 3), fmt, layer=layer, x=part[None], weights=np.stack(filters)[:, None])[0]
        emulations.append(Emulation(square(m, 3), fmt, gradient, rms(gradient - exact)))
    return tuple(emulations)
