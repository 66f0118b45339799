"""A plan: layer × algorithm × target, with every blocking decision made.

The blocking follows what the caches see. Beside the filters, a panel of P tiles needs V and M of P·R·(C + K) floats,
and each panel reads all of U once: U comes from L2 if it fits, and then small panels, which also stay there, are
best. If it does not, each of its floats takes part in 2P operations on the way past, so panels must be large enough
for the arithmetic to hide the reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, Literal

from wincook.arguments import instance, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.epilogue.epilogue import NOTHING, Epilogue
from wincook.errors import AlgorithmError, ShapeError, TargetError
from wincook.formats import FLOAT32
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.plans.formats import IN_FLOAT32, ElementFormat, Formats, ProductFormat, Words, words_of
from wincook.kernels.plans.shallow import MOST_CHANNELS, is_shallow, vectors_of_tiles
from wincook.kernels.target import Isa, Target
from wincook.layers import Layer, layer_of
from wincook.shown import brief
from wincook.transforms import Transforms

Family = Literal["nested", "sparse", "shallow", "direct", "depthwise"]

AXES = 2
_BYTES = FLOAT32.dtype.itemsize
_SHARE_OF_L2 = 0.25  # of a panel; the rest is left to U, the image and the strips
_ROWS_TO_HIDE_LATENCY = 4
_BEYOND_CACHES = 16  # times L2: U of more comes from memory at every call
_PANELS_TRIED = 8  # more or fewer than the caches want
_TILES_PER_FILTER_READ = 42  # 84 operations a float: about 150 GFLOP/s at 7 GB/s


@dataclass(frozen=True, slots=True)
class Blocking:
    """Vectors per block of filters, tiles per panel, threads, and shares of the filters in which a panel is done."""

    vectors: int
    panel: int
    threads: int
    shares: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """How a layer is computed: the algorithm, the target, vectors per block of filters, tiles per panel, threads.

    The family says which kernels: `nested` ones compute F(m,r) on plain layers, `sparse` ones with filters that have
    whole blocks of zeros, and `shallow` ones on layers of few channels; to `direct` ones the algorithm is F(1x1,1x1), a
    tile is an output, and its channels are the channels and taps of a group.
    The epilogue is what its code does with outputs beside adding the bias. With `half_filters`, U is kept transformed
    down the columns alone, and finished in registers. Where there are fewer panels than threads, each is done in
    shares of the filters. Products have the format, x, y and a residual those of input, output and residual.
    """

    layer: Layer
    algorithm: BilinearAlgorithm
    target: Target
    vectors: int
    panel: int
    threads: int
    family: Family = "nested"
    epilogue: Epilogue = NOTHING
    half_filters: bool = False
    shares: int = 1
    format: ProductFormat = "float32"
    input_format: ElementFormat = "float32"
    output_format: ElementFormat = "float32"
    residual_format: ElementFormat = "float32"

    __repr__ = brief

    @property
    def tiles(self) -> int:
        """Tiles in the whole batch, the ones that overhang counted whole."""
        return tile_count(self.layer, self.algorithm.tile.outputs)

    @property
    def tiled(self) -> bool:
        """Whether its code computes F(m,r)."""
        return self.family in {"nested", "sparse", "shallow"}

    @property
    def quantised(self) -> bool:
        """Whether its products are of whole numbers, with the scales of a calibration."""
        return self.format in {"int8", "int16"}

    @property
    def takes_scales(self) -> bool:
        """Whether weights are packed with scales: of products, or of an x, y or residual of integers."""
        return self.quantised or bool({self.input_format, self.output_format, self.residual_format} & {"uint8", "int8"})

    @property
    def sums_terms(self) -> bool:
        """Whether its code is that of nested kernels, with sums over the taps of an output, too: direct convolution."""
        return self.family == "direct" and self.format != "float32"

    @property
    def loops(self) -> Family:
        """The family whose loops its code has."""
        return "nested" if self.sums_terms else self.family

    @property
    def words(self) -> Words:
        """What V and U consist of, and how it is multiplied."""
        return words_of(self.format, self.target.isa.name, self.target.features)

    @property
    def formats(self) -> str:
        """The formats in words, of products, x, y and a residual, where they are not float32.

        >>> import wincook as wc
        >>> layer = wc.Layer(channels=64, filters=64, size=(56, 56), kernel=(3, 3))
        >>> wc.kernels.make_plan(layer, "F(4x4,3x3)", input_format="bfloat16").plans[0].formats
        'x bfloat16'
        """
        elements = (("x ", self.input_format), ("y ", self.output_format), ("residual ", self.residual_format))
        named = (("", self.format), *elements)
        different = [f"{what}{name}" for what, name in named if name != "float32"]
        return ", ".join([*different, *([] if self.words.way == "one instruction" else [str(self.words)])])

    @property
    def rows(self) -> int:
        """The most tiles that a micro-kernel takes; of shallow kernels, the most channels."""
        if self.family == "shallow":
            return MOST_CHANNELS
        return _few_tiles(self.algorithm, self.target.isa) if self.half_filters else self.target.isa.rows

    @property
    def geometry(self) -> Geometry:
        """What the compiled code is told at each call."""
        layer, ((top, _), (left, _)) = self.layer, self.layer.pads
        (height, width), step = layer.size, self.epilogue.step
        out_height, out_width = (
            size // step * step for size in layer.output_size
        )  # what pooling drops is not computed
        return Geometry(
            batch=layer.batch,
            channels=layer.channels,
            height=height,
            width=width,
            filters=layer.filters,
            top=top,
            left=left,
            out_height=out_height,
            out_width=out_width,
            panel=self._panel_of_y,
            groups=layer.groups,
            taps_down=layer.axes[0].kernel,
            taps_across=layer.axes[1].kernel,
            stride_down=layer.axes[0].stride,
            stride_across=layer.axes[1].stride,
            dilation_down=layer.axes[0].dilation,
            dilation_across=layer.axes[1].dilation,
            shares=self.shares,
        )

    @property
    def _panel_of_y(self) -> int:
        """The panel as code is told: in tiles, or, of other families, in rows or outputs of y, pooled or not."""
        step = self.epilogue.step
        pixels = {"direct": step * step, "depthwise": step}.get(self.family, 1)
        return -(-self.panel // pixels)

    def __str__(self) -> str:
        layer, isa = self.layer, self.target.isa.name
        method = f"{'sparse ' * (self.family == 'sparse')}{self.algorithm.tile}" if self.tiled else self.family
        after = f" with {self.epilogue}" if self.epilogue else ""
        return (
            f"{method}{after} on {layer.input_shape} {layer.layout} -> {self.epilogue.output_shape(layer)}, {isa}, "
            f"{self.threads} threads, panels of {self.panel} tiles{', ' * bool(self.formats)}{self.formats}"
        )


def plan_of(plan: object) -> Plan:
    """The plan itself.

    Raises:
        NotationError: it is none.
    """
    return instance("plan", plan, Plan, "wincook.compile(layer).plan is one")


def check_layer(layer: Layer) -> None:
    """See that there are kernels for such a layer.

    Raises:
        ShapeError: there are none.
    """
    layer = layer_of(layer)
    if layer.dimension != AXES or not layer.dense:
        raise ShapeError(
            f"{layer} is no layer with two axes, no dilation and one group; "
            "wincook.kernels.make_plan(layer) plans any layer, as the plain ones that it consists of"
        )


def plan(
    layer: Layer, algorithm: BilinearAlgorithm, target: Target, threads: int, formats: Formats = IN_FLOAT32
) -> Plan:
    """Decide the blocking.

    Raises:
        ShapeError: no layer that a kernel runs, or a tile that is not for its filters.
        AlgorithmError: the algorithm is no nested correlation of real numbers.
        NotationError: it is no algorithm.
        TargetError: no target, or no number of threads.
    """
    check_layer(layer)
    algorithm = instance("algorithm", algorithm, BilinearAlgorithm, "wincook.algorithm makes one")
    target = instance("target", target, Target, "wincook.Target.of('avx2') is one", TargetError)
    threads = whole_number("threads", threads, error=TargetError)
    if algorithm.joint or algorithm.modulus or algorithm.kind != "correlation":
        raise AlgorithmError(f"kernels are made of nested correlations of real numbers, not of {algorithm.name}")
    if algorithm.tile.taps != layer.kernel:
        raise ShapeError(
            f"{algorithm.tile} is for a filter of {algorithm.tile.taps}; the layer's kernel is {layer.kernel}"
        )
    if algorithm.tile.strides != layer.strides:
        raise ShapeError(f"{algorithm.tile} is for stride {algorithm.tile.strides}; the layer's is {layer.strides}")
    outputs, products, kept = algorithm.tile.outputs, algorithm.multiplications, filters_kept(algorithm.axes)
    if formats.format == "float32" and is_shallow(layer, outputs, products, target.isa):
        blocks = blocking(layer, outputs, products, kept, target, threads)
        known: dict[str, Any] = {
            "input_format": formats.input_format,
            "output_format": formats.output_format,
            "residual_format": formats.residual_format,
        }
        return Plan(layer, algorithm, target, blocks.vectors, blocks.panel, blocks.threads, "shallow", **known)
    return nested_plan(layer, algorithm, target, threads, formats)


def nested_plan(
    layer: Layer, algorithm: BilinearAlgorithm, target: Target, threads: int, formats: Formats = IN_FLOAT32
) -> Plan:
    """The plan of a nested kernel for a checked layer and algorithm, whatever kernel is the quickest."""
    outputs, products, kept = algorithm.tile.outputs, algorithm.multiplications, filters_kept(algorithm.axes)
    in_word = words_of(formats.format, target.isa.name, target.features).channels
    blocks = _nested_blocking(layer, outputs, products, kept, target, threads, in_word)
    tiles = max(1, tile_count(layer, outputs))
    beyond_caches = in_word == 1 and _filter_bytes(layer, kept) > _BEYOND_CACHES * target.l2
    half_filters = tiles <= _few_tiles(algorithm, target.isa) and beyond_caches
    return Plan(
        layer,
        algorithm,
        target,
        blocks.vectors,
        tiles if half_filters else blocks.panel,
        blocks.threads,
        half_filters=half_filters,
        shares=blocks.shares,
        format=formats.format,
        input_format=formats.input_format,
        output_format=formats.output_format,
        residual_format=formats.residual_format,
    )


def blocking(
    layer: Layer, outputs: tuple[int, ...], products: int, kept: int, target: Target, threads: int
) -> Blocking:
    """The blocking of a checked layer with tiles of so many outputs and products, with so many different filters."""
    if is_shallow(layer, outputs, products, target.isa):
        threads = min(threads, max(1, vectors_of_tiles(layer, outputs, target.isa)))
        return Blocking(1, target.isa.lanes, threads)
    return _nested_blocking(layer, outputs, products, kept, target, threads)


def _nested_blocking(
    layer: Layer, outputs: tuple[int, ...], products: int, kept: int, target: Target, threads: int, in_word: int = 1
) -> Blocking:
    vectors = min(target.isa.vectors, -(-layer.filters // target.isa.lanes))
    tiles = max(1, tile_count(layer, outputs))  # an empty batch is planned as if it had one
    of_tiles = min(threads, -(-tiles // target.isa.rows))
    if _filter_bytes(layer, kept, in_word) > target.l2 / 2:  # reading them anew takes longer than the arithmetic
        of_tiles = min(of_tiles, max(1, tiles // _TILES_PER_FILTER_READ))
    shares = min(-(-threads // of_tiles), -(-layer.filters // (vectors * target.isa.lanes)))
    panel = _panel(layer, products, kept, target, tiles, of_tiles, in_word)
    return Blocking(vectors, panel, min(threads, of_tiles * shares), shares)


def _filter_bytes(layer: Layer, kept: int, in_word: int = 1) -> int:
    """Of U, with so many different products, and so many channels in a word."""
    return kept * -(-layer.channels // in_word) * layer.filters * _BYTES


def tile_count(layer: Layer, outputs: tuple[int, ...]) -> int:
    """Tiles of so many outputs that cover the output of the whole batch."""
    return layer.batch * prod(-(-size // m) for size, m in zip(layer.output_size, outputs, strict=True))


def _few_tiles(algorithm: BilinearAlgorithm, isa: Isa) -> int:
    """The most tiles whose sums for one row of products fit into registers, with the filters and one operand."""
    return (isa.registers - 1) // algorithm.axes[1].multiplications - 1


def filters_kept(axes: tuple[Transforms, ...]) -> int:
    """Products of a tile whose filters differ: those are in U."""
    return prod(len({tuple(row) for row in axis.G.tolist()}) for axis in axes)


def _panel(layer: Layer, products: int, kept: int, target: Target, tiles: int, threads: int, in_word: int) -> int:
    """Tiles per panel: near what the caches want, with the work even among the threads and few tails."""
    rows = target.isa.rows
    tile_bytes = products * (-(-layer.channels // in_word) + layer.filters) * _BYTES
    read = _TILES_PER_FILTER_READ if _filter_bytes(layer, kept, in_word) > target.l2 / 2 else 0
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
