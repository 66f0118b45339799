"""What kernels of whole numbers are packed with: a calibration, as the numbers that generated modules take."""

from __future__ import annotations

from typing import Any

import numpy as np

from wincook.arguments import instance
from wincook.arrays import Array
from wincook.errors import DataError, FormatError
from wincook.kernels.plans.plan import Plan
from wincook.quantisation import Affine, Calibration

_FORMATS = ("int8", "int16")
_MADE_BY = "wincook.quantisation.calibrate(layer, algorithm, images) makes one"
_NO_SCALE = Affine(1.0)  # of x or y that has floats


def calibration_of(plan: Plan, calibration: Any) -> Calibration | None:
    """The calibration that a kernel of a plan takes, checked; None where it takes none.

    Raises:
        FormatError: one for a kernel that takes none, or of another format.
        DataError: none for a kernel that needs one; one of another algorithm, or without a scale that is needed.
        ShapeError: one of another layer.
        NotationError: no calibration.
    """
    if plan.format not in _FORMATS:
        if calibration is not None:
            raise FormatError(f"kernels in {plan.format} take no calibration; leave it out, or compile one in int8")
        return None
    if calibration is None:
        raise DataError(f"weights of a kernel in {plan.format} are packed with a calibration; {_MADE_BY}")
    known = instance("calibration", calibration, Calibration, _MADE_BY)
    if known.format != plan.format:
        raise FormatError(f"the calibration is for {known.format}, and the kernel in {plan.format}; calibrate anew")
    known.check(plan.layer, plan.algorithm)
    for name, elements, affine in (("x", plan.input_format, known.x), ("y", plan.output_format, known.y)):
        _scale_of(name, elements, affine)
    return known


def scales_of(plan: Plan, calibration: Calibration) -> Array:
    """A calibration as an array of float32: multipliers, zero points, and what stands behind them."""
    x = _scale_of("x", plan.input_format, calibration.x)
    ends = [x.scale, x.zero_point, calibration.powers_of_two]
    return np.concatenate([calibration.multiplier.ravel(), calibration.zero_point, ends]).astype(np.float32)


def output_of(plan: Plan, calibration: Calibration | None) -> tuple[float, int] | None:
    """Scale and zero point of y, where it has 8 bits."""
    if plan.output_format not in _ENDS or calibration is None:
        return None
    y = _scale_of("y", plan.output_format, calibration.y)
    return y.scale, y.zero_point


_ENDS = {"uint8": (0, 255), "int8": (-128, 127)}


def _scale_of(name: str, elements: str, affine: Affine | None) -> Affine:
    """Scale and zero point of x or y; of floats 1 and 0.

    Raises:
        DataError: there is no scale, or its zero point is none of the elements.
    """
    if elements not in _ENDS:
        return _NO_SCALE
    if affine is None:
        raise DataError(f"{name} is {elements}, and the calibration has no scale for it; calibrate with {name}=Affine(scale)")
    lowest, highest = _ENDS[elements]
    if not lowest <= affine.zero_point <= highest:
        raise DataError(f"the zero point of {name} is {affine.zero_point}, which is no {elements}; calibrate anew")
    return affine
