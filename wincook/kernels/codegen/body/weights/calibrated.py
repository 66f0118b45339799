"""What the calibrations of this code say, in memory that is never written: one, or one for each turn of a layer."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import CALIBRATED
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.lanes.vectors import BYTES, F32, I64
from wincook.kernels.codegen.body.quantised.scales import FOR_CHANNEL, FOR_PRODUCTS, SAID

TURNS, SAID_OF_TURN = len(CALIBRATED), len(CALIBRATED[0])
CHANNELS = (SAID_OF_TURN - SAID - FOR_PRODUCTS) // FOR_CHANNEL  # of a calibration


@intrinsic
def calibrations_place(typingctx: Any) -> Any:
    """The address of the numbers of all, each as `quantised/scales` has them."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        every = [number for said in CALIBRATED for number in said]
        numbers = ir.Constant(ir.ArrayType(F32, len(every)), every)
        return builder.ptrtoint(cgutils.global_constant(builder, "calibrated", numbers), I64)

    return types.int64(), generate


@njit(inline="always", error_model="numpy")
def calibrated_place(dims: Dims) -> int:
    """The address of the numbers of the turn that dims name in the place of a variant."""
    place: int = calibrations_place()
    if TURNS > 1:
        place += dims.variant * SAID_OF_TURN * BYTES
    return place
