"""Arguments and options that several commands share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Annotated, Any

import typer

from wincook.ceiling import no_limit as lifted
from wincook.cli.numbers import whole_option

TileArgument = Annotated[str, typer.Argument(help="F(m,r), quoted: F(4,3), F(4x4,3x3), F(2x4,1x3).", metavar="TILE")]
TilesArgument = Annotated[list[str], typer.Argument(help="One or more F(m,r), each quoted.", metavar="TILE...")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
SeedOption = Annotated[int, whole_option(within=range(2**64), help="Of the random numbers.")]
NoLimitOption = Annotated[
    bool, typer.Option("--no-limit", help="Begin work that will take more than a minute or so, or 1 GiB of memory.")
]


def liftable(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the option `--no-limit`, which lifts the ceiling of work while it runs."""
    signature = inspect.signature(command, eval_str=True)

    @wraps(command)
    def run(*, no_limit: bool, **words: Any) -> None:
        with lifted() if no_limit else nullcontext():
            command(**words)

    option = inspect.Parameter("no_limit", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=NoLimitOption)
    others = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in signature.parameters.values()]
    run.__signature__ = signature.replace(parameters=[*others, option])  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*others, option)}
    return run
