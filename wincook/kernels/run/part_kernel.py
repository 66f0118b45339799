"""The machine code of one plan: weights packed for it, and calls that share its workspaces."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.errors import DataError
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.calibrated import NO_SCALES, Scales, scales_of
from wincook.quantisation.calibration import Calibration


class PartKernel:
    """A plain layer as machine code; arrays come checked.

    Calls are thread-safe: each takes a workspace of its own from those that earlier calls gave back.
    """

    def __init__(self, plan: Plan, module: ModuleType) -> None:
        self.plan = plan
        self.module = module
        self._workspaces: list[Any] = []

    def pack(
        self,
        weights: Array,
        bias: Array | None,
        scale: Array | None = None,
        shift: Array | None = None,
        calibration: Calibration | None = None,
        scales: Scales = NO_SCALES,
        *,
        kept: Array | None = None,
    ) -> Any:
        """Transformed weights (K, C/groups, *kernel), numbers for filters (K,) and scales, as the module keeps them."""
        known = {} if calibration is None else scales_of(self.plan, calibration)
        known |= {} if kept is None else {"extra": kept}
        for name, affine in (("inputs", scales.x), ("output", scales.y), ("added", scales.residual)):
            known |= {} if affine is None else {name: (affine.scale, affine.zero_point)}
        return self.module.pack(weights, bias, self.plan.layer.groups, scale=scale, shift=shift, **known)

    def run(
        self, x: Array, contents: Any, y: Array, residual: Array | None = None, memory: Array | None = None
    ) -> None:
        """Convolve x into y, of the layer's shapes and the plan's formats; what the module does not take is copied.

        Raises:
            DataError: the contents are another module's.
        """
        place = y if self.takes(y) else self.aligned(y.shape, y.dtype)
        added = None if residual is None else self._taken(residual)
        refused = self.refusal(self._taken(x), contents, place, added, memory)
        if refused is not None:
            raise DataError(str(refused)) from refused
        if place is not y:
            y[...] = place

    def refusal(
        self, x: Any, contents: Any, y: Any, residual: Any = None, memory: Array | None = None
    ) -> ValueError | None:
        """Convolve x into y as they are: None if it is done, or what the module says to arrays that it does not take.

        The module looks at all that it is given before it reads or writes a number.
        """
        try:
            workspace = self._workspaces.pop()
        except IndexError:
            workspace = self.module.workspace(self.plan.geometry, self.plan.threads)
        refused = None
        try:
            workspace.run(x, contents, y, residual, memory)
        except ValueError as error:
            refused = error
        self._workspaces.append(workspace)
        return refused

    def takes(self, array: Array) -> bool:
        """Whether the module can read or write an array where it lies."""
        return bool(self.module.takes(array))

    def _taken(self, array: Array) -> Array:
        """The array itself, if the module can read it where it lies, or a contiguous copy."""
        return array if self.takes(array) else np.ascontiguousarray(array)

    def aligned(self, shape: tuple[int, ...], kind: np.dtype[Any]) -> Array:
        """A new array that starts on a cache line."""
        fresh: Array = self.module.aligned_array(shape, kind)
        return fresh
