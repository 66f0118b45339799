"""A plan: layer × algorithm × target, with every blocking decision made.

The blocking follows what the caches see. A panel of P tiles needs V and M of P·R·(C + K) floats beside the
filters; each panel reads all of U once. Small panels stay in L2 but read U again and again; large ones read U
seldom but move V and M through the next cache. The plan weighs one traffic against the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from wincook.bilinear import BilinearAlgorithm
from wincook.errors import ShapeError
from wincook.formats import FLOAT32
from wincook.kernels.target import Isa, Target
from wincook.layers import Layer

_BYTES = FLOAT32.dtype.itemsize
_SHARE_OF_L2 = 0.75  # of a panel; the rest is left to U and the strips


@dataclass(frozen=True, slots=True)
class Plan:
    """How a layer is computed: the algorithm, the target, vectors per block of filters, tiles per panel, threads."""

    layer: Layer
    algorithm: BilinearAlgorithm
    target: Target
    vectors: int
    panel: int
    threads: int

    @property
    def tiles(self) -> int:
        """Tiles in the whole batch, the ones that overhang counted whole."""
        return tile_count(self.layer, self.algorithm)

    @property
    def filter_block(self) -> int:
        """Filters that one micro-kernel handles."""
        return self.vectors * self.target.isa.lanes

    @property
    def geometry(self) -> tuple[int, ...]:
        """What the compiled code is told at each call."""
        layer, ((top, _), (left, _)) = self.layer, self.layer.pads
        return (
            layer.batch,
            layer.channels,
            *layer.size,
            layer.filters,
            top,
            left,
            *layer.output_size,
            self.panel,
        )

    @property
    def packed_floats(self) -> int:
        """The length of U: filters are padded to whole blocks."""
        blocks = -(-self.layer.filters // self.filter_block)
        return self.algorithm.multiplications * blocks * self.layer.channels * self.filter_block

    def __str__(self) -> str:
        layer, isa = self.layer, self.target.isa.name
        return (
            f"{self.algorithm.tile} on {layer.input_shape} {layer.layout} -> {layer.output_shape}, {isa}, "
            f"{self.threads} threads, panels of {self.panel} tiles"
        )


def plan(layer: Layer, algorithm: BilinearAlgorithm, target: Target, threads: int) -> Plan:
    """Decide the blocking.

    Raises:
        ShapeError: the tile is not for this kernel.
    """
    if algorithm.tile.taps != layer.kernel:
        raise ShapeError(
            f"{algorithm.tile} is for a filter of {algorithm.tile.taps}; the layer's kernel is {layer.kernel}"
        )
    vectors = min(target.isa.vectors, -(-layer.filters // target.isa.lanes))
    tiles = tile_count(layer, algorithm)
    threads = min(threads, -(-tiles // target.isa.rows))
    panel = _panel(layer, algorithm, target, tiles, threads)
    return Plan(layer, algorithm, target, vectors, panel, threads)


def tile_count(layer: Layer, algorithm: BilinearAlgorithm) -> int:
    """Tiles that cover the output of the whole batch."""
    return layer.batch * prod(-(-size // m) for size, m in zip(layer.output_size, algorithm.tile.outputs, strict=True))


def _panel(layer: Layer, algorithm: BilinearAlgorithm, target: Target, tiles: int, threads: int) -> int:
    """Tiles per panel: equal panels for every thread, of whole micro-kernels where that delays no thread."""
    tile_bytes = algorithm.multiplications * (layer.channels + layer.filters) * _BYTES
    filter_bytes = algorithm.multiplications * layer.channels * layer.filters * _BYTES
    share = -(-tiles // threads)
    rows = target.isa.rows
    panels = min(
        range(1, -(-share // rows) + 1),
        key=lambda number: _traffic(-(-share // number), number, tile_bytes, filter_bytes, target.l2),
    )
    even = -(-share // panels)
    whole = -(-even // rows) * rows
    return min((whole, even), key=lambda panel: _longest_stripe(tiles, panel, threads, target.isa))


def _longest_stripe(tiles: int, panel: int, threads: int, isa: Isa) -> int:
    """Rows of micro-kernels on the busiest thread; a tail takes the time of a larger kernel than it is."""
    panels = -(-tiles // panel)
    longest = 0
    for thread in range(threads):
        first = panels * thread // threads * panel
        last = min(tiles, panels * (thread + 1) // threads * panel)
        tails = -(-(last - first) // panel) if panel % isa.rows else 1
        longest = max(longest, last - first + tails * isa.tails[1])
    return longest


def _traffic(tiles: int, panels: int, tile_bytes: int, filter_bytes: int, l2: int) -> float:
    """Bytes that cross the border of L2: the filters once per panel, and V and M as far as they do not fit."""
    panel_bytes = tiles * tile_bytes
    spilled = max(0.0, panel_bytes - _SHARE_OF_L2 * l2)
    filters = filter_bytes if panel_bytes + filter_bytes > _SHARE_OF_L2 * l2 else 0
    return panels * (filters + 2 * spilled)
