"""Filter outputs as images for the eye: each view is an array (H, W, 3) in 0..1."""

from __future__ import annotations

from math import pi

import numpy as np
import scipy.ndimage

from wincook.arrays import Array
from wincook.demo.filters import ORIENTATIONS
from wincook.demo.run import BankRun

_BLACK = 0.25
_SRGB_KNEE = 0.0031308  # below it sRGB is linear
_TINY = 1e-30  # instead of dividing by zero
_BRIGHTEST = 99.5  # percentile of what is drawn that gets the full contrast


def picture(channels: Array) -> Array:
    """Colours as they are: (3, H, W), cut to 0..1."""
    return np.clip(channels, 0, 1).transpose(1, 2, 0)


def edges(gradient: Array) -> Array:
    """The length of a gradient (2, H, W), as ink on paper: black from a quarter of full brightness per pixel on."""
    ink = np.clip(np.hypot(*gradient) / _BLACK, 0, 1) ** 0.7
    return np.repeat(1 - ink[..., None], 3, axis=-1)


def textures(bank: BankRun) -> Array:
    """Laws' energies, local means of the magnitudes: edges red, spots green, ripples blue."""
    names = (("L5E5", "E5L5"), ("L5S5", "S5L5"), ("S5R5", "R5S5"))
    energies = [np.sum([np.abs(bank.output(name)[0]) for name in pair], axis=0) for pair in names]
    return np.stack([_contrast(scipy.ndimage.gaussian_filter(energy, 1.2)) ** 0.7 for energy in energies], axis=-1)


def orientations(bank: BankRun) -> Array:
    """Gabor energy: brightness tells how much, hue which way the edge runs, grey that it runs no way.

    The energies at angles θ are summed as vectors of angle 2θ, for an edge turned by 180° is the same edge.
    """
    angles = np.arange(ORIENTATIONS) * 180 / ORIENTATIONS
    energies = np.stack(
        [
            bank.output(f"Gabor {angle:g}° even")[0] ** 2 + bank.output(f"Gabor {angle:g}° odd")[0] ** 2
            for angle in angles
        ]
    )
    vector = np.tensordot(np.exp(2j * pi * angles / 180), energies, axes=1)
    total = energies.sum(axis=0)
    strength = _contrast(np.sqrt(total)) ** 0.8
    purity = np.abs(vector) / np.maximum(total, _TINY)
    return hues(np.angle(vector), strength, purity)


def hues(angle: Array, strength: Array, purity: Array) -> Array:
    """Colours that go round with the angle at one lightness: OKLCh to sRGB.

    After Ottosson, *A perceptual color space for image processing*, 2020.
    """
    lightness, chroma = 0.12 + 0.70 * strength, 0.21 * strength * np.minimum(1, 1.4 * purity)
    a, b = chroma * np.cos(angle), chroma * np.sin(angle)
    to_cone = np.array(
        [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.2914855480]]
    )
    to_rgb = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    cones = (np.stack([lightness, a, b], axis=-1) @ to_cone.T) ** 3
    linear = np.clip(cones @ to_rgb.T, 0, 1)
    return np.asarray(np.where(linear <= _SRGB_KNEE, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055))


def _contrast(values: Array) -> Array:
    return np.clip(values / max(float(np.percentile(values, _BRIGHTEST)), _TINY), 0, 1)


def wheel(size: int) -> Array:
    """What the hues of `orientations` mean, (size, size, 4): along each spoke the colour of edges that run so."""
    axis = np.linspace(-1, 1, size)
    x, y = axis[None, :], axis[:, None]
    across = np.arctan2(y, x) + pi / 2
    colours = hues(2 * across, np.ones((size, size)), np.ones((size, size)))
    inside = (np.hypot(x, y) <= 1).astype(float)
    return np.concatenate([colours, inside[..., None]], axis=-1)
