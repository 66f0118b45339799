"""What wincook tells while it works: the logger `wincook` of the standard library, and how long each stage took.

Stages (construct, prove, programs, predict, bound, measure, compile) are told at level INFO when they end, and so is
`atlas` where the points of a tile are those of another one; what each pass did is told at level DEBUG. A record
carries `stage` and `seconds`. Nothing is configured here: who wants to see it does.

    logging.basicConfig(level=logging.INFO)
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import Any, ParamSpec, TypeVar

from wincook.errors import one_line

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

LOGGER = logging.getLogger("wincook")
_LONGEST = 100


def timed(stage: str) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Tell how long a function takes, under the name of a stage and with its first argument.

    >>> @timed("square")
    ... def square(number: int) -> int:
    ...     return number * number
    >>> square(3)
    9
    """

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(function)
        def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            if not LOGGER.isEnabledFor(logging.INFO):
                return function(*args, **kwargs)
            start = perf_counter()
            result = function(*args, **kwargs)
            tell(logging.INFO, stage, next(iter((*args, *kwargs.values())), ""), perf_counter() - start)
            return result

        return call

    return decorate


def tell(level: int, stage: str, subject: Any, seconds: float) -> None:
    """One line about a stage; `subject` is what it worked on."""
    LOGGER.log(
        level,
        "%s: %s, %.1f ms",
        stage,
        one_line(str(subject), _LONGEST),
        1e3 * seconds,
        extra={"stage": stage, "seconds": seconds},
    )
