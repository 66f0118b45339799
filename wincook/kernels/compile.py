"""From a layer to a kernel: plan, generate, compile."""

from __future__ import annotations

from math import prod
from types import ModuleType

from wincook.construct.make.points_per_axis import Given
from wincook.construct.subject import Subject
from wincook.digest import digest
from wincook.epilogue.activation import Activation
from wincook.epilogue.epilogue import Epilogue
from wincook.errors import TargetError
from wincook.formats import Format
from wincook.kernels.codegen.source import module_source, module_stem
from wincook.kernels.make_plan import make_plan
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plans.plan import Plan
from wincook.kernels.plans.scratch import BYTES
from wincook.kernels.run.kernel import Kernel
from wincook.kernels.run.store import load_module
from wincook.kernels.target import Target, check_runs_here, host_memory
from wincook.layers import Layer, layer_of
from wincook.log import timed


def compile(  # noqa: PLR0913 (what defines a kernel)
    layer: Layer,
    algorithm: Subject | None = None,
    *,
    points: Given = None,
    max_error: float | str | None = None,
    format: Format | str = "float32",
    input_format: Format | str = "float32",
    output_format: Format | str = "float32",
    residual_format: Format | str = "float32",
    threads: int | None = None,
    target: Target | str | None = None,
    epilogue: Epilogue | Activation | str | None = None,
    memory: int | None = None,
    sparse: bool = False,
) -> Kernel:
    """A kernel for a layer: of one to four axes, strided, dilated, grouped or transposed.

    Machine code is kept in the cache folder, WINCOOK_CACHE_DIR or `wincook` among the user's caches, by algorithm,
    layout and instruction set; sizes are told at each call, so layers of other sizes share it. What cannot be kept is
    compiled in each process, with a warning.

    A NaN or infinity in x may reach all outputs of the tiles that read it: see `Kernel.__call__`, which checks for
    them on demand.

    Args:
        layer: what to compute.
        algorithm: an algorithm, a tile such as `F(4x4,3x3)`, or a tile with its points, as a pair or in text, for the
            plain layers that the layer consists of; `direct` or `depthwise` for sums of products, on layers of one axis
            or two, `depthwise` on those with one channel a group. Left out, the quickest within `max_error` is chosen.
        points: as for `wincook.algorithm`, where a tile is given.
        max_error: the predicted RMS of the error over the RMS of y that is allowed, as a number, or as decibels in
            text, such as "110 dB"; left out, 3e-6, or 40 dB in bfloat16, 42 in int16 and 34 in int8, or the least there
            is where that is more. In narrow formats it is that of normal inputs after a ReLU and He weights.
        format: of the numbers that are multiplied: float32; bfloat16, whose products are added in float32; int8, or
            int16 of 12 and 13 bits, whose weights are packed with a `wincook.quantisation.Calibration`. Without an
            algorithm, bfloat16 is taken where it is quicker than float32.
        input_format: of the elements of x: float32, bfloat16 or float16, and, with a scale, uint8 or int8.
        output_format: of the elements of y: the same, and uint8 or int8 with a scale that is given with the weights.
        residual_format: of those of the residual that the epilogue adds, as for y.
        threads: how many to use; all cores of this process if left out.
        target: `avx512`, `avx2` or `generic`; the best this machine has if left out.
        epilogue: what follows the convolution: an activation such as `relu`, or a `wincook.epilogue.Epilogue`.
        memory: the most bytes that the packed weights and the workspace of a call may take, for which panels are made
            smaller, if need be; any number if left out.
        sparse: whether whole blocks of filters in the domain of the products may be zero: the kernel leaves out those
            that a `wincook.sparse.Mask` names, which is given with the weights. For plain layers with two axes.

    Raises:
        ShapeError: no layer; its output cannot be pooled; `direct` or `depthwise` does not fit it; it consists of so
            many plain layers that it would take too long; the tile does not fit the filters of one of them; or there is
            no sparse kernel for it.
        AlgorithmError: nothing computes the layer within `max_error`.
        TargetError: threads or an instruction set that this machine does not have; more memory than `memory`, or than
            there is, is needed; NUMBA_DISABLE_JIT is set.
        FormatError: a format without kernels, or without those that the layer needs.
        NotationError: no epilogue.
        OutputError: others own or can write to the cache folder, so what lies in it may be theirs.
    """
    _check_memory(layer_of(layer))
    decided = make_plan(
        layer,
        algorithm,
        points=points,
        max_error=max_error,
        format=format,
        input_format=input_format,
        output_format=output_format,
        residual_format=residual_format,
        threads=threads,
        target=target,
        epilogue=epilogue,
        memory=memory,
        sparse=sparse,
    )
    return kernel_of(decided)


@timed("compile")
def kernel_of(decided: LayerPlan) -> Kernel:
    """The kernel of a plan.

    Raises:
        NotationError: no plan.
        TargetError: as `compile`.
        OutputError: as `compile`.
    """
    _check_memory(layer_plan_of(decided).layer, decided.packed_bytes + decided.workspace_bytes)
    for target in dict.fromkeys(single.target for single in decided.plans):
        check_runs_here(target)
    modules = {single: _module(single) for single in dict.fromkeys(decided.plans)}
    return Kernel(decided, modules)


def _check_memory(layer: Layer, more: int = 0) -> None:
    """See that a call fits into this machine: what does would overflow no address either.

    Raises:
        TargetError: x, y and the weights, and so many bytes more, take more memory than there is.
    """
    numbers = prod(layer.input_shape) + prod(layer.output_shape) + prod(layer.weight_shape)
    if (needed := numbers * BYTES + more) > (available := host_memory()):
        raise TargetError(
            f"{layer}, {layer.batch} images at a time, takes {needed} bytes of memory, and this machine has "
            f"{available}; make it smaller"
        )


def _module(decided: Plan) -> ModuleType:
    source = module_source(decided)
    return load_module(f"{module_stem(decided)}_{digest(source)}", source)
