"""What zeros in U cost and gain: error and speed of a layer against the share of blocks that are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import prod

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.arguments import items, real_number, whole_number
from wincook.arrays import Array, real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.ceiling import check_work
from wincook.construct.subject import Subject
from wincook.errors import ShapeError
from wincook.kernels.choice.cost.predict import estimate_of
from wincook.kernels.choice.cost.sparse import estimate_of_sparse
from wincook.kernels.choice.machine import Machine
from wincook.kernels.compile import kernel_of
from wincook.kernels.make_plan import make_plan
from wincook.kernels.measurement.interleaved import LONGEST, timings
from wincook.kernels.measurement.trial import random_data
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.target import Target
from wincook.layers import Layer
from wincook.layers.reduction import padded_input
from wincook.shown import Shown, brief
from wincook.sparse import Mask, PruningError, prune, pruning_error, transformed
from wincook.sparse.mask import BLOCK

SPARSITIES = (0.5, 0.7, 0.8, 0.9)

_PER_NUMBER = 1e-3  # operations, of an error that is predicted
_BYTES = 48  # of a number of U, and of all that it becomes on the way


@dataclass(frozen=True, slots=True)
class SparsityPoint:
    """One share of zeros: the mask, its error, and how many times as fast as the dense kernel it is.

    `products` and `call` are predicted, for the products alone and for a whole call; `measured` is of whole calls.
    """

    mask: Mask
    error: PruningError
    products: float
    call: float
    measured: float | None


@dataclass(frozen=True, slots=True)
class SparsityCurve(Shown):
    """Error and speed of a layer by one algorithm against the share of blocks that are zero, in points of some."""

    layer: Layer
    algorithm: BilinearAlgorithm
    format: str
    block: tuple[int, int]
    inputs: str
    points: tuple[SparsityPoint, ...]

    __repr__ = brief

    def __str__(self) -> str:
        speeds = ", ".join(f"{point.error.sparsity:.0%}: {point.call:.2f}x" for point in self.points)
        return f"{self.algorithm.tile} on {self.layer}, {self.inputs} inputs; {speeds}"


def sparsity_curve(  # noqa: PLR0913 (what is pruned, and on which machine)
    layer: Layer,
    algorithm: Subject,
    weights: Array | None = None,
    *,
    sparsities: Sequence[float] = SPARSITIES,
    inputs: Law | str | Array = "relu",
    block: tuple[int, int] | None = None,
    format: str = "float32",
    threads: int | None = None,
    target: Target | str | None = None,
    seconds: float = 0.0,
    seed: int = 0,
) -> SparsityCurve:
    """Prune filters to several shares of zeros, without training.

    Args:
        layer: plain, with two axes.
        algorithm: with the layer's kernel.
        weights: (K, C, *kernel), or U (K, C, *products); drawn as the law draws filters if left out.
        sparsities: shares of blocks that are zero.
        inputs: a data law, or images like the layer's, any number of them.
        block: filters and channels; left out, 32 and 1, or in bfloat16 2.
        format: of products: float32 or bfloat16.
        threads: of the kernels; all if left out.
        target: an instruction set; the best this machine has if left out.
        seconds: how long kernels are timed, in turn with the dense one; with 0 they are not compiled.
        seed: of what is drawn.

    Raises:
        ShapeError: a layer that no sparse kernel computes, or arrays or a block that do not fit it.
        NotationError: shares that are none, no time, or an unknown law.
        LimitError: it would take too long, or too much memory.
        WincookError: as for `wincook.sparse.prune`, and for `wincook.compile` if kernels are timed.
    """
    plan = make_plan(layer, algorithm, format=format, threads=threads, target=target, sparse=True)
    (single,), seconds = plan.plans, real_number("seconds", seconds, least=0, most=LONGEST)
    layer, exact, seen = plan.layer, single.algorithm, _seen(plan.layer, inputs)
    shares = [real_number("sparsities", share, least=0, most=1) for share in items("sparsities", sparsities, "(0.5,)")]
    filters = prod(layer.weight_shape[:2])
    operations, memory = _PER_NUMBER * exact.multiplications**2 * filters, _BYTES * exact.multiplications * filters
    check_work(f"pruning {layer} by {exact.tile}", len(shares) * operations, memory)
    law = seen if isinstance(seen, Law) else Law.of("relu")
    rng = np.random.default_rng(whole_number("seed", seed, 0, None))
    taps = layer.channels * layer.kernel[0] * layer.kernel[1]
    drawn = law.draw_filter(rng, layer.weight_shape, taps) if weights is None else weights
    U = transformed(exact, drawn)
    if U.shape[:2] != layer.weight_shape[:2]:
        found = real_array("weights", drawn).shape
        raise ShapeError(f"weights of shape {found} are none of {layer}; give {layer.weight_shape}")
    sizes = (BLOCK[0], single.words.channels) if block is None else block
    masks = [prune(exact, U, sparsity=share, inputs=seen, block=sizes) for share in shares]
    machine = Machine.of(single.target)
    dense = estimate_of(single, machine)
    measured: list[float | None] = [None] * len(masks)
    if seconds:
        measured = list(_speeds(plan, U, masks, seconds))
    points = []
    for mask, speed in zip(masks, measured, strict=True):
        spent = estimate_of_sparse(single, machine, mask.sparsity)
        error = pruning_error(exact, mask, U, seen, seed=seed)
        faster = dense.products / spent.products, dense.seconds / spent.seconds
        points.append(SparsityPoint(mask, error, *faster, speed))
    name = seen.name if isinstance(seen, Law) else "own"
    return SparsityCurve(layer, exact, single.format, masks[0].block if masks else BLOCK, name, tuple(points))


def _seen(layer: Layer, inputs: Law | str | Array) -> Law | Array:
    """A law, or images (N, C, *size) as the layer pads them."""
    if isinstance(inputs, (Law, str)):
        return Law.of(inputs)
    images = real_array("inputs", inputs)
    if images.shape[1:] != layer.input_shape[1:]:
        wanted = ", ".join(("N", *map(str, layer.input_shape[1:])))
        raise ShapeError(f"inputs of shape {images.shape} are no images of {layer}; give ({wanted})")
    return padded_input(images, layer, layer.pads)


def _speeds(plan: LayerPlan, U: Array, masks: Sequence[Mask], seconds: float) -> Sequence[float]:
    """How many times as fast calls with these masks are as calls of the dense kernel."""
    layer, (single,) = plan.layer, plan.plans
    of_all = make_plan(layer, single.algorithm, format=single.format, threads=single.threads, target=single.target)
    sparse, dense = kernel_of(plan), kernel_of(of_all)
    x, weights = random_data(layer)
    packed = [(dense, dense.pack(weights)), *((sparse, sparse.pack(U, mask=mask)) for mask in masks)]
    out = np.empty(layer.output_shape, np.float32)
    least = [timing.least for timing in timings([partial(kernel, x, held, out) for kernel, held in packed], seconds)]
    return [least[0] / each for each in least[1:]]
