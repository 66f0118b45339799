"""What images show of a layer's V, in one pass, and the calibrations that come of it, whatever scale x has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wincook.arguments import choice, flag, instance, real_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject
from wincook.errors import DataError
from wincook.layers import Layer, layer_of
from wincook.program.integer_shift import integer_shift
from wincook.program.programs import programs_of
from wincook.quantisation.affine import Affine
from wincook.quantisation.calibration import Calibration, transform_of
from wincook.quantisation.images import Images, images_of
from wincook.quantisation.integers import integers_of
from wincook.quantisation.noise.feedback import Feedback
from wincook.quantisation.noise.ranges import Product, Quantiser, Range
from wincook.quantisation.noise.tails import Tail
from wincook.quantisation.statistics import Gathered, Statistics, rounded
from wincook.quantisation.subject import is_direct, plain_of, subject_for

SCALES = ("tap and channel", "tap")
"""What has a scale of its own in V: a tap is a product of the tile."""

MARGIN = 1.05
"""Of ranges, by default."""


def observe(
    layer: Layer,
    algorithm: Subject,
    images: Images,
    *,
    format: str,
    input_scales: str = "tap and channel",
    powers_of_two: bool = False,
    margin: float = MARGIN,
    x: Affine | None = None,
) -> Observed:
    """What calibrations are made of; arguments and errors as for `wincook.quantisation.calibrate`."""
    layer = layer_of(layer)
    integers_of(format)
    by_channel = choice("scales of V", input_scales, SCALES) == SCALES[0]
    powers_of_two = flag("powers_of_two", powers_of_two)
    margin = real_number("margin", margin, least=1)
    _check_affine("x", x)
    layer = plain_of(layer)
    exact = subject_for(layer, algorithm)
    if is_direct(exact):
        layer = replace(layer, dilation=1)  # V is x itself, and taps are taken for neighbours
    gathered = Gathered(layer, exact)
    for image in images_of(layer, images, x):
        gathered.add(image)
    quantiser = Quantiser(integers_of(format, direct=is_direct(exact)), margin, by_channel, powers_of_two)
    return Observed(layer, exact, format, quantiser, gathered)


class Observed:
    """What images showed. Ranges that hold for any scale of x are found once, when a calibration is asked for."""

    def __init__(
        self, layer: Layer, algorithm: BilinearAlgorithm, format: str, quantiser: Quantiser, gathered: Gathered
    ) -> None:
        self._layer, self._algorithm, self._format = layer, algorithm, format
        self._quantiser, self._gathered = quantiser, gathered
        self._statistics: Statistics = gathered.statistics()
        programs = programs_of(algorithm)
        self._feedback = Feedback.of(programs.output, self._statistics)
        self._is_whole = not is_direct(algorithm) and integer_shift(programs.input) is not None
        self._ranges: dict[int, tuple[Range, ...]] = {}
        self._calibrations: dict[Affine | None, Calibration] = {}

    @property
    def x(self) -> Affine:
        """The finest scale that covers x of all images."""
        return Affine.covering(self._gathered.least, self._gathered.largest)

    def calibration(self, x: Affine | None = None, y: Affine | None = None) -> Calibration:
        """Scales of V for integers x with such a scale, or for floats.

        Raises:
            DataError: x or y is no Affine, or the V of a product is zero for all images.
        """
        _check_affine("x", x)
        _check_affine("y", y)
        if x not in self._calibrations:
            self._calibrations[x] = self._made(self.x if x is None else x, x.scale if x and self._is_whole else 0.0)
        return replace(self._calibrations[x], y=y)

    def _made(self, x: Affine, unit: float) -> Calibration:
        """A calibration; `unit` is what V is a whole number of, if it is, and 0 otherwise."""
        ranges = [self._best_range(product, unit) for product in range(self._algorithm.multiplications)]
        return Calibration(
            format=self._format,
            channels=self._layer.channels,
            kernel=self._layer.kernel,
            tile=str(self._algorithm.tile),
            points=self._algorithm.point_names,
            transform=transform_of(self._algorithm),
            equaliser=rounded(np.stack([each.equaliser for each in ranges])),
            lowest=rounded(np.array([each.lowest for each in ranges])),
            highest=rounded(np.array([each.highest for each in ranges])),
            clipped=rounded(np.stack([each.clipped for each in ranges])),
            statistics=self._statistics,
            x=x,
            powers_of_two=self._quantiser.powers_of_two,
        )

    def _best_range(self, number: int, unit: float) -> Range:
        """That of a product, of all that its noise is known of."""
        product = self._product(number) if unit or number not in self._ranges else None
        if number not in self._ranges and product is not None:
            self._ranges[number] = self._quantiser.ranges(product)
        several = self._ranges[number]
        if product is not None and unit:
            several += self._quantiser.exact_ranges(several, product, unit)
        return min(several, key=lambda each: each.noise)

    def _product(self, number: int) -> Product:
        """What is known of a product; a channel that is zero in all images has the size of all channels together."""
        statistics, gathered = self._statistics, self._gathered
        squares = statistics.squares[number]
        rms = np.sqrt(np.where(squares > 0, squares, squares.mean() or 1.0))
        ends = (gathered.ends.above, gathered.ends.below)
        above, below = (Tail.of(kept[:, number], rms, gathered.tiles) for kept in ends)
        nonzero = float(1 - statistics.zeros[number])
        return Product(above, below, statistics.variances[number], nonzero, float(self._feedback.left[number]))


def _check_affine(name: str, affine: Affine | None) -> None:
    """See that a scale is one, if it is given.

    Raises:
        DataError: it is something else.
    """
    if affine is not None:
        instance(name, affine, Affine, "make it with Affine(scale, zero_point)", DataError)
