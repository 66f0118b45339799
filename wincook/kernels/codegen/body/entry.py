"""The functions for Python: pack the weights once, then convolve arrays.

Only `Packed` and `run` hand addresses to the compiled code, and they check what lies there, whoever made it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from operator import index
from threading import Lock
from typing import Any, NamedTuple, NoReturn

import numba
import numpy as np
from numba import config, get_num_threads, set_num_threads, threading_layer
from numba.core.compiler_lock import global_compiler_lock

from wincook.kernels.codegen.body.constants import CODE, ISA, LAYOUT
from wincook.kernels.codegen.body.filters import PURPOSE, bias_floats, micro_kernels, packed_filters, packed_sizes
from wincook.kernels.codegen.body.job import Geometry, Job
from wincook.kernels.codegen.body.memory import aligned, contiguous, frozen
from wincook.kernels.codegen.body.stages import CHANNELS_LAST, stripe, workspace_floats
from wincook.kernels.codegen.body.threads import launch
from wincook.machine_code import warn

stripe_in_c = stripe.ctypes  # without the interpreter's lock
PACKED_FOR = f"{PURPOSE} in {LAYOUT} for {ISA}, code {CODE}"
FLOAT32 = np.dtype(np.float32)
ARRAYS = slice(Job._fields.index("workspace"))  # the words of a job that change with each call: x, U, bias and y
# Why kernels run on one thread, if they do: known to all modules with this code, also those that are loaded later.
REASONS_FOR_ONE_THREAD: list[str] = vars(numba).setdefault("_wincook_one_thread", [])


class Contents(NamedTuple):
    """Transformed filters and the padded bias, the sizes that they are for, and the addresses of both arrays.

    The sizes are those of the weights, and how many groups they make.
    """

    U: Any
    bias: Any
    sizes: tuple[int, ...]
    addresses: tuple[int, int]


class Packed:
    """Weights (K, C, *taps) and an optional bias (K,) as this module reads them: transformed, and never changed again.

    `packed_filters` says what U is; the bias is padded with zeros.

    Raises:
        ValueError: other shapes, or elements that are not real numbers.
    """

    __slots__ = ("_contents",)
    _contents: Contents
    packed_for = PACKED_FOR

    def __init__(self, weights: Any, bias: Any = None, groups: int = 1) -> None:
        weights = contiguous(weights, "weights")
        U, filters = packed_filters(weights, groups), len(weights)
        if np.shape(bias) != (filters,) and bias is not None:
            raise ValueError(f"bias must have shape ({filters},), not {np.shape(bias)}")
        shift = aligned(bias_floats(filters))
        shift[:] = 0
        shift[:filters] = 0 if bias is None else contiguous(bias, "bias")
        shift = frozen(shift)
        contents = Contents(U, shift, (*weights.shape, groups), (U.ctypes.data, shift.ctypes.data))
        object.__setattr__(self, "_contents", contents)

    @property
    def U(self) -> Any:
        """The transformed filters, read-only."""
        return self._contents.U

    @property
    def bias(self) -> Any:
        """The bias padded with zeros, read-only."""
        return self._contents.bias

    @property
    def channels(self) -> int:
        """C, of a group."""
        return self._contents.sizes[1]

    @property
    def filters(self) -> int:
        """K."""
        return self._contents.sizes[0]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"cannot set {name}: packed weights stay as they are; pack others")

    def __copy__(self) -> Packed:
        return self

    def __deepcopy__(self, memo: object) -> Packed:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("packed weights belong to one process and processor; send the weights, and pack them there")

    def __repr__(self) -> str:
        return f"Packed({self.filters} filters of {self.channels} channels, {self.packed_for})"


class Workspace:
    """Memory for calls of one geometry, one call at a time, and the job that tells the compiled code where all is.

    Raises:
        ValueError: sizes or threads below 1.
    """

    __slots__ = ("_job", "_lock", "_memory", "_packed_sizes", "_place", "_shapes", "_threads")

    def __init__(self, geometry: Any, threads: int) -> None:
        sizes, threads = Geometry(*map(index, geometry)), index(threads)
        if min(*sizes._replace(top=1, left=1), threads) < 1:
            raise ValueError(f"nothing can be computed with the {sizes} on {threads} threads")
        batch, channels, filters = sizes.batch, sizes.channels, sizes.filters
        image, output = (sizes.height, sizes.width), (sizes.out_height, sizes.out_width)
        self._shapes = (
            (batch, *image, channels) if CHANNELS_LAST else (batch, channels, *image),
            (batch, *output, filters) if CHANNELS_LAST else (batch, filters, *output),
        )
        self._packed_sizes = packed_sizes(sizes)
        self._threads = threads
        self._memory = frozen(aligned(threads * sum(workspace_floats.py_func(sizes))))  # nobody writes here
        job = Job(x=0, U=0, bias=0, y=0, workspace=self._memory.ctypes.data, stripes=threads)
        self._job = np.array([*job, *sizes, *micro_kernels(sizes)], np.int64)
        self._place = self._job.ctypes.data
        self._lock = Lock()

    def run(self, x: Any, packed: Packed, y: Any) -> None:
        """Convolve x into y: contiguous float32 arrays of the shapes of the geometry.

        Raises:
            ValueError: other arrays, weights that are not for them, or a y that is read-only or shares memory with x.
            RuntimeError: another thread is using this workspace.
        """
        check(packed)
        contents = packed._contents  # noqa: SLF001
        if contents.sizes != self._packed_sizes:
            filters, channels, *_ = self._packed_sizes
            raise ValueError(f"{packed!r} is for other sizes than {filters} filters of {channels} channels")
        x_place, y_place = place(x, "x", self._shapes[0]), place(y, "y", self._shapes[1])
        if not y.flags.writeable or (x_place < y_place + y.nbytes and y_place < x_place + x.nbytes):
            raise ValueError("y must be writeable, and share no memory with x")
        if not self._lock.acquire(blocking=False):
            raise RuntimeError("another thread is using this workspace; each needs its own")
        try:
            self._job[ARRAYS] = (x_place, *contents.addresses, y_place)
            self._run_stripes()
        finally:
            self._lock.release()

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


def check(packed: Any) -> None:
    """Raise ValueError unless this module packed the weights."""
    if type(packed) is not Packed or not hasattr(packed, "_contents"):
        theirs = getattr(packed, "packed_for", None) or f"nothing: they are a {type(packed).__name__}"
        raise ValueError(f"these weights were packed for {theirs}, not by this module for {PACKED_FOR}; pack them here")


def place(array: Any, name: str, shape: tuple[int, ...]) -> int:
    """The address of a contiguous float32 array of a shape."""
    right = isinstance(array, np.ndarray) and array.dtype == FLOAT32 and array.shape == shape
    if not right or not (flags := array.flags).c_contiguous or not flags.aligned:
        raise ValueError(f"{name} must be a contiguous, aligned float32 array of shape {shape}")
    return int(array.ctypes.data)


def pack(weights: Any, bias: Any = None, groups: int = 1) -> Packed:
    """Transform filters: weights (K, C/groups, *taps) and an optional bias (K,), of any real type.

    Raises:
        ValueError: other shapes, or elements that are not real numbers.
    """
    return Packed(weights, bias, groups)


def workspace(geometry: Any, threads: int) -> Workspace:
    """Room for calls of one geometry on so many threads."""
    return Workspace(geometry, threads)


def run(work: Workspace, x: Any, packed: Packed, y: Any) -> None:
    """Convolve x into y in a workspace; errors as `Workspace.run`."""
    work.run(x, packed, y)
