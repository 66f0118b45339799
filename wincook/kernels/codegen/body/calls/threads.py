"""Stripes on threads of their own."""

from __future__ import annotations

from numba import njit, prange

from wincook.kernels.codegen.body.lanes.vectors import call
from wincook.machine_code import kept


@kept
@njit(nogil=True, parallel=True)
def launch(function: int, job: int, stripes: int) -> None:
    """Call a compiled function for each stripe of a job, each on a thread of its own."""
    for number in prange(stripes):
        call(function, (job, number))
