"""The scales of V, as a value: what a quantised kernel takes beside weights and bias.

V of product p and channel c is stored as

    q = clip(round(V / (s_p e_pc)) + z_p)

and U is multiplied by e_pc before it is quantised by filter and product, so that the sum over the channels has one
factor: Σ_c U V = Σ_c (U e) (V / e). With e = rms(V)^a, 0 < a ≤ 1, large channels no longer take all levels from small
ones, and U does not become too uneven instead; `noise.ranges` finds a. A calibration is of one layer's channels, kernel
and algorithm; images may have any size.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from wincook.arguments import flag, instance, whole_number, words
from wincook.arrays import Array, real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.digest import digest
from wincook.errors import DataError, ShapeError
from wincook.layers import Layer, layer_of
from wincook.layers.sizes import sizes
from wincook.quantisation.affine import Affine
from wincook.quantisation.integers import Integers, integers_of
from wincook.quantisation.noise.steps import step_of
from wincook.quantisation.statistics import Statistics, finite
from wincook.shown import brief

_VARYING = 1e-5  # of mean squares: less is what digits leave


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Scales of V for P products and C channels; `calibrate` makes it.

    `equaliser` is e (P, C); V over e lies from `lowest` to `highest` (P,), margins included, and `clipped` (P, C) is
    the mean square of what reaches further. `transform` names the matrices BT that V was made with. `x` and `y` are the
    scales of input and output, where these are integers. If `powers_of_two`, so are all scales of U and V.

    Raises:
        DataError: arrays of other shapes, not finite, or a scale that is zero; numbers of another kind.
        FormatError: a format without integers.
        ShapeError: no channels, or no kernel.
    """

    format: str
    channels: int
    kernel: tuple[int, ...]
    tile: str
    points: str
    transform: str
    equaliser: Array
    lowest: Array
    highest: Array
    clipped: Array
    statistics: Statistics
    x: Affine
    y: Affine | None = None
    powers_of_two: bool = False

    __repr__ = brief

    def __post_init__(self) -> None:
        integers_of(self.format)
        object.__setattr__(self, "channels", whole_number("channels", self.channels))
        object.__setattr__(self, "kernel", sizes("kernel", self.kernel))
        if not self.kernel:
            raise ShapeError("kernel = () has no axis; give (3, 3), one number for each axis")
        for name in ("tile", "points", "transform"):
            object.__setattr__(self, name, words(name, getattr(self, name), "F(4x4,3x3)", DataError))
        instance("statistics", self.statistics, Statistics, "calibrate gathers them", DataError)
        for name in ("x", *["y"] * (self.y is not None)):
            instance(name, getattr(self, name), Affine, "make it with Affine(scale, zero_point)", DataError)
        object.__setattr__(self, "powers_of_two", flag("powers_of_two", self.powers_of_two, DataError))
        rows = real_array("equaliser", self.equaliser).shape[:1]
        shapes = dict.fromkeys(("equaliser", "clipped"), (*rows, self.channels)) | dict.fromkeys(
            ("lowest", "highest"), rows
        )
        for name, shape in shapes.items():
            object.__setattr__(self, name, finite(name, getattr(self, name), shape))
        self.statistics.check(rows, self.channels, self.kernel)
        self._check_scales()

    def _check_scales(self) -> None:
        if not (self.equaliser > 0).all():
            raise DataError("equaliser must be above 0 for every product and channel")
        if (self.clipped < 0).any():
            raise DataError("clipped must not be below 0; it is a mean of squares")
        empty = ~((self.lowest <= 0) & (self.highest >= 0) & (self.lowest < self.highest))
        if empty.any():
            place = int(np.argmax(empty))
            raise DataError(
                f"V of product {place} lies from {self.lowest[place]:g} to {self.highest[place]:g}, which gives "
                "no scale; a range has zero in it, and is not zero alone: give images that vary"
            )
        with np.errstate(over="ignore", divide="ignore"):
            factors = self.multiplier
        if not (np.isfinite(factors) & (factors >= np.finfo(np.float32).tiny)).all():
            raise DataError("V is so large or so small that float32 does not hold its scales; scale the images")

    @property
    def products(self) -> int:
        """P, of a tile."""
        return len(self.equaliser)

    @property
    def integers(self) -> Integers:
        """Those of U and V."""
        return integers_of(self.format, direct=self.products == 1)

    @property
    def step(self) -> Array:
        """s (P,): by how much V over e differs from one integer to the next."""
        return step_of(self.integers, self.lowest, self.highest, powers_of_two=self.powers_of_two)

    @property
    def zero_point(self) -> Array:
        """z (P,), int32: the integer that stands for zero; 0 in formats whose V is signed."""
        integers = self.integers
        if integers.signed:
            return np.zeros(self.products, np.int32)
        middle = (integers.lowest + integers.highest) / 2 - (self.lowest + self.highest) / 2 / self.step
        return np.clip(np.rint(middle), integers.lowest, integers.highest).astype(np.int32)

    @property
    def multiplier(self) -> Array:
        """1 / (s e) (P, C), float32: what V is multiplied by."""
        return np.asarray(1 / (self.step[:, None] * self.equaliser), np.float32)

    @property
    def centres(self) -> Array:
        """E[V] (P, C), float32."""
        return np.asarray(self.statistics.centres, np.float32)

    @property
    def spreads(self) -> Array:
        """The standard deviation of V (P, C), float32, and above 0: what does not vary has its rms, or 1."""
        squares = self.statistics.squares
        varying = np.where(self.statistics.variances > _VARYING * squares, self.statistics.variances, squares)
        return np.asarray(np.sqrt(np.where(varying > 0, varying, 1)), np.float32)

    def of_channels(self, channels: range) -> Calibration:
        """That of a group: the same scales, of some neighbouring channels.

        >>> import wincook as wc
        >>> from wincook.quantisation import calibrate
        >>> images = np.random.default_rng(0).random((2, 6, 9, 9))
        >>> calibration = calibrate(wc.Layer(6, 4, (9, 9), (3, 3), groups=2), "F(2x2,3x3)", images)
        >>> print(calibration.of_channels(range(3, 6)))
        int8 calibration of F(2x2,3x3) on {0, ±1, ∞}: 3 channels, 2 images
        """
        chosen, statistics = slice(channels.start, channels.stop), self.statistics
        return replace(
            self,
            channels=len(channels),
            equaliser=self.equaliser[:, chosen],
            clipped=self.clipped[:, chosen],
            statistics=replace(
                statistics,
                squares=statistics.squares[:, chosen],
                centres=statistics.centres[:, chosen],
                means=statistics.means[chosen],
                products=statistics.products[chosen],
            ),
        )

    def check(self, layer: Layer, algorithm: BilinearAlgorithm) -> None:
        """See that it is of such a layer and algorithm.

        Raises:
            ShapeError: the layer has other channels, or another kernel.
            DataError: V of the algorithm is another one.
        """
        layer = layer_of(layer)
        if (self.channels, _long(self.kernel)) != (layer.channels, _long(layer.kernel)):
            raise ShapeError(
                f"the calibration is of {self.channels} channels and kernel {self.kernel}, not of {layer}; "
                "calibrate anew"
            )
        self.check_transform(algorithm)

    def check_transform(self, algorithm: BilinearAlgorithm) -> None:
        """See that it is of such an algorithm.

        Raises:
            DataError: V of the algorithm is another one.
        """
        algorithm = instance("algorithm", algorithm, BilinearAlgorithm, "wincook.algorithm makes one")
        if self.transform != transform_of(algorithm):
            own = f"{self.tile} on {{{self.points}}}"
            raise DataError(
                f"the calibration is of {own}, not of {algorithm.name}"
                f"{' with these matrices' * (own == algorithm.name)}; calibrate anew"
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calibration) and all(
            np.array_equal(getattr(self, field.name), getattr(other, field.name)) for field in fields(self)
        )

    def __hash__(self) -> int:
        return hash((self.format, self.channels, self.kernel, self.transform, self.equaliser.tobytes()))

    def __str__(self) -> str:
        return (
            f"{self.format} calibration of {self.tile} on {{{self.points}}}: {self.channels} channels, "
            f"{self.statistics.images} images"
        )


def transform_of(algorithm: BilinearAlgorithm) -> str:
    """The name of the matrices BT along its axes, but for those of one product, which change nothing."""
    matrices = [axis.BT.tolist() for axis in algorithm.axes if axis.BT.shape != (1, 1)]
    return digest(repr([[list(map(str, row)) for row in matrix] for matrix in matrices]))


def _long(kernel: tuple[int, ...]) -> tuple[int, ...]:
    """A kernel without its axes of one tap: kernels of one axis run in two."""
    return tuple(taps for taps in kernel if taps > 1)
