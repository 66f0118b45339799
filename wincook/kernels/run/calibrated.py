"""What kernels of whole numbers are packed with: a calibration, as the numbers that generated modules take."""

from __future__ import annotations

from typing import Any

import numpy as np

from wincook.arguments import instance
from wincook.errors import DataError, FormatError
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.program.programs import programs_of
from wincook.quantisation.affine import KINDS, Affine
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.noise.feedback import Feedback

_MADE_BY = "wincook.quantisation.calibrate(layer, algorithm, images) makes one"
_NO_SCALE = Affine(1.0)  # of x or y that has floats


def calibration_of(plan: LayerPlan, calibration: object) -> Calibration | None:
    """The calibration that a kernel of a plan takes, checked; None where it takes none.

    Raises:
        FormatError: one for a kernel that takes none, or of another format.
        DataError: none for a kernel that needs one; one of another algorithm, or without a scale that is needed.
        ShapeError: one of another layer.
        NotationError: no calibration.
    """
    single = plan.plans[0]
    if not single.quantised:
        if calibration is not None:
            raise FormatError(f"kernels in {single.format} take no calibration; leave it out, or compile one in int8")
        return None
    if calibration is None:
        raise DataError(f"weights of a kernel in {single.format} are packed with a calibration; {_MADE_BY}")
    known = instance("calibration", calibration, Calibration, _MADE_BY)
    if known.format != single.format:
        raise FormatError(f"the calibration is for {known.format}, and the kernel in {single.format}; calibrate anew")
    known.check(plan.layer if plan.phases is None else plan.phases.plain, single.algorithm)
    for name, elements, affine in (("x", plan.input_format, known.x), ("y", plan.output_format, known.y)):
        _scale_of(name, elements, affine)
    return known


def scales_of(plan: Plan, calibration: Calibration) -> dict[str, Any]:
    """A calibration as the arguments of a module: an array of float32, and the scale and zero point of y of 8 bits."""
    x = _scale_of("x", plan.input_format, calibration.x)
    ends = np.array([x.scale, x.zero_point, calibration.powers_of_two], np.float32)
    feedback = Feedback.of(programs_of(plan.algorithm).output, calibration.statistics)
    tables = (
        calibration.multiplier,
        calibration.zero_point,
        ends,
        feedback.order,
        feedback.weights,
        calibration.centres,
        calibration.spreads,
    )
    said = np.concatenate([each.ravel() for each in tables])
    known: dict[str, Any] = {"extra": said.astype(np.float32)}
    if plan.output_format in KINDS:
        y = _scale_of("y", plan.output_format, calibration.y)
        known["output"] = (y.scale, y.zero_point)
    return known


def _scale_of(name: str, elements: str, affine: Affine | None) -> Affine:
    """Scale and zero point of x or y; of floats 1 and 0.

    Raises:
        DataError: there is no scale, or its zero point is none of the elements.
    """
    if elements not in KINDS:
        return _NO_SCALE
    if affine is None:
        raise DataError(
            f"{name} is {elements}, and the calibration has no scale for it; calibrate with {name}=Affine(...)"
        )
    lowest, highest = KINDS[elements]
    if not lowest <= affine.zero_point <= highest:
        raise DataError(f"the zero point of {name} is {affine.zero_point}, which is no {elements}; calibrate anew")
    return affine
