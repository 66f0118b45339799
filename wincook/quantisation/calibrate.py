"""From the caller's images to the scales of a layer's V, in one pass."""

from __future__ import annotations

from wincook.construct.subject import Subject
from wincook.layers import Layer
from wincook.quantisation.affine import Affine
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.images import Images
from wincook.quantisation.observed import MARGIN, observe


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

    >>> import numpy as np
    >>> import wincook as wc
    >>> layer = wc.Layer(channels=8, filters=8, size=(12, 12), kernel=(3, 3), padding=1)
    >>> images = np.maximum(np.random.default_rng(0).standard_normal((4, 8, 12, 12)), 0)
    >>> calibration = calibrate(layer, "F(2x2,3x3)", images)
    >>> print(calibration)
    int8 calibration of F(2x2,3x3) on {0, ±1, ∞}: 8 channels, 4 images
    >>> calibration.multiplier.shape, calibration.zero_point.shape
    ((16, 8), (16,))
    """
    observed = observe(
        layer,
        algorithm,
        images,
        format=format,
        input_scales=input_scales,
        powers_of_two=powers_of_two,
        margin=margin,
        x=x,
    )
    return observed.calibration(x, y)
