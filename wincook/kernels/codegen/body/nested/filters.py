"""What nested kernels need to know for Python: the floats of a bias, panels, and the micro-kernels."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import HALF_FILTERS, OUTPUTS, ROWS
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.nested.half import half_kernel
from wincook.kernels.codegen.body.nested.transforms import FILTERS
from wincook.kernels.codegen.body.products.micro_kernel import micro_kernel
from wincook.machine_code import in_python

PANEL_ROWS = 4  # micro-kernels one after another in a panel that nobody planned
row_kernel = half_kernel if HALF_FILTERS else micro_kernel  # by how many tiles it takes


@njit(inline="always", error_model="numpy")
def bias_floats(filters: int) -> int:
    """The bias is read in whole blocks of filters."""
    return -(-filters // FILTERS) * FILTERS


def tile_count(geometry: Geometry) -> int:
    """Tiles of the whole batch."""
    return geometry.batch * -(-geometry.out_height // OUTPUTS[0]) * -(-geometry.out_width // OUTPUTS[1])


def parts_for(geometry: Geometry, threads: int) -> tuple[int, int]:
    """Tiles of a panel that nobody planned, so few that each thread gets some, and shares of the filters.

    There are several shares where there are fewer panels than threads.
    """
    tiles = tile_count(geometry)
    panel = min(PANEL_ROWS, -(-tiles // (ROWS * threads))) * ROWS
    return panel, min(-(-threads // -(-tiles // panel)), -(-geometry.filters // FILTERS))


def micro_kernels(geometry: Geometry) -> list[int]:
    """The addresses of the micro-kernels for 1 to ROWS tiles: those that the panels need are compiled, others are 0."""
    tiles = tile_count(geometry)
    needed = set()
    for panel in (min(geometry.panel, tiles), tiles % geometry.panel):
        if panel:
            most = in_python(tallest)(panel)
            needed |= {most, most - 1} if in_python(number_of_tallest)(panel) * most < panel else {most}
    return [row_kernel(rows).address if rows in needed else 0 for rows in range(1, ROWS + 1)]
