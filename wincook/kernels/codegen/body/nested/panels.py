"""How a panel of tiles lies in the workspace of its thread: V, M, and strips of one row of tiles.

V  [product][group of tiles][block of LANES words][tile][word], a word being IN_WORD channels
M  [tile][block of filters][product][filter]
"""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import IN_WORD, LANES, LAYOUT, OUTPUTS, RANKS, ROWS, TILE_INPUTS
from wincook.kernels.codegen.body.job import Floats, Geometry
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.transforms import FILTERS, PRODUCTS, STEPS
from wincook.kernels.codegen.body.products.float32 import STRIPS
from wincook.kernels.codegen.body.products.terms import terms_of

LINE = 64 // BYTES  # floats of a cache line: strides are offset by one, lest all products fall into one cache set
CHANNELS_LAST = LAYOUT == "NHWC"
STRIDED = True  # of x, the residual and y, only channels (NHWC) or columns (NCHW) must be neighbours


@njit(inline="always", error_model="numpy")
def words_of(geometry: Geometry) -> int:
    """Words of all that is summed; what is left of the last one holds zeros."""
    words: int = -(-terms_of(geometry) // IN_WORD)
    return words


@njit(inline="always", error_model="numpy")
def word_blocks_of(geometry: Geometry) -> int:
    """Blocks of LANES words."""
    blocks: int = -(-words_of(geometry) // LANES)
    return blocks


@njit(inline="always", error_model="numpy")
def product_stride(geometry: Geometry) -> int:
    """Words from one product of V to the next."""
    groups = -(-geometry.panel // ROWS)
    words: int = groups * word_blocks_of(geometry) * min(ROWS, geometry.panel) * LANES + LINE
    return words


@njit(inline="always", error_model="numpy")
def group_of(tile: int, lines: int, tall: int) -> tuple[int, int]:
    """The group of a tile, and its place there: `tall` groups have as many lines as are told, the others one less."""
    if tile < tall * lines:
        return tile // lines, tile % lines
    rest = tile - tall * lines
    return tall + rest // (lines - 1), rest % (lines - 1)


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> Floats:
    """The sizes of the parts of one thread's workspace, each a multiple of a line."""
    filters, out_width, panel = geometry.filters, geometry.out_width, geometry.panel
    across = min(panel, -(-out_width // OUTPUTS[1]))
    V = PRODUCTS * product_stride(geometry)
    M = panel * -(-filters // FILTERS) * PRODUCTS * FILTERS + LINE
    strip = STRIPS * RANKS[0] * ((across - 1) * STEPS[1] + TILE_INPUTS[1] + LANES) * LANES
    out_strip = OUTPUTS[0] * (across * OUTPUTS[1] + LANES) * LANES
    half = max(RANKS[0] * LANES, OUTPUTS[0] * RANKS[1]) * LANES
    return Floats(V, M, strip, out_strip, half)
