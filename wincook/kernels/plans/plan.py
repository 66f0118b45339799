"""A plan: layer × algorithm × target, with every decision made that code and calls depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wincook.arguments import instance
from wincook.bilinear import BilinearAlgorithm
from wincook.epilogue.epilogue import NOTHING, Epilogue
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.plans.formats import ElementFormat, ProductFormat, Words, words_of
from wincook.kernels.plans.tiles.blocking import few_tiles, tile_count
from wincook.kernels.plans.tiles.shallow import MOST_CHANNELS
from wincook.kernels.target import Target
from wincook.layers import Layer
from wincook.shown import brief

Family = Literal["nested", "sparse", "shallow", "direct", "depthwise"]

AXES = 2


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
        return few_tiles(self.algorithm, self.target.isa) if self.half_filters else self.target.isa.rows

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
