"""`--verbose`: the log of wincook on standard error, with times."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from wincook.cli.output import tell


@contextmanager
def show_log(level: int) -> Iterator[None]:
    """Within, each message of the logger `wincook` from a level on is one line: seconds since the start, and words."""
    logger, handler = logging.getLogger("wincook"), _Lines()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)


class _Lines(logging.Handler):
    """Messages as lines of standard error, whatever that can take."""

    def __init__(self) -> None:
        super().__init__()
        self._start = time.time()

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        tell(f"{record.created - self._start:8.3f} s  {record.getMessage()}")
