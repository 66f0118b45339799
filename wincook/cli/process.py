"""The command as a process: it stops in one line at Ctrl-C and SIGTERM, and quietly when nobody reads on.

`wincook` imports this before all else, because other imports take a second. In a program that merely imports
wincook nothing is changed.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

STOPPED = {128 + signal.SIGINT: "interrupted", 128 + signal.SIGTERM: "terminated"}
_UNREAD = 128 + signal.SIGPIPE


def is_command() -> bool:
    """Whether this process is `wincook` or `python -m wincook`: asked while wincook is imported."""
    program = sys.argv[0] if sys.argv else ""
    return Path(program).stem == "wincook" or (program == "-m" and "wincook" in sys.orig_argv)


def raise_when_stopped() -> None:
    """Signals raise KeyboardInterrupt or SystemExit from now on, so that what is half done is cleared away."""
    if COMMAND:
        _on_stop(_raise)
        sys.unraisablehook = _raise_again


def finish(code: int) -> NoReturn:
    """Exit, with all that was printed: what a stream does not take any more is given up."""
    if COMMAND:
        _on_stop(signal.SIG_IGN)  # all is said, and the rest takes no time
        for stream in (sys.stdout, sys.stderr):
            try:
                if stream is not None:
                    stream.flush()
            except OSError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(code)


def _on_stop(handler: Any) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(number, handler)


def _raise(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    _on_stop(_leave)  # the second time nothing is waited for
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    with suppress(OSError):
        os.write(2, f"wincook: {STOPPED[128 + number]}\n".encode())
    os._exit(128 + number)


def _raise_again(lost: sys.UnraisableHookArgs) -> None:
    """What was raised where it could not be passed on, as in a destructor, is raised anew."""
    if isinstance(lost.exc_value, KeyboardInterrupt | SystemExit):
        _on_stop(_raise)
        _thread.interrupt_main(signal.SIGINT if isinstance(lost.exc_value, KeyboardInterrupt) else signal.SIGTERM)
    else:
        sys.__unraisablehook__(lost)


def _fill_closed_streams() -> None:
    """No file is to get the number of a standard stream that is closed; errors go nowhere if there is no place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the least number that is free
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for the life of the process)


COMMAND = is_command()
if COMMAND:
    _fill_closed_streams()
    _on_stop(_leave)
    signal.signal(signal.SIGPIPE, lambda *_: os._exit(_UNREAD))
