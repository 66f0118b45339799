"""The ceiling of work: what would take much more than a minute, or a gibibyte, is refused before it begins.

Each construction, proof and analysis counts beforehand, roughly, the operations it takes and the memory it holds at
once. An operation is one on exact numbers in the best case, some 0.6 µs; dearer steps count as several. The estimates
are measured, and hold to a factor of three or so where python-flint is installed; without it, proofs take ten times as
long. `no_limit` lifts the ceiling.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from wincook.errors import LimitError, WincookError

OPERATIONS = 10**8
MEMORY = 2**30

_PER_SECOND = OPERATIONS / 60
_UNITS = (("seconds", 1.0), ("minutes", 60.0), ("hours", 3600.0), ("days", 86400.0), ("years", 31557600.0))
_BYTES = (("MiB", 2.0**20), ("GiB", 2.0**30), ("TiB", 2.0**40))
_LARGEST_SHOWN = 10**300
_INSTEAD = "ask for less, or lift it (--no-limit, wincook.no_limit())"
_lifted: ContextVar[bool] = ContextVar("lifted", default=False)


@contextmanager
def no_limit() -> Iterator[None]:
    """Within, work of any length is begun, and any amount of memory asked for.

    >>> import wincook as wc
    >>> with wc.no_limit():
    ...     print(wc.algorithm("F(2,3)").verify())
    F(2,3) with 4 multiplications: 24 identities hold exactly
    """
    token = _lifted.set(True)
    try:
        yield
    finally:
        _lifted.reset(token)


def check_work(
    what: str, operations: float, memory: float = 0.0, *, patience: int = 1, error: type[WincookError] = LimitError
) -> None:
    """See that work stays below the ceiling.

    Args:
        what: the work, as the subject of a sentence: "the proof of F(300,300)".
        operations: how many it takes, about.
        memory: bytes that it holds at once, about.
        patience: how many minutes are allowed; a measurement that can be interrupted is given more.
        error: what is raised, where sizes are at fault and not the tile.

    Raises:
        LimitError: it does not; the message names the estimate and the ceiling.

    >>> check_work("the proof of F(300,300)", 3.2e10)
    Traceback (most recent call last):
    ...
    wincook.errors.LimitError: the proof of F(300,300) would take about 3.2e+10 operations, some 5.3 hours; the \
ceiling is 1e+08, about a minute: ask for less, or lift it (--no-limit, wincook.no_limit())
    """
    if _lifted.get():
        return
    operations, memory = (float(min(amount, _LARGEST_SHOWN)) for amount in (operations, memory))
    if operations > patience * OPERATIONS:
        allowed = "a minute" if patience == 1 else f"{patience} minutes"
        duration = _in_units(operations / _PER_SECOND, _UNITS)
        raise error(
            f"{what} would take about {operations:.2g} operations, some {duration}; the ceiling is "
            f"{patience * OPERATIONS:.0e}, about {allowed}: {_INSTEAD}"
        )
    if memory > MEMORY:
        raise error(f"{what} would take about {_in_units(memory, _BYTES)} of memory; the ceiling is 1 GiB: {_INSTEAD}")


def _in_units(amount: float, units: tuple[tuple[str, float], ...]) -> str:
    """Two digits of it, in the largest unit that it exceeds."""
    name, size = max((unit for unit in units if unit[1] <= amount), key=lambda unit: unit[1], default=units[0])
    return f"{float(f'{amount / size:.2g}'):g} {name}"
