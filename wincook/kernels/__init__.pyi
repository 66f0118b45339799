# What is public here; each module is loaded when one of its names is used.

from .alternatives import Alternative as Alternative
from .alternatives import alternatives as alternatives
from .codegen.source import module_source as module_source
from .codegen.source import module_stem as module_stem
from .compile import compile as compile
from .convolve import convolve as convolve
from .make_plan import make_plan as make_plan
from .measurement.sparsity import SparsityCurve as SparsityCurve
from .measurement.sparsity import sparsity_curve as sparsity_curve
from .plans.layer_plan import LayerPlan as LayerPlan
from .plans.plan import Plan as Plan
from .run.engine import KernelEngine as KernelEngine
from .run.kernel import Kernel as Kernel
from .run.packed import Packed as Packed
from .target import ISAS as ISAS
from .target import Target as Target
