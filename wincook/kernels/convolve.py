"""One call that convolves: arrays in, an array out."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import prod
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from wincook.arguments import choice, flag, whole_number
from wincook.arrays import real_array
from wincook.ceiling import check_work
from wincook.epilogue.activation import Activation
from wincook.epilogue.epilogue import Epilogue
from wincook.errors import ShapeError, TargetError
from wincook.kernels.compile import kernel_of
from wincook.kernels.make_plan import make_plan
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.run.kernel import Kernel
from wincook.kernels.run.packed import Packed
from wincook.layers import Layer, Layout, Padding, PaddingMode, PerAxis

_DEFAULTS = (
    None,
    1,
    0,
    "zeros",
    1,
    1,
    False,
    0,
    "NCHW",
    None,
    None,
    None,
    None,
)  # of what defines a layer, in `convolve`
_KERNELS_KEPT = 32  # each keeps its workspace
_GROWTH = 64  # times as many numbers as are given: the ceiling of memory holds beyond it


def convolve(  # noqa: PLR0913 (what defines a layer)
    x: Any,
    weights: Any,
    bias: Any = None,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    padding_mode: PaddingMode = "zeros",
    dilation: PerAxis = 1,
    groups: int = 1,
    transposed: bool = False,
    output_padding: PerAxis = 0,
    layout: Layout = "NCHW",
    threads: int | None = None,
    epilogue: Epilogue | Activation | str | None = None,
    scale: Any = None,
    shift: Any = None,
    residual: Any = None,
    check_finite: bool = False,
) -> NDArray[np.float32]:
    """Convolve a batch of images: plan, compile, pack and run in one call.

    Weights are transformed anew in each call. `packed = wincook.compile(layer).pack(weights)` does it once; then
    `convolve(x, packed)` takes them as they are.

    Several threads may call it at once, the first time too. Threads do not survive a fork: a process that was forked
    after a call on several threads, as by multiprocessing's "fork", runs on one; one that is spawned has all of them.
    NUMBA_NUM_THREADS bounds the threads; where numba finds no way to run them, one does all, with a warning.

    A NaN or infinity in x reaches more outputs than in direct convolution: of the tiles that read it, it may be all
    outputs, of all filters, and infinities become NaN. No output is finite that direct convolution makes NaN or
    infinite.

    Args:
        x: (N, C, *size), or (N, *size, C) for layout NHWC, with one to four axes; any real type. Arrays, lists and
            tensors of torch are taken; no images, N = 0, give none.
        weights: (K, C/groups, *kernel), or (C, K/groups, *kernel) if transposed; or packed ones, which know the rest.
        bias: (K,), or nothing.
        stride: one number, or one per axis.
        padding: one number, one per axis, (before, after) per axis, `valid` for none, or `same` for outputs as large as
            the image, at unit stride.
        padding_mode: what the padding holds: `zeros`, `reflect` or `replicate`.
        dilation: one number, or one per axis.
        groups: how many, of channels and of filters.
        transposed: whether the layer is the adjoint of a convolution.
        output_padding: of a transposed layer; one number, or one per axis.
        layout: NCHW or NHWC, of x and of the result.
        threads: how many to use; all cores of this process if left out.
        epilogue: what follows: an activation such as `relu`, or a `wincook.epilogue.Epilogue`; it has a scale or a
            residual if one is given.
        scale: (K,), by which y is multiplied after the bias; or nothing.
        shift: (K,), which is added then; or nothing.
        residual: of the shape of the convolution, added before the activation; or nothing.
        check_finite: whether to refuse x with NaN, infinities, or numbers too large for float32; weights always are.

    Raises:
        ShapeError: shapes that do not fit one another; sizes that are no whole numbers.
        DataError: weights with NaN or infinite values; x, if it is to be checked; elements that are not real numbers;
            masked arrays.
        NotationError: an unknown layout, padding mode or word for the padding; no epilogue.
        OutputError: others own or can write to the cache folder of machine code.
        TargetError: more threads than cores, or NUMBA_DISABLE_JIT is set.

    >>> import numpy as np
    >>> x, weights = np.ones((1, 2, 5, 5)), np.ones((3, 2, 3, 3))
    >>> y = convolve(x, weights, bias=[0, 0, 1], padding=1)
    >>> y.shape, y[0, 2].round(3).tolist()[0]
    ((1, 3, 5, 5), [9.0, 13.0, 13.0, 13.0, 9.0])
    >>> convolve(x, weights, stride=2, padding=1)[0, 0].round(3).tolist()[0]
    [8.0, 12.0, 8.0]
    """
    if isinstance(weights, Packed):
        settings: tuple[Any, ...] = (
            bias,
            stride,
            padding,
            padding_mode,
            dilation,
            groups,
            transposed,
            output_padding,
            layout,
            threads,
        )
        settings = (*settings, epilogue, scale, shift)
        if any(value is not default for value, default in zip(settings, _DEFAULTS, strict=True)):
            raise ShapeError(
                "packed weights know their layer, bias, epilogue and threads: give them with x, residual and "
                "check_finite alone"
            )
        kernel = weights.kernel if isinstance(weights.kernel, Kernel) else _kernel_of(weights.plan)
        return kernel(x, weights, residual=residual, check_finite=check_finite)
    x, weights = real_array("x", x), real_array("weights", weights)
    layout, transposed = choice("layout", layout, get_args(Layout)), flag("transposed", transposed)
    check_finite = flag("check_finite", check_finite)
    if x.ndim != weights.ndim or x.ndim < 3:  # noqa: PLR2004 (N, C, one axis)
        raise ShapeError(
            f"x has shape {x.shape} and weights {weights.shape}; both need as many axes, two more than the image has"
        )
    batch, *rest = x.shape
    *size, channels = rest if layout == "NHWC" else (*rest[1:], rest[0])
    filters = weights.shape[1] * whole_number("groups", groups) if transposed else weights.shape[0]
    layer = Layer(
        channels,
        filters,
        tuple(size),
        weights.shape[2:],
        padding,
        batch,
        layout,
        stride=stride,
        dilation=dilation,
        groups=groups,
        transposed=transposed,
        output_padding=output_padding,
        padding_mode=padding_mode,
    )
    after = Epilogue.of(epilogue)
    after = replace(
        after,
        scale=after.scale or scale is not None or shift is not None,
        residual=after.residual or residual is not None,
    )
    if weights.shape != layer.weight_shape:
        raise ShapeError(
            f"x has {channels} channels ({layout} {x.shape}), so the weights must be {layer.weight_shape}, not "
            f"{weights.shape}"
        )
    threads = None if threads is None else whole_number("threads", threads, error=TargetError)
    _check_memory(layer, x.size + weights.size)
    kernel = _kernel_of(_plan(layer, threads, after))
    packed = kernel.pack(weights, bias, scale=scale, shift=shift)
    return kernel(x, packed, residual=residual, check_finite=check_finite)


def _check_memory(layer: Layer, numbers_given: int) -> None:
    """See that neither the padded image nor the output is out of all proportion to what was given.

    Raises:
        ShapeError: a layer beyond the ceiling of memory, of more than so many numbers for each one given.
    """
    padded = prod(size + sum(pads) for size, pads in zip(layer.size, layer.pads, strict=True)) * layer.channels
    output = prod(layer.output_size) * layer.filters
    numbers = layer.batch * (output if layer.transposed else padded + output)
    if numbers > _GROWTH * numbers_given:
        check_work(f"{layer} of {layer.batch} images, padding {layer.pads},", 0, 4 * numbers, error=ShapeError)


@lru_cache(maxsize=_KERNELS_KEPT)
def _plan(layer: Layer, threads: int | None, epilogue: Epilogue) -> LayerPlan:
    return make_plan(layer, threads=threads, epilogue=epilogue)


@lru_cache(maxsize=_KERNELS_KEPT)
def _kernel_of(plan: LayerPlan) -> Kernel:
    return kernel_of(plan)
