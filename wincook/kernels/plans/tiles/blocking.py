"""How the work of a layer in tiles is parted: filters of a block, tiles of a panel, threads.

The blocking follows what the caches see. Beside the filters, a panel of P tiles needs V and M of P·R·(C + K) floats,
and each panel reads all of U once: U comes from L2 if it fits, and then small panels, which also stay there, are
best. If it does not, each of its floats takes part in 2P operations on the way past, so panels must be large enough
for the arithmetic to hide the reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from wincook.bilinear import BilinearAlgorithm
from wincook.formats import FLOAT32
from wincook.kernels.plans.tiles.shallow import is_shallow, vectors_of_tiles
from wincook.kernels.target import Isa, Target
from wincook.layers import Layer
from wincook.transforms import Transforms

_BYTES = FLOAT32.dtype.itemsize
_SHARE_OF_L2 = 0.25  # of a panel; the rest is left to U, the image and the strips
_ROWS_TO_HIDE_LATENCY = 4
_PANELS_TRIED = 8  # more or fewer than the caches want
_TILES_PER_FILTER_READ = 42  # 84 operations a float: about 150 GFLOP/s at 7 GB/s


@dataclass(frozen=True, slots=True)
class Blocking:
    """Vectors per block of filters, tiles per panel, threads, and shares of the filters in which a panel is done."""

    vectors: int
    panel: int
    threads: int
    shares: int = 1


def blocking(
    layer: Layer, outputs: tuple[int, ...], products: int, kept: int, target: Target, threads: int
) -> Blocking:
    """The blocking of a checked layer with tiles of so many outputs and products, with so many different filters."""
    if is_shallow(layer, outputs, products, target.isa):
        threads = min(threads, max(1, vectors_of_tiles(layer, outputs, target.isa)))
        return Blocking(1, target.isa.lanes, threads)
    return nested_blocking(layer, outputs, products, kept, target, threads)


def nested_blocking(
    layer: Layer, outputs: tuple[int, ...], products: int, kept: int, target: Target, threads: int, in_word: int = 1
) -> Blocking:
    """The same of a nested kernel, with so many channels in a word."""
    vectors = min(target.isa.vectors, -(-layer.filters // target.isa.lanes))
    tiles = max(1, tile_count(layer, outputs))  # an empty batch is planned as if it had one
    of_tiles = min(threads, -(-tiles // target.isa.rows))
    if filter_bytes(layer, kept, in_word) > target.l2 / 2:  # reading them anew takes longer than the arithmetic
        of_tiles = min(of_tiles, max(1, tiles // _TILES_PER_FILTER_READ))
    shares = min(-(-threads // of_tiles), -(-layer.filters // (vectors * target.isa.lanes)))
    panel = _panel(layer, products, kept, target, tiles, of_tiles, in_word)
    return Blocking(vectors, panel, min(threads, of_tiles * shares), shares)


def filter_bytes(layer: Layer, kept: int, in_word: int = 1) -> int:
    """Bytes of U, with so many different products, and so many channels in a word."""
    return kept * -(-layer.channels // in_word) * layer.filters * _BYTES


def tile_count(layer: Layer, outputs: tuple[int, ...]) -> int:
    """Tiles of so many outputs that cover the output of the whole batch."""
    return layer.batch * prod(-(-size // m) for size, m in zip(layer.output_size, outputs, strict=True))


def few_tiles(algorithm: BilinearAlgorithm, isa: Isa) -> int:
    """The most tiles whose sums for one row of products fit into registers, with the filters and one operand."""
    return (isa.registers - 1) // algorithm.axes[1].multiplications - 1


def filters_kept(axes: tuple[Transforms, ...]) -> int:
    """Products of a tile whose filters differ: those are in U."""
    return prod(len({tuple(row) for row in axis.G.tolist()}) for axis in axes)


def _panel(layer: Layer, products: int, kept: int, target: Target, tiles: int, threads: int, in_word: int) -> int:
    """Tiles per panel: near what the caches want, with the work even among the threads and few tails."""
    rows = target.isa.rows
    tile_bytes = products * (-(-layer.channels // in_word) + layer.filters) * _BYTES
    read = _TILES_PER_FILTER_READ if filter_bytes(layer, kept, in_word) > target.l2 / 2 else 0
    wanted = max(read, int(_SHARE_OF_L2 * target.l2 / tile_bytes))
    share = -(-tiles // threads)
    panels = -(-share // max(wanted, rows))
    fewest, most = panels - min(panels // 3, _PANELS_TRIED), panels + min(panels, _PANELS_TRIED)
    nearby = sorted(range(fewest, most + 1), key=lambda number: abs(number - panels))
    sizes = [-(-share // number) for number in nearby]
    choices = [choice for size in sizes for choice in (-(-size // rows) * rows, size)]
    return min(
        choices,
        key=lambda panel: [_longest_stripe(tiles, panel, threads, target.isa, least) for least in (read, 0)],
    )


def _longest_stripe(tiles: int, panel: int, threads: int, isa: Isa, least: int) -> int:
    """The work of the busiest thread, in rows of micro-kernels, where each panel takes the time of so many at least."""
    panels = -(-tiles // panel)
    last = tiles - (panels - 1) * panel
    full, rest = (max(least, _rows_of_work(size, isa)) for size in (panel, last))
    shares = [panels * (thread + 1) // threads - panels * thread // threads for thread in range(threads)]
    return max(*(share * full for share in shares[:-1]), (shares[-1] - 1) * full + rest, 0)


def _rows_of_work(tiles: int, isa: Isa) -> int:
    """Small micro-kernels wait for their own results: none is done sooner than four rows; each costs one to start."""
    if not tiles:
        return 0
    groups = -(-tiles // isa.rows)
    tallest = -(-tiles // groups)
    tall = tiles - groups * (tallest - 1)
    higher, lower = (max(rows, _ROWS_TO_HIDE_LATENCY) + 1 for rows in (tallest, tallest - 1))
    return tall * higher + (groups - tall) * lower
