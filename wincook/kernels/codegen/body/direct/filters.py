"""Weights as direct kernels take them: U, the sizes it goes with, the micro-kernels that read it, and how to step."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import GROUP, ROWS
from wincook.kernels.codegen.body.direct.gather import BLOCK, NARROW, SQUARE, UNIT
from wincook.kernels.codegen.body.direct.lines import line_kernel
from wincook.kernels.codegen.body.direct.packing import pack_filters
from wincook.kernels.codegen.body.direct.spread import spread_kernel
from wincook.kernels.codegen.body.direct.stages import CHANNELS_LAST, filter_floats, workspace_floats
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.products.micro_kernel import micro_kernel
from wincook.machine_code import in_python

PURPOSE = "direct convolution"
KNOWN_STEPS = (None, None)  # stride and dilation: any
KNOWN_TAPS = None  # any, too
row_kernel = spread_kernel if NARROW else line_kernel if CHANNELS_LAST else micro_kernel  # by how many rows it takes
PANEL_FLOATS = 1 << 17  # of V in a panel that nobody planned: half of a usual L2


def packed_filters(weights: Any, groups: int) -> Any:
    """U as one array, of contiguous weights (K, C/groups, taps down, taps across).

    Raises:
        ValueError: other shapes, or groups that do not divide the filters.
    """
    if weights.ndim != 4 or 0 in weights.shape or groups < 1 or len(weights) % groups:  # noqa: PLR2004
        raise ValueError(f"weights must be (K, C, taps, taps) in groups that divide K, not {weights.shape}, {groups}")
    if NARROW and (weights.shape[1], len(weights) // groups) != GROUP:
        raise ValueError(f"groups must have {GROUP[0]} channels and {GROUP[1]} filters, not {weights.shape}, {groups}")
    U = aligned(in_python(filter_floats)((*weights.shape, groups)))
    pack_filters(weights, U, groups)
    return frozen(U)


@njit(inline="always", error_model="numpy")
def bias_floats(filters: int) -> int:
    """The bias is read in whole blocks, from any filter on."""
    return filters + BLOCK


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and their groups."""
    channels = geometry.channels // geometry.groups
    return (geometry.filters, channels, geometry.taps_down, geometry.taps_across, geometry.groups)


def parts_for(geometry: Geometry, threads: int) -> tuple[int, int]:
    """Outputs of a panel that nobody planned, as many as fit into a cache, but some for each thread; and one share."""
    outputs = geometry.batch * geometry.out_height * geometry.out_width // SQUARE
    block = ROWS if CHANNELS_LAST else UNIT // SQUARE
    fitting: int = PANEL_FLOATS // in_python(workspace_floats)(geometry._replace(panel=block))[0]
    return max(1, min(fitting, -(-outputs // (block * threads)))) * block, 1


def micro_kernels(geometry: Geometry) -> list[int]:
    """The addresses of the micro-kernels for 1 to ROWS rows: those that are needed are compiled, others are 0."""
    pixels, panel = geometry.batch * geometry.out_height * geometry.out_width, geometry.panel * SQUARE
    panels = (min(panel, pixels), pixels % panel)
    needed = set()
    for lines in panels if CHANNELS_LAST else (geometry.filters // geometry.groups,):
        if lines:
            most = in_python(tallest)(lines)
            needed |= {most, most - 1} if in_python(number_of_tallest)(lines) * most < lines else {most}
    return [row_kernel(rows).address if rows in needed else 0 for rows in range(1, ROWS + 1)]
