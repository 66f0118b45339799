"""Convolutions of PyTorch computed by wincook; needs the extra `torch`.

config      which algorithm, how much error, for which modules
tensors     tensors as layers and arrays
modules     WinogradConv1d, WinogradConv2d, WinogradConv3d
plan        what conversion would do to a model
convert     models turned in place, and back
calls/      a call of a convolution, from tensors to a kernel
domain/     convolutions whose parameter is U, trained towards blocks of zeros
fusing/     models for inference, in which kernels do what follows their convolutions
narrow/     convolutions in narrow formats
"""

import lazy_loader

from wincook.errors import MissingExtraError

try:
    import torch  # noqa: F401 (an extra: whether it is there is said once, here)
except ImportError:
    raise MissingExtraError(
        "models of PyTorch need it, and it is not installed: pip install 'wincook[torch]'"
    ) from None

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
