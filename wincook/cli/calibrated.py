"""`wincook int8 --calibrate`: scales for a layer of one's own, and what it loses by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from wincook.analysis.quantisation.calibrated import CalibrationReport, analyse_calibration
from wincook.arrays import Array
from wincook.atlas.lookup import look_up
from wincook.cli.algorithms import AlgorithmOptions
from wincook.cli.arrays import array_named
from wincook.cli.elements import SCALE, SUCH_AS
from wincook.cli.given import option_given
from wincook.construct import algorithm
from wincook.construct.subject import Subject
from wincook.data.array_file import read_array
from wincook.errors import NotationError, PointsError, ShapeError
from wincook.files import check_place
from wincook.layers import Layer
from wincook.quantisation.affine import KINDS, Affine
from wincook.quantisation.calibrate import calibrate
from wincook.quantisation.integers import integers_of
from wincook.quantisation.stored import write_calibration
from wincook.quantisation.subject import DIRECT
from wincook.tile import Tile

_TO_CHOOSE_FROM = ((2, 0), (4, 0), (4, 1))  # outputs along an axis, and products beyond the fewest
_FEWEST_AXES = 3  # of filters and images
_OF_DRAWN = frozenset({"bits", "filter_scales", "clipping", "percentile", "channels", "law", "filters"}) | {
    *("tiles_per_layer", "layers", "seed")
}
_OF_OWN = frozenset({"weights", "held_out", "format", "margin", "x_scale", "y_scale", "to"})


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What is asked for: images and weights in files, and the kind of scales."""

    images: str
    weights: str | None
    held_out: str | None
    format: str
    input_scales: str
    margin: float
    x: Affine | None
    y: Affine | None
    to: Path | None
    powers_of_two: bool

    def reports(self, tiles: Sequence[str], options: AlgorithmOptions) -> list[CalibrationReport]:
        """A report of each algorithm; the scales of the only one are kept if that is asked for.

        Raises:
            NotationError: no weights, images of integers without a scale, or scales of several algorithms to be kept.
            WincookError: as `wincook.quantisation.calibrate`, and files that cannot be read or written.
        """
        if self.weights is None:
            raise NotationError("--calibrate needs the layer's filters; give --weights FILE")
        integers_of(self.format)  # now, for tiles take points for all formats
        if self.to is not None:
            check_place(self.to)
        images, weights = read_array(self.images), array_named(self.weights)
        if images.dtype.name in KINDS and self.x is None:
            raise NotationError(f"images of {images.dtype} need a scale; give --x-scale {SCALE}, {SUCH_AS}")
        layer = layer_of_arrays(images, weights)
        subjects: list[Subject] = [DIRECT] * (DIRECT in tiles)
        named = [tile for tile in tiles if tile != DIRECT]
        subjects += options.algorithms(named) if named else []
        subjects = subjects or [*_to_choose_from(layer, self.format), DIRECT]
        if self.to is not None and len(subjects) > 1:
            raise NotationError(f"--to keeps the scales of one algorithm, not of {len(subjects)}; give one TILE")
        measured = images if self.held_out is None else read_array(self.held_out)
        return [self._report(layer, subject, images, measured, weights) for subject in subjects]

    def _report(
        self, layer: Layer, subject: Subject, images: Array, measured: Array, weights: Array
    ) -> CalibrationReport:
        calibration = calibrate(
            layer,
            subject,
            images,
            format=self.format,
            input_scales=self.input_scales,
            powers_of_two=self.powers_of_two,
            margin=self.margin,
            x=self.x,
            y=self.y,
        )
        if self.to is not None:
            write_calibration(self.to, calibration)
        return analyse_calibration(calibration, subject, layer=layer, images=measured, weights=weights)


def check_together(context: typer.Context, *, calibrates: bool) -> None:
    """See that nothing is said of layers that are drawn if there is a layer of one's own, and the other way round.

    Raises:
        NotationError: something is.
    """
    others, hint = (_OF_DRAWN, "leave out one of them") if calibrates else (_OF_OWN, "give --calibrate FILE as well")
    if option := option_given(context, others):
        of_what = "layers that are drawn, not one calibrated by --calibrate" if calibrates else "a layer of your own"
        raise NotationError(f"{option} is for {of_what}; {hint}")


def layer_of_arrays(images: Array, weights: Array) -> Layer:
    """The layer that has such inputs (N, C, *size) and filters (K, C/groups, *kernel), padded by half the kernel.

    Raises:
        ShapeError: there is none.
    """
    are_parts = min(images.ndim, weights.ndim) >= _FEWEST_AXES and 0 not in (*images.shape[1:], *weights.shape)
    if not are_parts or images.shape[1] % weights.shape[1]:
        raise ShapeError(
            f"inputs {images.shape} and filters {weights.shape} are of no layer; give (N, C, *size) and "
            "(K, C/groups, *kernel)"
        )
    padding, groups = tuple((taps // 2, taps // 2) for taps in weights.shape[2:]), images.shape[1] // weights.shape[1]
    return Layer(images.shape[1], len(weights), images.shape[2:], weights.shape[2:], padding, groups=groups)


def _to_choose_from(layer: Layer, format: str) -> list[Subject]:
    """Tiles of a few outputs, on the points that the atlas has for a format, with one more product or without."""
    found: list[Subject] = []
    for outputs, extra in _TO_CHOOSE_FROM:
        tile = Tile(tuple(outputs if taps > 1 else 1 for taps in layer.kernel), layer.kernel)
        try:
            found.append(algorithm(tile, look_up(tile, format, extra).points))
        except PointsError:  # not in the atlas with so many
            continue
    return found
