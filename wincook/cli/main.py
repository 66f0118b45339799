"""The `wincook` command: finds the command that is meant, and turns every error a user can make into one line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from wincook.cli import process
from wincook.cli.group import HELP_NAMES, Group
from wincook.cli.output import in_ascii, say, tell
from wincook.errors import OutputError, WincookError, one_line, quoted
from wincook.version import __version__

BAD_INPUT, INTERRUPTED = 2, 130

app = typer.Typer(
    name="wincook",
    cls=Group,
    context_settings=HELP_NAMES,
    help=(
        "Fast convolution F(m,r): exact algorithms, their rounding error, and compiled kernels.\n\n"
        'Start with: wincook show "F(4,3)"; then wincook analyse "F(4x4,3x3)"; then wincook demo.'
    ),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"wincook {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of the command itself; its help is that of the app."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Exits with 0 ok, 1 a check failed, 2 bad input or no place for the output, 130 interrupted, 143 terminated; and with
    141, quietly, where nobody reads the output to its end.
    """
    words = [in_ascii(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    process.finish(_run(words or ["--help"]))


def _run(words: Sequence[str]) -> int:
    """The exit code; what went wrong is told in one line."""
    try:
        if sys.stdout is None:
            raise OutputError("standard output is closed; send the answer to a file, or to /dev/null")
        code = app(args=words, prog_name="wincook", standalone_mode=False) or 0
    except (WincookError, TyperException, OSError, MemoryError) as error:
        tell(f"wincook: {_fault(error)}")
        return BAD_INPUT
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else BAD_INPUT
    if code in process.STOPPED:
        tell(f"wincook: {process.STOPPED[code]}; nothing half-written is left behind")
    return code


def _fault(error: Exception) -> str:
    match error:
        case WincookError():
            return str(error)
        case TyperException():
            near = getattr(error, "possibilities", None)  # options that are spelt alike
            words = f"{error.message}. Did you mean {' or '.join(near)}?" if near else error.format_message()
            return f"{one_line(words, 200)} (see wincook --help, or wincook COMMAND --help)"
        case OSError():
            place = f"{quoted(error.filename)}: " if error.filename else ""
            return f"the system refuses: {place}{error.strerror or error}"
        case _:
            return "this takes more memory than there is; ask for less at a time"
