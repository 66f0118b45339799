"""Banks of real filters, by size: each is a formula with its source.

A filter is correlated with the image, as networks do it: y[i] = Σ_j g[j] d[i + j]. Most look at brightness, which
is the luma that JPEG uses, Y' = 0.299 R' + 0.587 G' + 0.114 B' (Rec. ITU-R BT.601); those that blur or sharpen take
each colour by itself and give three outputs. Either way a bank is one dense layer of three input channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import cos, pi, sin

import numpy as np
from numpy.typing import ArrayLike

from wincook.arrays import Array
from wincook.errors import ShapeError, quoted

LUMA = (0.299, 0.587, 0.114)
ORIENTATIONS = 8


@dataclass(frozen=True, slots=True)
class Filter:
    """A square filter, and where it comes from; `colour` ones act on each channel by itself, others on the luma."""

    name: str
    source: str
    taps: tuple[tuple[float, ...], ...]
    colour: bool = False

    @property
    def size(self) -> int:
        """r."""
        return len(self.taps)

    @property
    def outputs(self) -> int:
        """Channels that come out."""
        return len(LUMA) if self.colour else 1

    @property
    def weights(self) -> Array:
        """(outputs, 3, r, r) in float64."""
        channels = np.eye(len(LUMA)) if self.colour else np.array([LUMA])
        weights: Array = channels[:, :, None, None] * np.array(self.taps)
        return weights

    def __str__(self) -> str:
        return f"{self.name} {self.size}×{self.size}"


@cache
def bank(size: int) -> tuple[Filter, ...]:
    """The filters of one size.

    Raises:
        ShapeError: there are none of that size.

    >>> [sum(f.outputs for f in bank(size)) for size in SIZES]
    [30, 32, 32]
    >>> print(bank(3)[0])
    Sobel ∂x 3×3
    """
    if size not in _BANKS:
        raise ShapeError(f"there are no filters of size {size}; there are {', '.join(map(str, _BANKS))}")
    return _BANKS[size]()


def weights(filters: Sequence[Filter]) -> Array:
    """The layer that applies all the filters: (K, 3, r, r), float32."""
    return np.concatenate([chosen.weights for chosen in filters]).astype(np.float32)


def place(filters: Sequence[Filter], name: str) -> slice:
    """Which of the K outputs belong to the filter of that name.

    Raises:
        ShapeError: no filter has that name.

    >>> place(bank(3), "sharpen")
    slice(21, 24, None)
    """
    start = 0
    for chosen in filters:
        if chosen.name == name:
            return slice(start, start + chosen.outputs)
        start += chosen.outputs
    raise ShapeError(f"there is no filter {quoted(name)}; there are {', '.join(chosen.name for chosen in filters)}")


def _three() -> tuple[Filter, ...]:
    return (
        *_gradient("Sobel", "Sobel and Feldman 1968; Duda and Hart 1973, p. 271", (1, 2, 1)),
        *_gradient("Scharr", "Scharr, thesis, Heidelberg 2000", (3, 10, 3)),
        *_gradient("Prewitt", "Prewitt 1970", (1, 1, 1)),
        _filter("Laplacian 4", "five-point stencil", ((0, 1, 0), (1, -4, 1), (0, 1, 0))),
        _filter("Laplacian 8", "nine-point stencil, all weights 1", ((1, 1, 1), (1, -8, 1), (1, 1, 1))),
        *(_kirsch(turn, wind) for turn, wind in enumerate(_COMPASS)),
        *(_line(name, taps) for name, taps in _LINES.items()),
        _filter("emboss", "difference along the diagonal, plus the image", ((-2, -1, 0), (-1, 1, 1), (0, 1, 2))),
        _filter("sharpen", "image minus Laplacian 4", ((0, -1, 0), (-1, 5, -1), (0, -1, 0)), colour=True),
        _filter("Gaussian", "binomial (1 2 1)", np.outer((1, 2, 1), (1, 2, 1)) / 16, colour=True),
        _filter("box", "mean", np.full((3, 3), 1 / 9), colour=True),
    )


def _five() -> tuple[Filter, ...]:
    return (
        *_laws(),
        _log(5, sigma=0.9),
        _filter("Gaussian", "normal density, σ = 1", _gaussian(5, 1.0), colour=True),
        _unsharp(5, sigma=1.0, amount=1.5),
    )


def _seven() -> tuple[Filter, ...]:
    dx, dy, xx, xy, yy = _derivatives(7, sigma=1.4)
    source = "Gaussian derivatives, σ = 1.4; Koenderink and van Doorn 1987"
    narrow, wide = _gaussian(7, 1.0), _gaussian(7, 1.6)
    return (
        *(_gabor(7, turn, phase) for turn, phase in product(range(ORIENTATIONS), ("even", "odd"))),
        _log(7, sigma=1.4),
        _filter("DoG", "difference of Gaussians, σ = 1 and 1.6; Marr and Hildreth 1980", narrow - wide),
        _filter("Gaussian ∂x", source, dx),
        _filter("Gaussian ∂y", source, dy),
        _filter("Gaussian ∂xx", source, xx),
        _filter("Gaussian ∂xy", source, xy),
        _filter("Gaussian ∂yy", source, yy),
        _filter("Gaussian", "normal density, σ = 1.6", wide, colour=True),
        _unsharp(7, sigma=1.6, amount=1.5),
        _filter("motion blur", "mean along the diagonal", np.eye(7) / 7, colour=True),
    )


_BANKS = {3: _three, 5: _five, 7: _seven}
SIZES = tuple(_BANKS)

_COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_LINES = {
    "line —": ((-1, -1, -1), (2, 2, 2), (-1, -1, -1)),
    "line /": ((-1, -1, 2), (-1, 2, -1), (2, -1, -1)),
    "line |": ((-1, 2, -1), (-1, 2, -1), (-1, 2, -1)),
    "line \\": ((2, -1, -1), (-1, 2, -1), (-1, -1, 2)),
}


def _filter(name: str, source: str, taps: ArrayLike, *, colour: bool = False) -> Filter:
    rows = np.asarray(taps, np.float64).tolist()
    return Filter(name, source, tuple(tuple(row) for row in rows), colour)


def _gradient(name: str, source: str, smooth: tuple[int, int, int]) -> tuple[Filter, Filter]:
    """A central difference along one axis, smoothed along the other: brightness per pixel."""
    taps = np.outer(smooth, (-1, 0, 1)) / (2 * sum(smooth))
    return _filter(f"{name} ∂x", source, taps), _filter(f"{name} ∂y", source, taps.T)


def _kirsch(turn: int, wind: str) -> Filter:
    """Three weights of 5 that go round the compass; 5 + 5 + 5 are scaled to 1."""
    ring = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))
    taps = np.zeros((3, 3))
    for index, position in enumerate(ring):
        taps[position] = 5 if (index - turn) % len(ring) < 3 else -3  # noqa: PLR2004 (Kirsch's three)
    return _filter(f"Kirsch {wind}", "Kirsch 1971", taps / 15)


def _line(name: str, taps: ArrayLike) -> Filter:
    return _filter(name, "Gonzalez and Woods, Digital Image Processing, section 10.2", np.asarray(taps) / 6)


def _laws() -> tuple[Filter, ...]:
    """Every product of two of Laws' vectors: level, edge, spot, wave, ripple; each scaled to Σ|weights| = 1."""
    vectors = {
        "L5": (1, 4, 6, 4, 1),
        "E5": (-1, -2, 0, 2, 1),
        "S5": (-1, 0, 2, 0, -1),
        "W5": (-1, 2, 0, -2, 1),
        "R5": (1, -4, 6, -4, 1),
    }
    scaled = {name: np.array(vector) / np.abs(vector).sum() for name, vector in vectors.items()}
    source = "Laws, Textured Image Segmentation, thesis, USC 1980"
    return tuple(_filter(a + b, source, np.outer(scaled[a], scaled[b])) for a, b in product(scaled, repeat=2))


