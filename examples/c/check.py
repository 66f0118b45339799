"""Compare the pictures that the programs drew with scipy's: each number may be off by 1 of 255."""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import correlate

ACROSS = np.outer((1, 2, 1), (-1, 0, 1)) / 4
BLUR = np.outer((1, 2, 1), (1, 2, 1)) / 16


def pixels(path: str) -> NDArray[np.float64]:
    """(height, width, 3), of 0 to 255."""
    return np.asarray(Image.open(path).convert("RGB"), np.float64)


def filtered(photo: NDArray[np.float64], taps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each colour by itself, with zeros around it."""
    return np.asarray(correlate(photo, taps[:, :, None], mode="constant"))


def main(photo: str, edges: str, soft_edges: str) -> int:
    """0 if both pictures are right."""
    changes = [filtered(pixels(photo), taps) for taps in (ACROSS, ACROSS.T)]
    parts = [np.maximum(sign * change, 0) for change in changes for sign in (1, -1)]
    expected = {edges: np.hypot(*changes), soft_edges: sum(filtered(part, BLUR) for part in parts)}
    errors = {path: np.abs(pixels(path) - np.rint(np.clip(exact, 0, 255))).max() for path, exact in expected.items()}
    for path, error in errors.items():
        print(f"{path}: at most {error:g} of 255 from what scipy draws")
    return int(max(errors.values()) > 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
