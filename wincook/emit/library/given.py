"""What goes into a library beside plans: calibrations and scales, of a single plan or by the keys of several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from wincook.errors import NotationError, quoted
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.run.calibrated import Scales, calibration_of, scales_given
from wincook.quantisation.calibration import Calibration


@dataclass(frozen=True, slots=True)
class Given:
    """As callers give them, each for a single plan, or by the keys of plans."""

    calibration: object = None
    x: object = None
    y: object = None
    residual: object = None

    def check_keys(self, keys: tuple[str, ...]) -> None:
        """See that of several plans each is given by their keys.

        Raises:
            NotationError: it is not, or by a key that no plan has.
        """
        for name in (field.name for field in fields(self)):
            given = getattr(self, name)
            if given is not None and not isinstance(given, Mapping):
                raise NotationError(f"{name} must be a mapping from the keys of plans, as there are several")
            for key in () if given is None else given.keys() - set(keys):
                raise NotationError(f"{name} has the key {quoted(key)}, which is none of plans: {', '.join(keys)}")

    def of(self, key: str, decided: LayerPlan) -> tuple[Calibration | None, Scales]:
        """The calibration and the scales of the plan of a key, checked.

        Raises:
            FormatError: one that the plan does not take.
            DataError: none where it takes one, or one that is not for it.
            ShapeError: a calibration of another layer.
            NotationError: something else.
        """
        calibration, x, y, residual = (
            given.get(key) if isinstance(given, Mapping) else given
            for given in (self.calibration, self.x, self.y, self.residual)
        )
        known = calibration_of(decided, calibration)
        return known, scales_given(decided, known, x, y, residual)


NOTHING_GIVEN = Given()
