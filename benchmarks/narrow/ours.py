"""wincook's kernels in the comparison: a format, a tile, its points, and what x is read as."""

from __future__ import annotations

from dataclasses import dataclass

import ml_dtypes  # noqa: F401 (numpy knows bfloat16 by it)
import numpy as np

import wincook as wc
from benchmarks.narrow.problem import Problem
from benchmarks.peers.contender import Absent, Array, Contender
from wincook.errors import FormatError
from wincook.quantisation import Affine, calibrate

_JOINED = "0, ±1, x^2+1, ∞"


@dataclass(frozen=True, slots=True)
class Way:
    """A kernel for 3×3 filters; points are the default ones if left out. x is read in its own format.

    `peer` is whom its time is compared with; `goal` is how many times as quick it must be, in the geometric mean, and
    `decibels` what it must keep on every layer of half-normal data. None is no goal.
    """

    format: str
    products: int
    tile: str
    points: str | None = None
    input_format: str = "uint8"
    peer: str = "torch int8"
    goal: float | None = None
    decibels: float | None = None

    @property
    def name(self) -> str:
        """Format and number of products."""
        return f"wincook {self.format} {self.products}"


_BFLOAT16 = "torch bfloat16"
_RATIONAL = "0, ±2/3, ±3/2, ∞"

FLOAT32 = Way("float32", 36, "F(4x4,3x3)", None, "float32", _BFLOAT16)
WAYS = (
    FLOAT32,
    Way("bfloat16", 36, "F(4x4,3x3)", _RATIONAL, "bfloat16", _BFLOAT16, 3.0, 42.0),
    Way("bfloat16", 49, "F(4x4,3x3)", _JOINED, "bfloat16", _BFLOAT16, 2.3, 48.5),
    Way("bfloat16", 16, "F(2x2,3x3)", None, "float32", _BFLOAT16, 1.9, 49.5),
    Way("int8", 36, "F(4x4,3x3)", "0, ±5/8, ±3/2, ∞"),
    Way("int8", 49, "F(4x4,3x3)", _JOINED, goal=2.3, decibels=35.0),
    Way("int8", 16, "F(2x2,3x3)", goal=1.9, decibels=35.0),
    Way("int16", 36, "F(4x4,3x3)", _RATIONAL, goal=1.55, decibels=44.0),
)


def prepare(way: Way, problem: Problem, threads: int) -> Contender:
    """A kernel with packed weights.

    Raises:
        Absent: there are no kernels in this format.
    """
    layer, products, elements = problem.layer, way.format, way.input_format
    try:
        kernel = wc.compile(layer, way.tile, points=way.points, format=products, input_format=elements, threads=threads)
    except FormatError as error:
        raise Absent(str(error)) from error
    if elements == "uint8":
        scale, algorithm = Affine(problem.x_scale), kernel.plan.plans[0].algorithm
        calibration = calibrate(layer, algorithm, problem.calibrating, format=products, x=scale)
        packed, x = kernel.pack(problem.weights, calibration=calibration), scale.quantised(problem.x)
    else:
        packed, x = kernel.pack(problem.weights), problem.x.astype(np.dtype(elements))

    def output(y: Array) -> Array:
        return np.moveaxis(y, -1, 1) if layer.layout == "NHWC" else y

    return Contender(lambda: kernel(x, packed), output)
