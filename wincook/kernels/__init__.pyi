# What is public here; each module is loaded when one of its names is used.

from .compile import compile as compile
from .compile import make_plan as make_plan
from .convolve import convolve as convolve
from .engine import KernelEngine as KernelEngine
from .kernel import Kernel as Kernel
from .kernel import Packed as Packed
from .plan import Plan as Plan
from .source import module_source as module_source
from .source import module_stem as module_stem
from .target import Target as Target
