"""What follows a convolution in a network, fused into its kernel: bias, scale, residual, activation, pooling.

steps        operations on each number by itself, as a list that numpy and the generator of kernels both follow
activation   relu, silu and the like as such lists
epilogue     all that follows a convolution, as a value
operands     the arrays that it takes
finish       the same on arrays: what kernels must agree with, bit for bit
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
