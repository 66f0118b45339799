"""Convolutions of integers get the algorithm that is quickest for what they will be called with."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

import wincook as wc  # noqa: E402
from wincook.integrations.torch.config import WinogradConfig  # noqa: E402
from wincook.integrations.torch.modules import WinogradConv2d  # noqa: E402
from wincook.integrations.torch.narrow.calibrated import calibrate_  # noqa: E402
from wincook.kernels import make_plan  # noqa: E402


def quickest(batch: int) -> str:
    """The algorithm of the convolution below for so many images."""
    layer = wc.Layer(32, 32, (8, 8), (3, 3), padding=1, batch=batch)
    (plan,) = make_plan(layer, format="int8", threads=1).plans
    return plan.algorithm.name


def calibrated(images: Any, called_with: list[Any]) -> str:
    """The algorithm that a convolution has after its calibration."""
    module: Any = torch.nn.Conv2d(32, 32, 3, padding=1)
    module.__class__, module.winograd = WinogradConv2d, WinogradConfig(format="int8", threads=1)
    calibrate_("layer", module, [images], called_with)
    return str(module.winograd.tile)


def test_the_algorithm_is_that_of_the_images_of_a_call() -> None:
    images = torch.randn(8, 32, 8, 8, generator=torch.Generator().manual_seed(0))
    assert calibrated(images, [images[:1]]) == quickest(1)
    assert calibrated(images, []) == quickest(8)
