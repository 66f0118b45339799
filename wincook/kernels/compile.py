"""From a layer to a kernel: plan, generate, compile."""

from __future__ import annotations

from wincook.arguments import whole_number
from wincook.construct.make.points_per_axis import Given
from wincook.construct.subject import Subject, algorithm_of
from wincook.digest import digest
from wincook.errors import FormatError, TargetError
from wincook.formats import FLOAT32, Format
from wincook.kernels.choose import choose_tile
from wincook.kernels.kernel import Kernel
from wincook.kernels.plan import Plan, check_layer, plan
from wincook.kernels.source import module_source, module_stem
from wincook.kernels.store import load_module
from wincook.kernels.target import Target
from wincook.layers import Layer
from wincook.log import timed


def make_plan(
    layer: Layer,
    algorithm: Subject | None = None,
    *,
    points: Given = None,
    format: Format | str = "float32",
    threads: int | None = None,
    target: Target | str | None = None,
) -> Plan:
    """Decide how a layer is computed, without compiling; arguments and errors as for `compile`."""
    if Format.of(format) != FLOAT32:
        raise FormatError(f"there is no kernel in format {Format.of(format)}; float32 is the one there is")
    check_layer(layer)  # before a tile is chosen, or an algorithm proven, for it
    decided = algorithm_of(choose_tile(layer) if algorithm is None else algorithm, points)
    decided.verify()
    machine = Target.of(target)
    wanted = machine.threads if threads is None else whole_number("threads", threads, error=TargetError)
    if not 1 <= wanted <= machine.threads:
        raise TargetError(f"threads = {wanted} is not possible here; give 1 to {machine.threads}")
    return plan(layer, decided, machine, wanted)


def compile(
    layer: Layer,
    algorithm: Subject | None = None,
    *,
    points: Given = None,
    format: Format | str = "float32",
    threads: int | None = None,
    target: Target | str | None = None,
) -> Kernel:
    """A kernel for a layer.

    Machine code is kept in the cache folder, WINCOOK_CACHE_DIR or `wincook` among the user's caches, by algorithm,
    layout and instruction set; sizes are told at each call, so layers of other sizes share it. What cannot be kept is
    compiled in each process, with a warning.

    A NaN or infinity in x may reach all outputs of the tiles that read it: see `Kernel.__call__`, which checks for
    them on demand.

    Args:
        layer: what to compute.
        algorithm: an algorithm, a tile such as `F(4x4,3x3)`, or a tile with its points, as a pair or in text; left out,
            a tile is chosen for the layer.
        points: as for `wincook.algorithm`, where a tile is given.
        format: float32.
        threads: how many to use; all cores of this process if left out.
        target: `avx512`, `avx2` or `generic`; the best this machine has if left out.

    Raises:
        ShapeError: there is no kernel for such a layer, or the tile does not fit its filters.
        TargetError: threads or an instruction set that this machine does not have; NUMBA_DISABLE_JIT is set.
        FormatError: a format without kernels.
        OutputError: others own or can write to the cache folder, so what lies in it may be theirs.
    """
    decided = make_plan(layer, algorithm, points=points, format=format, threads=threads, target=target)
    return kernel_of(decided)


@timed("compile")
def kernel_of(decided: Plan) -> Kernel:
    """The kernel of a plan: its module loaded from the cache, or generated and compiled.

    Raises:
        NotationError: no plan.
        TargetError: as `compile`.
        OutputError: as `compile`.
    """
    source = module_source(decided)
    return Kernel(decided, load_module(f"{module_stem(decided)}_{digest(source)}", source))
