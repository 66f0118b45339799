"""What the time of a call is spent on: the stages of its kernels, each between two readings of a clock.

Kernels are compiled anew with the clock in their loops (`codegen/clocked`), and the quickest of many calls is told. The
rest of a call is what its undisturbed kernel takes beyond the stages: Python, starting threads, copies between parts.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from wincook.arguments import real_number
from wincook.arrays import Array
from wincook.digest import digest
from wincook.kernels.codegen.body.clock import CLOCK_LINE, FIRST_STAGE, NANO
from wincook.kernels.codegen.clocked import clocked_source, stages_of
from wincook.kernels.codegen.source import module_stem
from wincook.kernels.compile import kernel_of
from wincook.kernels.measurement.interleaved import LONGEST, timings
from wincook.kernels.measurement.trial import given_to, random_data
from wincook.kernels.plans.formats import dtype_of
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.kernels.plans.scratch import Room
from wincook.kernels.run.packed import Packed
from wincook.kernels.run.part_kernel import PartKernel
from wincook.kernels.run.store import load_module


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Seconds of packing, which is done once, of each stage of a call, and of the rest of the call."""

    packing: float
    stages: dict[str, float]
    rest: float


def stage_times(plan: LayerPlan, seconds: float = 1.0) -> StageTimes:
    """Measure for so many seconds, on random data.

    Stages are those of all parts together; on several threads, each has the mean of theirs.

    Raises:
        NotationError: no time.
        TargetError, OutputError: as for `wincook.compile`.
    """
    seconds = real_number("seconds", seconds, above=0, most=LONGEST)
    kernel = kernel_of(plan)
    x, weights = random_data(plan.layer)
    x, known, scales = given_to(plan, x)
    out = np.empty(plan.output_shape, dtype_of(plan.output_format))

    def pack() -> Packed:
        return kernel.pack(weights, calibration=known, x=scales.x, y=scales.y)

    packed = pack()
    (whole,), (packing,) = (timings([call], seconds / 3) for call in (lambda: kernel(x, packed, out), pack))
    plans, spent = Counter(plan.plans), dict[str, float]()
    for single, number in plans.items():
        for stage, taken in _stages(single, seconds / 3 / len(plans)).items():
            spent[stage] = spent.get(stage, 0.0) + plan.turns * number * taken
    return StageTimes(packing.least, spent, max(0.0, whole.least - sum(spent.values())))


def _stages(plan: Plan, seconds: float) -> dict[str, float]:
    """The seconds of each stage of a kernel, in the quickest of its calls."""
    module, layer, names = clocked_module(plan), plan.layer, stages_of(plan.loops)
    x, weights = random_data(layer)
    x, known, scales = given_to(plan, x)
    packed = PartKernel(plan, module).pack(weights, None, calibration=known, scales=scales)
    work = module.workspace(plan.geometry, plan.threads)
    memory, of_threads = memory_with_clock(work.nbytes, plan.threads)
    y = np.empty(layer.output_shape, dtype_of(plan.output_format))
    of_stages, readings = of_threads[:, FIRST_STAGE : FIRST_STAGE + len(names)], []

    def call() -> None:
        of_threads[:] = 0
        module.run(work, x, packed, y, None, memory)
        readings.append(of_stages.mean(axis=0) / NANO)

    timings([call], seconds)
    quickest = min(readings, key=sum)
    return {name: float(taken) for name, taken in zip(names, quickest, strict=True)}


def clocked_module(plan: Plan) -> ModuleType:
    """The module of a plan with a clock in its loops, which it expects in front of its workspaces."""
    source = clocked_source(plan)
    return load_module(f"{module_stem(plan)}_clocked_{digest(source)}", source)


def memory_with_clock(nbytes: int, threads: int) -> tuple[Array, Array]:
    """Workspaces of so many bytes with a clock in front, and the words of each thread, (threads, words)."""
    in_front = (1 + threads) * CLOCK_LINE
    memory = Room(None).bytes(in_front + nbytes)
    memory[:] = 0
    words: Array = memory[:in_front].view(np.int64).reshape(-1, CLOCK_LINE // np.int64().itemsize)
    words[-1, 0] = ctypes.cast(ctypes.CDLL(None).clock_gettime, ctypes.c_void_p).value
    return memory[in_front:], words[-2::-1]
