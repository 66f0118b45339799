"""The machine code of one plan: weights packed for it, and calls that share its workspaces."""

from __future__ import annotations

from math import prod
from types import ModuleType
from typing import Any

from wincook.arrays import Array
from wincook.errors import DataError
from wincook.kernels.plan import Plan


class PartKernel:
    """A plain layer as machine code; arrays come checked.

    Calls are thread-safe: each takes a workspace of its own from those that earlier calls gave back.
    """

    def __init__(self, plan: Plan, module: ModuleType) -> None:
        self.plan = plan
        self.module = module
        self._workspaces: list[Any] = []

    def pack(self, weights: Array, bias: Array | None) -> Any:
        """Transformed weights (K, C/groups, *kernel), and the bias (K,) or zeros, as the module keeps them."""
        return self.module.pack(weights, bias, self.plan.layer.groups)

    def run(self, x: Array, contents: Any, y: Array) -> None:
        """Convolve x into y, contiguous float32 arrays of the shapes of the layer.

        Raises:
            DataError: the contents are another module's.
        """
        try:
            workspace = self._workspaces.pop()
        except IndexError:
            workspace = self.module.workspace(self.plan.geometry, self.plan.threads)
        try:
            self.module.run(workspace, x, contents, y)
        except ValueError as error:  # the contents are another kernel's
            raise DataError(str(error)) from error
        self._workspaces.append(workspace)

    def output(self) -> Array:
        """A new array for y that starts on a cache line: vectors stored across two lines cost twice."""
        shape = self.plan.layer.output_shape
        fresh: Array = self.module.aligned(prod(shape)).reshape(shape)
        return fresh
