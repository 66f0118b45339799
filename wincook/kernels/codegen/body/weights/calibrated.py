"""What the calibration of this code says, in memory that is never written."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import CALIBRATED
from wincook.kernels.codegen.body.lanes.vectors import F32, I64
from wincook.kernels.codegen.body.quantised.scales import FOR_CHANNEL, FOR_PRODUCTS, SAID

CHANNELS = (len(CALIBRATED) - SAID - FOR_PRODUCTS) // FOR_CHANNEL  # of the calibration


@intrinsic
def calibrated_place(typingctx: Any) -> Any:
    """The address of the numbers, as `quantised/scales` has them."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        numbers = ir.Constant(ir.ArrayType(F32, len(CALIBRATED)), list(CALIBRATED))
        return builder.ptrtoint(cgutils.global_constant(builder, "calibrated", numbers), I64)

    return types.int64(), generate
