"""What takes no time to speak of must not hang. No test is timed closer: machines are shared, and slow for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

SECONDS = 10  # of the processor; what these tests watch takes one at most, or never ends


@contextmanager
def at_once() -> Iterator[None]:
    """Fail if what is done takes ten seconds of the processor."""
    started = process_time()
    yield
    assert process_time() - started < SECONDS
