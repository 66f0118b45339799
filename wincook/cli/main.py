"""The `wincook` command: gathers the commands, and turns every error a user can make into one line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from wincook.cli import (
    analyse,
    compare,
    condition,
    demo,
    doctor,
    emit,
    quantise,
    ranges,
    reproduce,
    residues,
    show,
    tolerance,
    verify,
)
from wincook.errors import WincookError

BAD_INPUT, INTERRUPTED = 2, 130

app = typer.Typer(
    name="wincook",
    help=(
        "Fast convolution F(m,r): exact algorithms, their rounding error, and compiled kernels.\n\n"
        'Start with: wincook show "F(4,3)"; then wincook analyse "F(4x4,3x3)"; then wincook demo.'
    ),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
COMMANDS = (
    show,
    verify,
    condition,
    analyse,
    compare,
    tolerance,
    ranges,
    quantise,
    residues,
    reproduce,
    emit,
    demo,
    doctor,
)
for command in COMMANDS:
    command.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 ok, 1 a check failed, 2 bad input, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        code = app(args=words, prog_name="wincook", standalone_mode=False)
    except WincookError as error:
        _fail(str(error), BAD_INPUT)
    except TyperException as error:
        _fail(f"{error.format_message()} (see wincook --help, or wincook COMMAND --help)", BAD_INPUT)
    if code == INTERRUPTED:
        _fail("interrupted; nothing half-written is left behind", INTERRUPTED)
    sys.exit(code or 0)


def _fail(message: str, code: int) -> NoReturn:
    print(f"wincook: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201 (the CLI speaks here)
    sys.exit(code)
