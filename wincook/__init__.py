"""wincook: fast convolution F(m,r), exact from the points, analysed to the last bit, compiled for the CPU.

The way leads from notation to machine code: `Tile` and `Points` are read, `algorithm` makes exact matrices from
them and proves them, `analyse` tells the error of the programs that run, `compile` makes a kernel of the same
programs, and `convolve` does it all in one call.
"""

import wincook.cli.process
import wincook.report.presenter  # noqa: F401 (the forms of values)
from wincook.analysis.analyse import ErrorReport, analyse
from wincook.analysis.bounds.adversary import Adversary, adversary
from wincook.analysis.bounds.probabilistic import LikelyBound, likely_bound
from wincook.analysis.bounds.tolerance import Tolerance, tolerance
from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.compare import Comparison, compare
from wincook.analysis.data.arrays import law_of
from wincook.analysis.dynamic_range.ranges import Ranges, ranges
from wincook.analysis.dynamic_range.remedies import remedies
from wincook.analysis.prediction.batch.batch import predict_batch
from wincook.analysis.prediction.predict import Prediction, predict
from wincook.analysis.quantisation.scheme import Scheme
from wincook.analysis.quantisation.sqnr import QuantisationReport, analyse_quantisation
from wincook.bilinear import BilinearAlgorithm, Proof, Transforms
from wincook.ceiling import no_limit
from wincook.construct import algorithm
from wincook.construct.make.iterated import iterated
from wincook.construct.rescale.named import (
    IntegerForm,
    balance,
    change_basis,
    denominators_in,
    equilibrate,
    gauge,
    integers,
)
from wincook.construct.residue.modular import modular
from wincook.construct.residue.ntt import ntt
from wincook.construct.residue.system import ResidueSystem, residue_system
from wincook.emit import emit
from wincook.errors import WincookError
from wincook.formats import Format
from wincook.interchange.read.load import load
from wincook.judge import Verdict, judge
from wincook.kernels.compile import compile  # noqa: A004 (wc.compile is what users type)
from wincook.kernels.convolve import convolve
from wincook.kernels.kernel import Kernel, Packed
from wincook.kernels.plan import Plan
from wincook.kernels.target import Target
from wincook.layers import Branch, Layer, Reduction, fold_batch_norm, merge_branches, reduce
from wincook.points import Points
from wincook.precision import Precision
from wincook.program.cheapest_scaling import cheapest_scaling
from wincook.program.flat import flat_programs
from wincook.program.ir import Program
from wincook.program.programs import Programs, programs_of
from wincook.program.style import Style
from wincook.tile import Tile
from wincook.version import __version__

__all__ = [
    "Adversary",
    "BilinearAlgorithm",
    "Branch",
    "Comparison",
    "ErrorReport",
    "Format",
    "IntegerForm",
    "Kernel",
    "Layer",
    "LikelyBound",
    "Packed",
    "Plan",
    "Points",
    "Precision",
    "Prediction",
    "Program",
    "Programs",
    "Proof",
    "QuantisationReport",
    "Ranges",
    "Reduction",
    "ResidueSystem",
    "Scheme",
    "Style",
    "Target",
    "Tile",
    "Tolerance",
    "Transforms",
    "Verdict",
    "WincookError",
    "__version__",
    "adversary",
    "algorithm",
    "analyse",
    "analyse_quantisation",
    "balance",
    "change_basis",
    "cheapest_scaling",
    "compare",
    "compile",
    "convolve",
    "denominators_in",
    "emit",
    "equilibrate",
    "error_bound",
    "flat_programs",
    "fold_batch_norm",
    "gauge",
    "integers",
    "iterated",
    "judge",
    "law_of",
    "likely_bound",
    "load",
    "merge_branches",
    "modular",
    "no_limit",
    "ntt",
    "predict",
    "predict_batch",
    "programs_of",
    "ranges",
    "reduce",
    "remedies",
    "residue_system",
    "tolerance",
]
