"""What images show of a layer's x and V: their sizes, gathered in one pass over batches of any number.

Sums are in float64. Ranges of V over e need no second pass: e is the same for all values of a product and channel, so
the lowest and highest few of these tell them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import prod

import numpy as np

from wincook.arguments import real_number, whole_number
from wincook.arrays import Array, real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.errors import DataError
from wincook.layers import Layer
from wincook.layers.tiling import tiles_of
from wincook.quantisation.noise.tails import Ends
from wincook.quantisation.transform import transformed_inputs
from wincook.tile import Tile

_DIGITS = "%.6g"  # of what is measured: enough, and short in JSON
_BLOCK = 1 << 17  # products of a block of rows
_ROOM = 1e-3  # for what digits leave of eigenvalues that are zero


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Of V: mean squares (P, C), means (P, C), correlations (P, P) of its products, and the share of zeros (P,).

    Of x: the same share, means (C,), products (C, lags). A lag is the distance of two taps of the kernel. What is of x
    is of all windows of the kernel, padding included. Correlations are those of all channels together.
    """

    images: int
    squares: Array
    centres: Array
    correlations: Array
    zeros: Array
    zeros_of_x: float
    means: Array
    products: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "images", whole_number("images", self.images, error=DataError))
        share = real_number("zeros_of_x", self.zeros_of_x, least=0, most=1, error=DataError)
        object.__setattr__(self, "zeros_of_x", share)

    def check(self, products: tuple[int, ...], channels: int, kernel: tuple[int, ...]) -> None:
        """See that they are of (P,) products, so many channels, and such a kernel.

        Raises:
            DataError: other shapes, or numbers that are not finite.
        """
        shapes = dict.fromkeys(("squares", "centres"), (*products, channels))
        shapes |= {"correlations": products * 2, "zeros": products, "means": (channels,)}
        for name, shape in (shapes | {"products": (channels, int(lags(kernel).max()) + 1)}).items():
            object.__setattr__(self, name, finite(name, getattr(self, name), shape))
        if (self.squares < 0).any() or (self.zeros < 0).any() or (self.zeros > 1).any():
            raise DataError("squares are means of squares, from 0 on, and zeros are shares, from 0 to 1")
        if (self.variances < 0).any():
            raise DataError("squares must not be less than the squares of centres; they are means of squares")
        if not (np.diag(self.correlations) == 1).all() or np.linalg.eigvalsh(self.correlations)[0] < -_ROOM:
            raise DataError("correlations must have ones on the diagonal, and no negative eigenvalue")

    @property
    def variances(self) -> Array:
        """Of V: (P, C)."""
        return np.asarray(self.squares - np.square(self.centres))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Statistics) and all(
            np.array_equal(getattr(self, field.name), getattr(other, field.name)) for field in fields(self)
        )

    def __hash__(self) -> int:
        return hash((self.images, self.zeros.tobytes()))


def finite(name: str, values: Array, shape: tuple[int, ...]) -> Array:
    """Finite numbers in float64, not to be written to.

    Raises:
        DataError: another shape, or numbers that are not finite.
    """
    numbers = real_array(name, values).astype(np.float64)
    if numbers.shape != shape:
        raise DataError(f"{name} has shape {numbers.shape}; it must be {shape}")
    if not np.isfinite(numbers).all():
        raise DataError(f"{name} holds NaN or infinities; all of it must be finite")
    numbers.flags.writeable = False
    return numbers


