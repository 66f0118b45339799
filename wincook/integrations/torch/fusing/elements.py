"""What the elements of a tensor between two convolutions are: floats, or integers with one scale for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from wincook.integrations.torch.tensors import array_of
from wincook.quantisation import Affine
from wincook.quantisation.factors import requantised


@dataclass(frozen=True, slots=True)
class Elements:
    """The type of a tensor, and the scale and zero point of its integers."""

    dtype: torch.dtype = torch.float32
    affine: Affine | None = None

    def real(self, tensor: Tensor) -> Tensor:
        """The numbers that the elements stand for, in float32, lying as they do."""
        if self.affine is None:
            return tensor.float()
        return tensor.float().sub_(self.affine.zero_point).mul_(self.affine.scale)

    def of(self, real: Tensor) -> Tensor:
        """The elements that stand for numbers of float32, as kernels write them."""
        if self.affine is None:
            return real.to(self.dtype)
        integers: Any = requantised(array_of(real), self.affine, str(self.dtype).removeprefix("torch."))
        return torch.from_numpy(integers)


FLOATS = Elements()
