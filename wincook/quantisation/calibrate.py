"""From the caller's images to the scales of a layer's V, in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from wincook.arguments import choice, flag, instance, real_number
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
from wincook.quantisation.noise.ranges import Quantiser, Range
from wincook.quantisation.noise.tails import Tail
from wincook.quantisation.statistics import Gathered, Statistics, rounded
from wincook.quantisation.subject import is_direct, plain_of, subject_for

SCALES = ("tap and channel", "tap")
"""What has a scale of its own in V: a tap is a product of the tile."""

MARGIN = 1.05
"""Of ranges, by default."""


def calibrate(
    layer: Layer,
    algorithm: Subject,
    images: Images,
    *,
    format: str = "int8",
    input_scales: str = "tap and channel",
    powers_of_two: bool = False,
    margin: float = MARGIN,
    x: Affine | None = None,
    y: Affine | None = None,
) -> Calibration:
    """Scales for the transformed inputs of a layer, from images like those that it will see.

    Args:
        layer: of one axis or two, with any groups, and dilation for `direct` alone; of its size only the padding
            matters. A transposed one is calibrated as the plain layer whose filters are its phases.
        algorithm: with the kernel and strides of that layer; `direct` for direct convolution. A tile without points
            takes those of the atlas for int8.
        images: an array (N, C, *size), or (N, *size, C) if that is the layer's layout; a file of one, .npy or .npz; or
            batches of them in turn, of which only one is held at a time. float32, or integers with the scale x.
        format: int8, or int16.
        input_scales: `tap and channel`, or `tap` alone, without zero points.
        powers_of_two: all scales are, which costs some decibels.
        margin: what ranges are multiplied by, for images that reach further.
        x: the scale of the layer's input as integers, for which the scales of V are then chosen: where BT has whole
            numbers, V has too, and small channels of it are kept as they are. Found from the images if left out.
        y: the scale of its output as integers, if it is to have one.

    Raises:
        DataError: no images, NaN or infinities, nothing but zeros, integers without a scale, or a product whose V is
            zero for all images.
        ShapeError: images of another layer, a layer with dilation, or a tile that does not fit it.
        FormatError: a format without integers.
        NotationError: unknown scales, a margin below 1, or no algorithm.
        OutputError: a file that cannot be read.

    >>> import wincook as wc
    >>> layer = wc.Layer(channels=8, filters=8, size=(12, 12), kernel=(3, 3), padding=1)
    >>> images = np.maximum(np.random.default_rng(0).standard_normal((4, 8, 12, 12)), 0)
    >>> calibration = calibrate(layer, "F(2x2,3x3)", images)
    >>> print(calibration)
    int8 calibration of F(2x2,3x3) on {0, ±1, ∞}: 8 channels, 4 images
    >>> calibration.multiplier.shape, calibration.zero_point.shape
    ((16, 8), (16,))
    """
    layer = layer_of(layer)
    integers_of(format)
    by_channel = choice("scales of V", input_scales, SCALES) == SCALES[0]
    powers_of_two = flag("powers_of_two", powers_of_two)
    margin = real_number("margin", margin, least=1)
    for name, affine in (("x", x), ("y", y)):
        if affine is not None:
            instance(name, affine, Affine, "make it with Affine(scale, zero_point)", DataError)
    layer = plain_of(layer)
    exact = subject_for(layer, algorithm)
    if is_direct(exact):
        layer = replace(layer, dilation=1)  # V is x itself, and taps are taken for neighbours
    gathered = Gathered(layer, exact)
    for image in images_of(layer, images, x):
        gathered.add(image)
    statistics = gathered.statistics()
    programs = programs_of(exact)
    unit = 0.0 if x is None or is_direct(exact) or integer_shift(programs.input) is None else x.scale
    quantiser = Quantiser(integers_of(format, direct=is_direct(exact)), margin, by_channel, powers_of_two, unit)
    ranges = list(_ranges(gathered, statistics, quantiser, Feedback.of(programs.output, statistics)))
    return Calibration(
        format=format,
        channels=layer.channels,
        kernel=layer.kernel,
        tile=str(exact.tile),
        points=exact.point_names,
        transform=transform_of(exact),
        equaliser=rounded(np.stack([each.equaliser for each in ranges])),
        lowest=rounded(np.array([each.lowest for each in ranges])),
        highest=rounded(np.array([each.highest for each in ranges])),
        clipped=rounded(np.stack([each.clipped for each in ranges])),
        statistics=statistics,
        x=Affine.covering(gathered.least, gathered.largest) if x is None else x,
        y=y,
        powers_of_two=powers_of_two,
    )


def _ranges(gathered: Gathered, statistics: Statistics, quantiser: Quantiser, feedback: Feedback) -> Iterator[Range]:
    """Of each product; a channel that is zero in all images has the size of all channels together."""
    for product, squares in enumerate(statistics.squares):
        together = squares.mean() or 1.0
        rms = np.sqrt(np.where(squares > 0, squares, together))
        ends = (gathered.ends.above, gathered.ends.below)
        above, below = (Tail.of(kept[:, product], rms, gathered.tiles) for kept in ends)
        yield quantiser.best_range(
            above, below, statistics.variances[product], 1 - statistics.zeros[product], feedback.left[product]
        )
