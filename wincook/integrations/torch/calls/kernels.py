"""The kernels of a model's convolutions, by the numbers and words that operators take; each is made once."""

from __future__ import annotations

from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

import torch
from torch import Tensor

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.subject import algorithm_of
from wincook.epilogue.epilogue import NOTHING, Epilogue
from wincook.errors import FormatError
from wincook.kernels import Kernel, LayerPlan, Target, make_plan
from wincook.kernels.compile import kernel_of as kernel_of_plan
from wincook.layers import Layer
from wincook.log import LOGGER

_KERNELS_KEPT = 1024


class Settings(NamedTuple):
    """What operators are told after their tensors, in this order; `operators` says what the words mean."""

    stride: list[int]
    padding: list[int]
    dilation: list[int]
    groups: int
    tile: str
    extra: int
    max_error: float
    threads: int
    format: str = "float32"
    calibration: Tensor | None = None


class Kinds(NamedTuple):
    """The types of x, y and a residual."""

    x: torch.dtype = torch.float32
    y: torch.dtype = torch.float32
    residual: torch.dtype = torch.float32


IN_FLOAT32 = Kinds()


def kernel_of(
    layer: Layer,
    tile: str,
    extra: int,
    max_error: float,
    threads: int,
    format: str = "float32",
    kinds: Kinds = IN_FLOAT32,
    *,
    epilogue: Epilogue = NOTHING,
) -> Kernel:
    """The kernel of a layer, made once for each number of threads; errors as for `wincook.compile`.

    A layer that has no kernel in a narrow format has one in float32, which is told.
    """
    return _kernel_of(layer, tile, extra, max_error, threads or torch.get_num_threads(), format, kinds, epilogue)


@lru_cache(_KERNELS_KEPT)
def _kernel_of(*given: Any) -> Kernel:
    return kernel_of_plan(plan_of(*given))


@lru_cache(_KERNELS_KEPT)
def plan_of(
    layer: Layer,
    tile: str,
    extra: int,
    max_error: float,
    threads: int,
    format: str,
    kinds: Kinds,
    epilogue: Epilogue,
) -> LayerPlan:
    """The plan of such a kernel."""
    algorithm = _algorithm(tile, extra)
    x, y, residual = (str(kind).removeprefix("torch.") for kind in kinds)
    make = partial(
        make_plan,
        layer,
        threads=min(threads, Target.of(None).threads),
        epilogue=epilogue,
        input_format=x,
        output_format=y,
        residual_format=residual,
    )
    if format == "float32":
        return make(algorithm, max_error=None if tile else max_error)
    try:
        return make(algorithm, format=format)
    except FormatError as reason:
        LOGGER.warning("%s is computed in float32: %s", layer, reason)
        return make()


@cache
def _algorithm(tile: str, extra: int) -> BilinearAlgorithm | str | None:
    """What a plan is made of; points are read once, which takes longer than the rest of a plan."""
    if extra:
        return construct(tile, extra=extra)
    return algorithm_of(tile) if " on " in tile else tile or None


@cache
def epilogue_of(activation: str, *, residual: bool) -> Epilogue:
    """What follows a convolution; an activation of no letters is none."""
    return Epilogue(activation or None, residual=residual)