def _grid(size: int) -> tuple[Array, Array]:
    """x to the right and y downward, from the middle."""
    axis = np.arange(size) - size // 2
    return axis[None, :], axis[:, None]


def _gaussian(size: int, sigma: float) -> Array:
    """exp(-(x² + y²) / 2σ²), scaled to a sum of 1."""
    x, y = _grid(size)
    bell = np.exp(-(x**2 + y**2) / (2 * sigma**2))
    scaled: Array = bell / bell.sum()
    return scaled


def _log(size: int, sigma: float) -> Filter:
    """(x² + y² - 2σ²) / σ⁴ times the Gaussian; what cutting it off leaves of its sum goes back into the bell."""
    x, y = _grid(size)
    bell = _gaussian(size, sigma)
    taps = (x**2 + y**2 - 2 * sigma**2) / sigma**4 * bell
    return _filter("LoG", f"Laplacian of a Gaussian, σ = {sigma}; Marr and Hildreth 1980", taps - taps.sum() * bell)


def _unsharp(size: int, sigma: float, amount: float) -> Filter:
    """δ + amount · (δ - Gaussian)."""
    x, y = _grid(size)
    delta = ((x == 0) & (y == 0)).astype(float)
    taps = delta + amount * (delta - _gaussian(size, sigma))
    return _filter("unsharp mask", f"image + {amount} (image - Gaussian), σ = {sigma}", taps, colour=True)


def _derivatives(size: int, sigma: float) -> tuple[Array, ...]:
    """x, y, xx, xy and yy derivatives of brightness under a Gaussian, scaled to be right for polynomials."""
    x, y = _grid(size)
    bell = _gaussian(size, sigma)
    slope, square = x * bell, (x**2 - (x**2 * bell).sum()) * bell
    dx, xx = slope / (x * slope).sum(), 2 * square / (x**2 * square).sum()
    xy = x * y * bell / (x**2 * y**2 * bell).sum()
    return dx, dx.T, xx, xy, xx.T


def _gabor(size: int, turn: int, phase: str) -> Filter:
    """exp(-(u² + v²/4) / 2σ²) · cos or sin(2π u / λ), u across the stripes; mean zero, Σ|weights| = 1."""
    angle, sigma, wavelength = pi * turn / ORIENTATIONS, 1.5, 5.0
    x, y = _grid(size)
    u, v = x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)
    bell = np.exp(-(u**2 + v**2 / 4) / (2 * sigma**2))
    taps = bell * (np.cos if phase == "even" else np.sin)(2 * pi * u / wavelength)
    taps = taps - bell * taps.sum() / bell.sum()
    source = f"σ = {sigma}, λ = {wavelength}; Daugman 1985"
    return _filter(f"Gabor {180 * turn / ORIENTATIONS:g}° {phase}", source, taps / np.abs(taps).sum())
