"""Whether a call of an operator may be one of the function behind it: torch takes longest to get there."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad
from torch.utils._python_dispatch import is_in_torch_dispatch_mode


def is_watched() -> bool:
    """Whether others follow what operators do, so as to trace, transform, differentiate or time it."""
    transforms: Any = torch._C._functorch  # noqa: SLF001 (it has no other name)
    return (
        torch.compiler.is_compiling()
        or is_in_torch_dispatch_mode()
        or torch.jit.is_tracing()
        or transforms.peek_interpreter_stack() is not None
        or forward_ad._current_level >= 0  # noqa: SLF001 (likewise)
        or torch.autograd._profiler_enabled()  # noqa: SLF001 (likewise)
    )


def is_unseen(*tensors: Tensor | None) -> bool:
    """Whether nothing but its result tells of an operator: nobody watches, and nothing is kept for gradients."""
    given = [tensor for tensor in tensors if tensor is not None]
    return (
        not is_watched()
        and all(type(tensor) in {Tensor, nn.Parameter} for tensor in given)
        and not (torch.is_grad_enabled() and any(tensor.requires_grad for tensor in given))
    )
