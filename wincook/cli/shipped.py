"""What `wincook emit` writes: the plan of a tile, of layers, or of all layers of a network or a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast, get_args

from wincook.bilinear import BilinearAlgorithm
from wincook.cli.algorithms import AlgorithmOptions
from wincook.construct.subject import Subject
from wincook.epilogue.epilogue import NOTHING, Epilogue
from wincook.errors import NotationError, ShapeError
from wincook.identifier import identifiers
from wincook.kernels.make_plan import make_plan
from wincook.kernels.plans.formats import IN_FLOAT32, Formats
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import AXES
from wincook.layers import Layer, Layout
from wincook.layers.notation.named import NamedLayer, network_layers
from wincook.layers.notation.text import read_layer

LAYOUT, FILTERS = get_args(Layout)[0], 64
_CHANNELS, _SIZE = 64, 56  # a layer needs some; the code serves any number
_AS_IT_STANDS = ("direct", "depthwise")  # families of whole layers, by name
_EXAMPLE = "64x56x56 -> 64, 3x3, padding 1, groups 64"


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is asked for: how, and for which layers."""

    subject: str | None
    options: AlgorithmOptions
    layers: tuple[str, ...]
    network: str | None
    max_error: str | None
    isa: str | None
    formats: Formats = IN_FLOAT32
    epilogue: Epilogue = NOTHING
    sparse: bool = False

    def plans(self, layout: str, filters: int) -> dict[str, LayerPlan]:
        """The plans by their names: an empty one for a single layer.

        Raises:
            NotationError: no layer, or layers in two ways.
            WincookError: as `wincook.kernels.make_plan`, `wincook.integrations.onnx.onnx_layers`.
        """
        named = self._named()
        if named and (layout, filters) != (LAYOUT, FILTERS):
            raise NotationError("--layer says layout and filters; leave --layout and --filters out")
        subject = self._subject(is_for_layers=bool(named))
        if not named:
            named = (NamedLayer("", 1, _any_layer(subject, layout, filters)),)
        names = identifiers(each.name for each in named) if len(named) > 1 else ("",)
        planned = (
            make_plan(
                each.layer,
                subject,
                max_error=self.max_error,
                target=self.isa,
                format=self.formats.format,
                input_format=self.formats.input_format,
                output_format=self.formats.output_format,
                residual_format=self.formats.residual_format,
                epilogue=self.epilogue,
                sparse=self.sparse,
            )
            for each in named
        )
        return dict(zip(names, planned, strict=True))

    def _named(self) -> tuple[NamedLayer, ...]:
        model = self.subject if self.subject is not None and self.subject.lower().endswith(".onnx") else None
        if sum(map(bool, (model, self.layers, self.network))) > 1:
            raise NotationError("layers come from --layer, --network or an .onnx file; give one of them")
        if model:
            from wincook.integrations.onnx.layers import alike, onnx_layers

            return alike(onnx_layers(model))
        if self.network:
            return network_layers(self.network)
        return tuple(NamedLayer(f"layer {i}", 1, read_layer(text)) for i, text in enumerate(self.layers, 1))

    def _subject(self, *, is_for_layers: bool) -> Subject | None:
        """The algorithm or the family; None where the quickest is chosen."""
        subject, plain = self.subject, self.options == AlgorithmOptions()
        if subject is None or subject.lower().endswith(".onnx"):
            if not is_for_layers:
                raise NotationError("there is nothing to emit; give a tile, such as 'F(4x4,3x3)', or a --layer")
            if not plain:
                raise NotationError("the algorithm of each layer is chosen: leave out what is for tiles, as --points")
            return None
        if subject in _AS_IT_STANDS:
            if not plain:
                raise NotationError(
                    f"{subject} kernels are sums of products: leave out what is for tiles, such as --points"
                )
            if not is_for_layers:
                raise NotationError(f"{subject} kernels are for a layer: give one with --layer, such as '{_EXAMPLE}'")
            return subject
        return self.options.algorithm(subject)


def _any_layer(subject: Subject | None, layout: str, filters: int) -> Layer:
    """A layer of usual sizes for a tile.

    Raises:
        ShapeError: a tile without two axes, whose code would be for these sizes alone.
    """
    tile = cast("BilinearAlgorithm", subject).tile
    if tile.dimension != AXES:
        raise ShapeError(
            f"code for layers of any size is of tiles with two axes, not of {tile}; give --dimension 2, or a --layer"
        )
    size = tuple(max(_SIZE, number) for number in tile.taps)
    return Layer(_CHANNELS, filters, size, tile.taps, layout=cast("Layout", layout), stride=tile.strides)
