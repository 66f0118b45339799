"""The functions for Python that convolve: weights are packed once, and arrays given at each call.

Only `Packed` and `run` hand addresses to the compiled code, and they check what lies there, whoever made it. What
does not change from call to call is worked out once: calls of small layers spend much of their time here.
"""

from __future__ import annotations

import os
from contextlib import suppress
from operator import index
from struct import Struct
from threading import Lock
from typing import Any

import numba
import numpy as np
from numba import config, get_num_threads, set_num_threads, threading_layer
from numba.core.compiler_lock import global_compiler_lock

from wincook.addresses import address
from wincook.kept_code import warn
from wincook.kernels.codegen.body.calls.arrays import (
    FLOAT32,
    RESIDUAL_TYPE,
    X_TYPE,
    Y_TYPE,
    Wanted,
    check_apart,
    place_of_memory,
    residual_shapes,
    shape_of,
)
from wincook.kernels.codegen.body.calls.memory import aligned
from wincook.kernels.codegen.body.calls.threads import launch
from wincook.kernels.codegen.body.calls.weights import Packed, check
from wincook.kernels.codegen.body.constants import RESIDUAL
from wincook.kernels.codegen.body.job import EVERY_PANEL, GEOMETRY, Geometry, Strides
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.nested.filters import bias_floats, micro_kernels
from wincook.kernels.codegen.body.nested.panels import workspace_floats
from wincook.kernels.codegen.body.nested.purpose import packed_sizes
from wincook.kernels.codegen.body.nested.stages import stripe
from wincook.machine_code import in_python

stripe_in_c = stripe.ctypes  # without the interpreter's lock
OF_CALL = Struct(f"={GEOMETRY}q")  # the words of a job that are set anew for each call
NO_STRIDES = Strides(0, 0, 0, 0)  # of a residual, where there is none
# Why kernels run on one thread, if they do: known to all modules with this code, also those that are loaded later.
REASONS_FOR_ONE_THREAD: list[str] = vars(numba).setdefault("_wincook_one_thread", [])


