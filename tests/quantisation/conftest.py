"""A layer whose channels differ in size, images of it, and their calibration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.quantisation.calibrate import calibrate
from wincook.quantisation.calibration import Calibration

LAYER = wc.Layer(6, 5, (9, 7), (3, 3), padding=1)
TILE = "F(2x2,3x3)"


@pytest.fixture(scope="session")
def images() -> Any:
    rng = np.random.default_rng(0)
    sizes = np.exp(rng.standard_normal(6))[:, None, None]
    return (np.maximum(rng.standard_normal((4, *LAYER.input_shape[1:])), 0) * sizes).astype(np.float32)


@pytest.fixture(scope="session")
def calibration(images: Any) -> Calibration:
    return calibrate(LAYER, TILE, images)
