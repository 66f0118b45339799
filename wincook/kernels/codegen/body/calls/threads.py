"""Stripes on threads of their own."""

from __future__ import annotations

from typing import Any

import numba
from numba import njit, prange

from wincook.kernels.codegen.body.lanes.vectors import call
from wincook.machine_code import kept


@kept
@njit(nogil=True, parallel=True)
def call_stripes(function: int, job: int, stripes: int) -> None:
    """Call a compiled function for each stripe of a job, each on a thread of its own."""
    for number in prange(stripes):
        call(function, (job, number))


# It knows nothing of any kernel: the first module with this code in a process compiles it for all of them.
launch: Any = vars(numba).setdefault("_wincook_launch", call_stripes)
