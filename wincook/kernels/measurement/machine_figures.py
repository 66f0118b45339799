"""What this machine can do, measured by the micro-kernel that all products run in.

With all its rows it runs at the peak of one core; with one row it waits for U, and so tells how quickly U comes from
L3 or memory.
"""

from __future__ import annotations

import numpy as np

from wincook.kernels.choice.machine import KIND, Machine, machine_key
from wincook.kernels.choice.remembered import remember
from wincook.kernels.compile import compile as compile_kernel
from wincook.kernels.measurement.interleaved import timings
from wincook.kernels.target import Target, host_cache
from wincook.layers import Layer

_TILE = "F(2x2,3x3)"  # any: all micro-kernels of an instruction set are alike
_CHANNELS = 4096  # enough for a call to take no time beside them; their U and V are within L2
_BEYOND = 96 << 20  # bytes that no cache holds
_SECONDS = 1.0
_TYPICAL_L3 = 32 << 20
_SHARE_OF_L3 = 0.5  # of one core: others use it too, and much of it where the machine is virtual
_BYTES = 4


def measure_machine(target: Target) -> Machine:
    """The figures of this machine, which are remembered for later choices.

    Raises:
        OutputError: they cannot be kept.
        TargetError: an instruction set that this machine does not have.
    """
    isa = target.isa
    layer = Layer(1, 2 * isa.lanes, (4, 4), (3, 3))
    module = compile_kernel(layer, _TILE, threads=1, target=target).modules[0]
    width = isa.vectors * isa.lanes
    channels = [size // (_BYTES * (width + 1)) // isa.lanes * isa.lanes for size in (4 * target.l2, _BEYOND)]
    most = max(*channels, _CHANNELS)
    V, U, M = (
        np.ones(floats, np.float32) for floats in (max(most, isa.rows * _CHANNELS), most * width, isa.rows * width)
    )
    kernels = {rows: module.micro_kernel(rows) for rows in (1, isa.rows)}  # which own the code that is called

    def run(rows: int, number: int) -> None:
        kernels[rows].ctypes(V.ctypes.data, rows, U.ctypes.data, number, M.ctypes.data, width)

    full, *reading = timings(
        [lambda: run(isa.rows, _CHANNELS), *(lambda number=number: run(1, number) for number in channels)], _SECONDS
    )
    l3, memory = (
        _BYTES * number * (width + 1) / timing.least for number, timing in zip(channels, reading, strict=True)
    )
    figures = Machine(
        peak=2 * isa.rows * width * _CHANNELS / full.least,
        l3=l3,
        memory=memory,
        l3_size=_SHARE_OF_L3 * (host_cache(3) or _TYPICAL_L3),
    )
    remember(KIND, machine_key(target), {name: getattr(figures, name) for name in Machine.__slots__})
    return figures