class Gathered:
    """The sums and extremes that statistics are made of, of the images that were added."""

    def __init__(self, layer: Layer, algorithm: BilinearAlgorithm) -> None:
        self._layer, self._algorithm = layer, algorithm
        shape = (algorithm.multiplications, layer.channels)
        self.ends = Ends.none(*shape[::-1])
        self.least, self.largest = 0.0, 0.0  # of x, and of zero, which the padding has
        self.tiles = 0
        self._images, self._zeros_of_x = 0, 0.0
        self._origin = np.zeros(shape[::-1], np.float32)  # means of the first image, which these are taken from
        self._sums, self._crossed = np.zeros(shape), np.zeros((shape[0], shape[0]))
        self._squares, self._zeros, self._means = np.zeros(shape), np.zeros(shape[0]), np.zeros(shape[1])
        self._products = np.zeros((layer.channels, lags(layer.kernel).max() + 1))

    def add(self, image: Array) -> None:
        """One more image, (1, *input_shape[1:]) of finite numbers in float32."""
        self._images += 1
        self.least, self.largest = min(self.least, float(image.min())), max(self.largest, float(image.max()))
        self._add_transformed(transformed_inputs(image, self._layer, self._algorithm))
        ones = (1,) * self._layer.dimension
        self._add_windows(tiles_of(image, self._layer, Tile(ones, self._layer.kernel, self._layer.strides)))

    def _add_transformed(self, V: Array) -> None:
        self.ends = self.ends.with_more(V)
        self._squares += np.einsum("tcp,tcp->pc", V, V, dtype=np.float64)
        if not self.tiles:
            self._origin = V.mean(axis=0)
        near = V - self._origin  # of products of large numbers float32 would keep too few digits
        self._sums += near.sum(axis=0, dtype=np.float64).T
        self._crossed += _crossed(near.reshape(1, -1, V.shape[2]))[0]
        self._zeros += (V == 0).sum(axis=(0, 1))
        self.tiles += len(V)

    def _add_windows(self, windows: Array) -> None:
        kernel = self._layer.kernel
        flat = np.moveaxis(windows, 1, 0).reshape(self._layer.channels, len(windows), prod(kernel)).astype(np.float64)
        pairs = _crossed(flat).reshape(len(flat), -1) / len(windows)
        places = lags(kernel).ravel()
        alike = np.eye(places.max() + 1)[places]  # (pairs of taps, lags)
        self._products += pairs @ (alike / alike.sum(axis=0))
        self._means += flat.mean(axis=(1, 2))
        self._zeros_of_x += float(np.mean(flat == 0))

    def statistics(self) -> Statistics:
        """What they show.

        Raises:
            DataError: there are no images, or all are zero.
        """
        if not self._images:
            raise DataError("there are no images to calibrate with; give at least one")
        if not np.isfinite(self._squares).all():
            raise DataError("the images to calibrate with are so large that V overflows float32; scale them")
        if not self._squares.any():
            raise DataError("the images to calibrate with are all zero, which have no scale; give others")
        squares, centres = rounded(self._squares / self.tiles), rounded(self._origin.T + self._sums / self.tiles)
        squares = np.maximum(squares, np.square(centres))  # digits may make them less
        return Statistics(
            images=self._images,
            squares=squares,
            centres=centres,
            correlations=rounded(self._correlations()),
            zeros=rounded(self._zeros / (self.tiles * self._layer.channels)),
            zeros_of_x=self._zeros_of_x / self._images,
            means=rounded(self._means / self._images),
            products=rounded(self._products / self._images),
        )

    def _correlations(self) -> Array:
        """Of products that do not vary: none."""
        covariances = self._crossed - self._sums @ self._sums.T / self.tiles
        deviations = np.sqrt(np.maximum(np.diag(covariances), 0))
        varies = deviations > np.finfo(np.float32).eps * np.sqrt(self._squares.sum(axis=1))
        scales = varies / np.where(varies, deviations, 1)
        correlations: Array = covariances * scales * scales[:, None]
        np.fill_diagonal(correlations, 1)
        return correlations


def _crossed(rows: Array) -> Array:
    """Σ_n rows_np rows_nq of each of several (n, P): (P, P) in float64, of products in the type of rows.

    Blocks of rows are so small that BLAS takes one thread for each: how many it has makes no difference to a bit, and
    small products do not wait for threads.
    """
    several, number, size = rows.shape
    length = max(1, _BLOCK // size**2)
    whole = number - number % length
    blocks = rows[:, :whole].reshape(several, -1, length, size)
    total = np.matmul(blocks.swapaxes(2, 3), blocks).sum(axis=1, dtype=np.float64)
    rest = rows[:, whole:]
    return np.asarray(total + np.matmul(rest.swapaxes(1, 2), rest))


def lags(kernel: tuple[int, ...]) -> Array:
    """For every two taps of a kernel the number of their distance, whose sign makes no difference: (taps, taps).

    >>> lags((3,)).tolist()
    [[0, 1, 2], [1, 0, 1], [2, 1, 0]]
    """
    places = np.stack(np.meshgrid(*map(np.arange, kernel), indexing="ij"), axis=-1).reshape(-1, len(kernel))
    apart = places[:, None] - places[None]
    widths = np.cumprod([1, *(2 * r - 1 for r in kernel[:0:-1])])[::-1]
    numbers = np.abs((apart * widths).sum(axis=-1))  # no two distances but opposite ones have the same
    return np.unique(numbers, return_inverse=True)[1].reshape(numbers.shape)


def rounded(values: Array) -> Array:
    """Numbers in as many digits as are kept."""
    return np.char.mod(_DIGITS, values).astype(np.float64)
