"""The functions for Python: pack the weights once, then convolve arrays.

Only `Packed` and `run` hand addresses to the compiled code, and they check what lies there, whoever made it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from operator import index
from struct import Struct
from threading import Lock
from typing import Any, NamedTuple, NoReturn

import numba
import numpy as np
from numba import config, get_num_threads, set_num_threads, threading_layer
from numba.core.compiler_lock import global_compiler_lock

from wincook.kept_code import warn
from wincook.kernels.codegen.body.calls.arrays import (
    FLOAT32,
    X_TYPE,
    Y_TYPE,
    check_apart,
    frozen_rows,
    place_of_memory,
    residual_shape,
    shape_of,
    strides_of,
)
from wincook.kernels.codegen.body.calls.memory import aligned, contiguous
from wincook.kernels.codegen.body.calls.threads import launch
from wincook.kernels.codegen.body.constants import CODE, ISA, LAYOUT, RESIDUAL, SCALED, Y_FORMAT
from wincook.kernels.codegen.body.job import GEOMETRY, STRIDES, Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.finish import GIVEN_ROWS, LIMITS, SIDE, WITHOUT_FRACTIONS
from wincook.kernels.codegen.body.nested.filters import bias_floats, micro_kernels
from wincook.kernels.codegen.body.nested.packed import packed_filters
from wincook.kernels.codegen.body.nested.panels import workspace_floats
from wincook.kernels.codegen.body.nested.purpose import KNOWN_TAPS, PURPOSE, packed_sizes
from wincook.kernels.codegen.body.nested.stages import stripe
from wincook.machine_code import in_python

stripe_in_c = stripe.ctypes  # without the interpreter's lock
PACKED_FOR = f"{PURPOSE} in {LAYOUT} for {ISA}, code {CODE}"
ADDRESSES = Struct(f"={Job._fields.index('apart')}q")  # the words of a job that are set anew for each call
ARRAY_STRIDES = Struct(f"={GEOMETRY - STRIDES}q")
WORD_BYTES = 8
# Why kernels run on one thread, if they do: known to all modules with this code, also those that are loaded later.
REASONS_FOR_ONE_THREAD: list[str] = vars(numba).setdefault("_wincook_one_thread", [])


class Contents(NamedTuple):
    """Transformed filters, the numbers for each filter, the sizes that they are for, and the addresses of both.

    The sizes are those of the weights, and how many groups they make.
    """

    U: Any
    of_filters: Any
    sizes: tuple[int, ...]
    addresses: tuple[int, int]


class Packed:
    """Weights (K, C, *taps) and an optional bias (K,) as this module reads them: transformed, and never changed again.

    `packed_filters` says what U is; the bias is padded with zeros, as are a scale and a shift for each filter, (K,), in
    a module that has them. Left out, the scale is 1 and the others 0.

    Raises:
        ValueError: other shapes, or elements that are not real numbers.
    """

    __slots__ = ("_contents",)
    _contents: Contents
    packed_for = PACKED_FOR

    def __init__(
        self,
        weights: Any,
        bias: Any = None,
        groups: int = 1,
        *,
        scale: Any = None,
        shift: Any = None,
        extra: Any = None,
        output: Any = None,
    ) -> None:
        weights = contiguous(weights, "weights")
        U = packed_filters(weights, groups) if extra is None else packed_filters(weights, groups, extra)
        if not SCALED and not (scale is None and shift is None):
            raise ValueError("this module was made without a scale and a shift for each filter")
        given = (("bias", bias, 0), ("scale", scale, 1), ("shift", shift, 0))
        given = (*given[:GIVEN_ROWS], *rows_of_output(output))
        rows = frozen_rows(given, len(weights), in_python(bias_floats)(len(weights)))
        sizes = (*weights.shape[:2], *(KNOWN_TAPS or weights.shape[2:]), groups)
        contents = Contents(U, rows, sizes, (U.ctypes.data, rows.ctypes.data))
        object.__setattr__(self, "_contents", contents)

    @property
    def U(self) -> Any:
        """The transformed filters, read-only."""
        return self._contents.U

    @property
    def bias(self) -> Any:
        """The bias padded with zeros, read-only."""
        return self._contents.of_filters[0]

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
    """The job that tells the compiled code where all is, for calls of one geometry, one at a time, and their memory.

    Memory, `nbytes` of it, is allocated at the first call that is not given any.

    Raises:
        ValueError: sizes or threads below 1, or beyond 32 bits.
    """

    __slots__ = ("_job", "_lock", "_memory", "_packed_sizes", "_place", "_shapes", "_sizes", "_threads", "nbytes")

    def __init__(self, geometry: Any, threads: int) -> None:
        sizes, threads = Geometry(*map(index, geometry)), index(threads)
        if min(*sizes._replace(top=1, left=1), threads) < 1 or max(map(abs, (*sizes, threads))) >= 1 << 31:
            raise ValueError(f"nothing can be computed with the {sizes} on {threads} threads")
        self._sizes, self._packed_sizes, self._threads = sizes, packed_sizes(sizes), threads
        self.nbytes = threads * sum(in_python(workspace_floats)(sizes)) * FLOAT32.itemsize
        self._memory: Any = None
        output = tuple(size // SIDE for size in (sizes.out_height, sizes.out_width))
        self._shapes = (
            shape_of(sizes.batch, sizes.channels, (sizes.height, sizes.width)),
            shape_of(sizes.batch, sizes.filters, output),
        )
        job = Job(0, 0, 0, 0, 0, taken=0, workspace=0, apart=in_python(bias_floats)(sizes.filters))
        strides = [0] * (GEOMETRY - STRIDES)
        self._job = np.array([*job, *strides, *sizes, *micro_kernels(sizes)], np.int64)
        self._place = self._job.ctypes.data
        self._lock = Lock()

    def run(self, x: Any, packed: Packed, y: Any, residual: Any = None, memory: Any = None) -> None:
        """Convolve x into y: arrays of the shapes of the geometry, of elements of X_FORMAT and Y_FORMAT.

        Where this module takes strides, only the channels (NHWC) or the columns (NCHW) of an array must be neighbours.

        Args:
            x: (N, C, H, W) or (N, H, W, C).
            packed: weights that this module packed.
            y: (N, K, *out) or (N, *out, K), pooled if the module pools.
            residual: float32, of the shape of y before pooling, in a module that adds one.
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
        x_strides, y_strides = (
            strides_of(array, name, shape, kind)
            for array, name, shape, kind in zip((x, y), "xy", self._shapes, (X_TYPE, Y_TYPE), strict=True)
        )
        residual_place, residual_strides = 0, Strides(0, 0, 0, 0)
        if RESIDUAL:
            residual_strides = strides_of(residual, "the residual", residual_shape(residual, self._sizes))
            residual_place = residual.ctypes.data
        check_apart(x, y, residual)
        if not self._lock.acquire(blocking=False):
            raise RuntimeError("another thread is using this workspace; each needs its own")
        try:
            work_place = self._own_place() if memory is None else place_of_memory(memory, self.nbytes, (x, y, residual))
            places = (x.ctypes.data, *contents.addresses, residual_place, y.ctypes.data, 0, work_place)
            ADDRESSES.pack_into(self._job.data, 0, *places)
            ARRAY_STRIDES.pack_into(self._job.data, STRIDES * WORD_BYTES, *x_strides, *residual_strides, *y_strides)
            self._run_stripes()
        finally:
            self._lock.release()

    def _own_place(self) -> int:
        if self._memory is None:
            memory = aligned(self.nbytes // FLOAT32.itemsize)
            self._memory = memory, int(memory.ctypes.data)
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


def check(packed: Any) -> None:
    """Raise ValueError unless this module packed the weights."""
    if type(packed) is not Packed or not hasattr(packed, "_contents"):
        theirs = getattr(packed, "packed_for", None) or f"nothing: they are a {type(packed).__name__}"
        raise ValueError(f"these weights were packed for {theirs}, not by this module for {PACKED_FOR}; pack them here")


def rows_of_output(output: Any) -> tuple[Any, ...]:
    """Numbers for each filter that turn outputs into y of 8 bits, of its scale and zero point; none for y of floats.

    Raises:
        ValueError: y has 8 bits, and there is no scale, or the other way round.
    """
    if (LIMITS is None) != (output is None):
        raise ValueError(f"y in {Y_FORMAT} takes {'no' if LIMITS is None else 'a'} scale and zero point")
    if output is None:
        return ()
    scale, zero_point = np.float32(output[0]), int(output[1])
    return ("1 / scale of y", None, 1 / scale), ("zero point of y", None, WITHOUT_FRACTIONS + zero_point)


def pack(
    weights: Any,
    bias: Any = None,
    groups: int = 1,
    *,
    scale: Any = None,
    shift: Any = None,
    extra: Any = None,
    output: Any = None,
) -> Packed:
    """Transform filters: weights (K, C/groups, *taps) and an optional bias (K,), of any real type.

    A module that scales takes a scale and a shift for each filter, (K,), too; one whose y has 8 bits takes the scale
    and zero point of y as `output`. What else there is, `packed_filters` says.

    Raises:
        ValueError: other shapes, elements that are not real numbers, or a scale of y that is missing or not asked for.
    """
    return Packed(weights, bias, groups, scale=scale, shift=shift, extra=extra, output=output)


def workspace(geometry: Any, threads: int) -> Workspace:
    """Room for calls of one geometry on so many threads."""
    return Workspace(geometry, threads)


def run(work: Workspace, x: Any, packed: Packed, y: Any, residual: Any = None, memory: Any = None) -> None:
    """Convolve x into y in a workspace; arguments and errors as for `Workspace.run`."""
    work.run(x, packed, y, residual, memory)
