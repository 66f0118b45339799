"""From a layer to a kernel: plan, generate, compile."""

from __future__ import annotations

from collections.abc import Sequence

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.errors import FormatError, TargetError
from wincook.kernels.choose import choose_tile
from wincook.kernels.kernel import Kernel
from wincook.kernels.plan import Plan, check_layer, plan
from wincook.kernels.source import digest, module_source, module_stem
from wincook.kernels.store import load_module
from wincook.kernels.target import Target
from wincook.layers import Layer
from wincook.points import Points
from wincook.tile import Tile


def make_plan(
    layer: Layer,
    algorithm: BilinearAlgorithm | Tile | str | None = None,
    *,
    points: Points | str | Sequence[Points | str] | None = None,
    format: str = "float32",  # noqa: A002 (the word that users type)
    threads: int | None = None,
    target: Target | str | None = None,
) -> Plan:
    """Decide how a layer is computed, without compiling; arguments and errors as for `compile`."""
    if format != "float32":
        raise FormatError(f"there is no kernel in format {format!r}; float32 is the one there is")
    check_layer(layer)
    if algorithm is None:
        algorithm = choose_tile(layer)
    if not isinstance(algorithm, BilinearAlgorithm):
        algorithm = construct(algorithm, points)
    algorithm.verify()
    machine = Target.of(target)
    wanted = machine.threads if threads is None else threads
    if not 1 <= wanted <= machine.threads:
        raise TargetError(f"threads = {wanted} is not possible here; give 1 to {machine.threads}")
    return plan(layer, algorithm, machine, wanted)


def compile(  # noqa: A001 (wc.compile is what users type)
    layer: Layer,
    algorithm: BilinearAlgorithm | Tile | str | None = None,
    *,
    points: Points | str | Sequence[Points | str] | None = None,
    format: str = "float32",  # noqa: A002 (the word that users type)
    threads: int | None = None,
    target: Target | str | None = None,
) -> Kernel:
    """A kernel for a layer.

    Machine code is kept on disk, by algorithm, layout and instruction set; sizes are told at each call, so layers
    of other sizes share it. A NaN or infinity in x may reach all outputs of the tiles that read it: see
    `Kernel.__call__`, which checks for them on demand.

    Args:
        layer: what to compute.
        algorithm: an algorithm, or a tile such as `F(4x4,3x3)`; left out, a tile is chosen for the layer.
        points: as for `wincook.algorithm`, where a tile is given.
        format: float32.
        threads: how many to use; all cores of this process if left out.
        target: `avx512`, `avx2` or `generic`; the best this machine has if left out.

    Raises:
        ShapeError: there is no kernel for such a layer, or the tile does not fit its filters.
        TargetError: threads or an instruction set that this machine does not have.
        FormatError: a format without kernels.
        OutputError: the cache folder cannot be written.
    """
    decided = make_plan(layer, algorithm, points=points, format=format, threads=threads, target=target)
    return kernel_of(decided)


def kernel_of(decided: Plan) -> Kernel:
    """The kernel of a plan: its module loaded from the cache, or generated and compiled."""
    source = module_source(decided)
    return Kernel(decided, load_module(f"{module_stem(decided)}_{digest(source)}", source))
