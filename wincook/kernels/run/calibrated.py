"""What kernels are packed with that have integers: a calibration, and the scales of y and of a residual."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from wincook.arguments import instance
from wincook.errors import DataError, FormatError
from wincook.kernels.plans.formats import ElementFormat
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.program.programs import programs_of
from wincook.quantisation.affine import KINDS, Affine
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.noise.feedback import Feedback

_MADE_BY = "wincook.quantisation.calibrate(layer, algorithm, images) makes one"
_NO_SCALE = Affine(1.0)  # of x that has floats


@dataclass(frozen=True, slots=True)
class Scales:
    """Those of x, y and a residual, as far as they have 8 bits; that of x may stand in a calibration instead."""

    x: Affine | None = None
    y: Affine | None = None
    residual: Affine | None = None

    def applied_by(self, single: Plan) -> Scales:
        """Those that a kernel applies, which reads or writes such elements; what is left is done around it."""
        return Scales(
            self.x if single.input_format in KINDS else None,
            self.y if single.output_format in KINDS else None,
            self.residual if single.residual_format in KINDS else None,
        )

    def left_by(self, single: Plan) -> Scales:
        """All others."""
        applied = self.applied_by(single)
        return Scales(
            None if applied.x else self.x, None if applied.y else self.y, None if applied.residual else self.residual
        )


NO_SCALES = Scales()


def scales_given(plan: LayerPlan, known: Calibration | None, x: object, y: object, residual: object) -> Scales:
    """The scales of a plan, whose calibration is checked, as callers give them.

    Raises:
        FormatError: a scale of floats, or one of x beside a calibration.
        DataError: none of 8 bits, or one whose zero point is none of the elements.
        NotationError: something else than a scale.
    """
    if known is not None and x is not None:
        raise FormatError("the calibration has the scale of x; leave x=Affine(...) out")
    return Scales(
        affine_of("x", plan.input_format, x) if known is None else None,
        affine_of("y", plan.output_format, y, None if known is None else known.y),
        affine_of("residual", plan.residual_format, residual),
    )


def calibration_of(plan: LayerPlan, calibration: object) -> Calibration | None:
    """The calibration that a kernel of a plan takes, checked; None where it takes none.

    Raises:
        FormatError: one for a kernel that takes none, or of another format.
        DataError: none for a kernel that needs one; one of another algorithm, or with a scale of x that is no such.
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
    _checked("x", plan.input_format, known.x)
    return known


def affine_of(name: str, elements: ElementFormat, given: object, known: Affine | None = None) -> Affine | None:
    """The scale of x, of y or of a residual, checked: what is given, or else what is known; None where it has floats.

    Raises:
        FormatError: one is given for floats.
        DataError: there is none, or its zero point is none of the elements.
        NotationError: it is no scale.
    """
    if elements not in KINDS:
        if given is not None:
            raise FormatError(f"{name} is {elements}, which has no scale; leave {name}=Affine(...) out")
        return None
    affine = known if given is None else instance(name, given, Affine, "make it with Affine(scale, zero_point)")
    if affine is None:
        raise DataError(f"{name} is {elements}, and there is no scale for it; give {name}=Affine(scale, zero_point)")
    return _checked(name, elements, affine)


def calibrations_of(plan: LayerPlan, calibration: Calibration) -> tuple[Calibration, ...]:
    """The calibration of each turn of a plan: that of its channels."""
    if plan.turns == 1:
        return (calibration,)
    channels = plan.plans[0].layer.channels
    return tuple(calibration.of_channels(range(i * channels, (i + 1) * channels)) for i in range(plan.turns))


def scales_of(plan: Plan, calibration: Calibration) -> dict[str, Any]:
    """A calibration as the argument of a module: an array of float32."""
    x = calibration.x if plan.input_format in KINDS else _NO_SCALE
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
    return {"extra": said.astype(np.float32)}


def _checked(name: str, elements: ElementFormat, affine: Affine) -> Affine:
    """The scale of an array of integers, or of floats, which have none.

    Raises:
        DataError: its zero point is none of the integers.
    """
    lowest, highest = KINDS.get(elements, (-inf, inf))
    if not lowest <= affine.zero_point <= highest:
        raise DataError(f"the zero point of {name} is {affine.zero_point}, which is no {elements}; give another scale")
    return affine
