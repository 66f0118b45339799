"""Models of ONNX, their convolutions computed by wincook; needs the extra `onnx`.

tensors       initialisers, inside the file or beside it
graph         nodes, and the shapes of their values, without the numbers of weights
operands      what a convolution reads, and the real numbers that its integers stand for
layers        convolutions as layers
constants     values that are known before a model runs
chains/       convolutions with what follows them, which their kernels take over
rest          all other nodes, by onnxruntime or by the reference evaluator of onnx
runner        models that run
converted/    models turned into a library for C, a graph and weights
"""

import lazy_loader

from wincook.errors import MissingExtraError

try:
    import onnx  # noqa: F401 (an extra: whether it is there is said once, here)
except ImportError:
    raise MissingExtraError("models of ONNX need it, and it is not installed: pip install 'wincook[onnx]'") from None

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
