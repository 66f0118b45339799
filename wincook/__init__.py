"""wincook: fast convolution F(m,r), exact from the points, analysed to the last bit, compiled for the CPU.

The way leads from notation to machine code: `Tile` and `Points` are read, `algorithm` makes exact matrices from
them and proves them, `analyse` tells the error of the programs that run, `compile` makes a kernel of the same
programs, and `convolve` does it all in one call.
"""

from wincook.analysis.analyse import ErrorReport, analyse
from wincook.bilinear import BilinearAlgorithm, Proof, Transforms
from wincook.construct import algorithm
from wincook.construct.foreign import load
from wincook.construct.gauge import IntegerForm, balance, change_basis, denominators_in, equilibrate, gauge, integers
from wincook.construct.iterate import iterated
from wincook.construct.modular import modular
from wincook.construct.ntt import ntt
from wincook.construct.residue import ResidueSystem, residue_system
from wincook.emit import emit
from wincook.errors import WincookError
from wincook.formats import Format
from wincook.judge import Verdict, judge
from wincook.kernels.compile import compile  # noqa: A004 (wc.compile is what users type)
from wincook.kernels.convolve import convolve
from wincook.kernels.kernel import Kernel, Packed
from wincook.kernels.plan import Plan
from wincook.kernels.target import Target
from wincook.layers import Branch, Layer, Reduction, fold_batch_norm, merge_branches, reduce
from wincook.points import Points
from wincook.precision import Precision
from wincook.program.ir import Program
from wincook.program.schedule import Schedule, schedule
from wincook.program.style import Style
from wincook.tile import Tile
from wincook.version import __version__

__all__ = [
    "BilinearAlgorithm",
    "Branch",
    "ErrorReport",
    "Format",
    "IntegerForm",
    "Kernel",
    "Layer",
    "Packed",
    "Plan",
    "Points",
    "Precision",
    "Program",
    "Proof",
    "Reduction",
    "ResidueSystem",
    "Schedule",
    "Style",
    "Target",
    "Tile",
    "Transforms",
    "Verdict",
    "WincookError",
    "__version__",
    "algorithm",
    "analyse",
    "balance",
    "change_basis",
    "compile",
    "convolve",
    "denominators_in",
    "emit",
    "equilibrate",
    "fold_batch_norm",
    "gauge",
    "integers",
    "iterated",
    "judge",
    "load",
    "merge_branches",
    "modular",
    "ntt",
    "reduce",
    "residue_system",
    "schedule",
]
