"""A Dask cluster as an executor: one that is there, or one that is made of processes on this machine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker

from wincook.arguments import whole_number
from wincook.errors import MissingExtraError, NotationError, SearchError, quoted
from wincook.exact.numeral import whole
from wincook.search.running.interrupts import without_interrupts

_SECONDS = 5  # until an address is given up
_MOST = 1024  # processes of a cluster on this machine
_LOCAL = "local:"


@contextmanager
def dask_executor(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor, and how many tasks it takes at once.

    Args:
        address: that of a scheduler, such as tcp://host:8786, or local:N for a cluster of N processes, which ends
            with the context.

    Raises:
        MissingExtraError: Dask is not installed.
        NotationError: local: without a number of processes.
        SearchError: no scheduler answers there, it has no workers, or a task ends them again and again.
    """
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 (an extra)
        from distributed.scheduler import KilledWorker  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError("a cluster needs Dask, which is not installed: pip install 'wincook[dask]'") from None
    _silence()
    resource_tracker.ensure_running()  # multiprocessing starts it with the first process, and then lets signals through
    with ExitStack() as stack:
        with without_interrupts():
            if address.startswith(_LOCAL):
                number = whole_number("processes", whole(address.removeprefix(_LOCAL)), 1, _MOST, NotationError)
                # Any free port: without an address the scheduler asks for 8787, which another search may have.
                cluster = LocalCluster(
                    n_workers=number, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
                )
                address = stack.enter_context(cluster).scheduler_address
            _check(address)
            client = stack.enter_context(Client(address, timeout=_SECONDS, set_as_default=False))
        tasks = sum(client.ncores().values())
        if not tasks:
            raise SearchError(f"the Dask cluster at {quoted(address)} has no workers; start some")
        try:
            yield client.get_executor(), tasks
        except KilledWorker as error:
            raise SearchError(f"a task ended its Dask workers: {quoted(error)}; give them more memory") from error


def _check(address: str) -> None:
    """See that a scheduler answers: a client that finds something else waits for minutes."""
    from distributed.core import rpc  # noqa: PLC0415

    async def answer() -> None:
        async with rpc(address) as scheduler:
            await scheduler.identity()

    async def soon() -> None:
        await asyncio.wait_for(answer(), _SECONDS)

    try:
        asyncio.run(soon())
    except Exception as error:
        why = f"nothing within {_SECONDS} s" if isinstance(error, TimeoutError) else quoted(error)
        raise SearchError(
            f"no Dask scheduler answers at {quoted(address)}: {why}; name one, such as tcp://host:8786, or local:2"
        ) from error


def _silence() -> None:
    """Dask says nothing by itself: what goes wrong is told once, as an error."""
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] in {"distributed", "tornado"}:
            logging.getLogger(name).setLevel(logging.CRITICAL)