class Workspace:
    """The job that tells the compiled code where all is, for calls of one geometry, one at a time, and their memory.

    Memory, `nbytes` of it, is allocated at the first call that is not given any.

    Raises:
        ValueError: sizes or threads below 1, or beyond 32 bits.
    """

    __slots__ = (
        *("_apart", "_lock", "_memory", "_packed_sizes", "_place", "_residual", "_threads", "_words", "_x", "_y"),
        "nbytes",
    )

    def __init__(self, geometry: Any, threads: int) -> None:
        sizes, threads = Geometry(*map(index, geometry)), index(threads)
        if min(*sizes._replace(top=1, left=1), threads) < 1 or max(map(abs, (*sizes, threads))) >= 1 << 31:
            raise ValueError(f"nothing can be computed with the {sizes} on {threads} threads")
        self._packed_sizes, self._threads = packed_sizes(sizes), threads
        self.nbytes = threads * sum(in_python(workspace_floats)(sizes)) * FLOAT32.itemsize
        self._memory: Any = None
        output = tuple(size // SIDE for size in (sizes.out_height, sizes.out_width))
        self._x = Wanted("x", X_TYPE, shape_of(sizes.batch, sizes.channels, (sizes.height, sizes.width)))
        self._y = Wanted("y", Y_TYPE, shape_of(sizes.batch, sizes.filters, output))
        self._residual = Wanted("the residual", RESIDUAL_TYPE, *residual_shapes(sizes))
        self._apart = in_python(bias_floats)(sizes.filters)
        job = np.array([*[0] * GEOMETRY, *sizes, *micro_kernels(sizes)], np.int64)
        self._words, self._place = job.data, address(job)
        self._lock = Lock()

    def run(self, x: Any, packed: Packed, y: Any, residual: Any = None, memory: Any = None) -> None:
        """Convolve x into y: arrays of the shapes of the geometry, of elements of X_FORMAT and Y_FORMAT.

        Where this module takes strides, only the channels (NHWC) or the columns (NCHW) of an array must be neighbours.

        Args:
            x: (N, C, H, W) or (N, H, W, C).
            packed: weights that this module packed.
            y: (N, K, *out) or (N, *out, K), pooled if the module pools.
            residual: of RESIDUAL_FORMAT and the shape of y before pooling, in a module that adds one.
            memory: a writeable array of bytes to work in, from a cache line on and as large as `nbytes`; the
                workspace's own if left out.

        Raises:
            ValueError: other arrays, weights that are not for them, or a y or memory that is read-only or shares memory
                with what is read. A residual may be y itself, if the module does not pool.
            RuntimeError: another thread is using this workspace.
        """
        check(packed)
        contents = packed._contents  # noqa: SLF001
        if contents.sizes != self._packed_sizes:
            filters, channels, *_ = self._packed_sizes
            raise ValueError(f"{packed!r} is for other sizes than {filters} filters of {channels} channels")
        x_strides, y_strides = self._x.strides_of(x), self._y.strides_of(y)
        residual_place, residual_strides = 0, NO_STRIDES
        if RESIDUAL:
            residual_strides = self._residual.strides_of(residual)
            residual_place = address(residual)
        check_apart(x, y, residual)
        if not self._lock.acquire(False):  # noqa: FBT003 (its name takes longer)
            raise RuntimeError("another thread is using this workspace; each needs its own")
        try:
            work_place = self._own_place() if memory is None else place_of_memory(memory, self.nbytes, (x, y, residual))
            places = (address(x), *contents.addresses, residual_place, address(y), 0, work_place, self._apart)
            OF_CALL.pack_into(self._words, 0, *places, EVERY_PANEL, *x_strides, *residual_strides, *y_strides)
            self._run_stripes()
        finally:
            self._lock.release()

    def _own_place(self) -> int:
        if self._memory is None:
            memory = aligned(self.nbytes // FLOAT32.itemsize)
            self._memory = memory, address(memory)
        place: int = self._memory[1]
        return place

    def _run_stripes(self) -> None:
        """Each stripe on a thread of its own, as far as there are threads."""
        available = 1 if REASONS_FOR_ONE_THREAD else min(self._threads, config.NUMBA_NUM_THREADS)
        if available == 1 or not run_in_parallel(self._place, self._threads, available):
            for number in range(self._threads):
                stripe_in_c(self._place, number)


def run_in_parallel(job: int, stripes: int, threads: int) -> bool:
    """Run all stripes on so many threads; False, and a warning, where numba has no way to run threads."""
    # One parallel region at a time in the whole process: where numba finds no OpenMP, its own pool aborts otherwise.
    with global_compiler_lock:
        try:
            before = get_num_threads()
        except (ValueError, ImportError, OSError) as error:
            REASONS_FOR_ONE_THREAD.append(str(error))
            warn(f"kernels run on one thread: {' '.join(str(error).split())}")
            return False
        set_num_threads(threads)
        try:
            launch(stripe.address, job, stripes)
        finally:
            set_num_threads(before)
    return True


def stay_alone() -> None:
    """Use one thread from now on, if threads ran before this process was forked: they do not survive that."""
    with suppress(ValueError):  # none ran
        REASONS_FOR_ONE_THREAD.append(f"this is a fork of a process that ran threads by {threading_layer()}")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=stay_alone)


def workspace(geometry: Any, threads: int) -> Workspace:
    """Room for calls of one geometry on so many threads."""
    return Workspace(geometry, threads)


def run(work: Workspace, x: Any, packed: Packed, y: Any, residual: Any = None, memory: Any = None) -> None:
    """Convolve x into y in a workspace; arguments and errors as for `Workspace.run`."""
    work.run(x, packed, y, residual, memory)
