"""Arguments that several commands share, and the two ways of answering."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType

from wincook.ceiling import no_limit as lifted

TileArgument = Annotated[str, typer.Argument(help="F(m,r), quoted: F(4,3), F(4x4,3x3), F(2x4,1x3).", metavar="TILE")]
TilesArgument = Annotated[list[str], typer.Argument(help="One or more F(m,r), each quoted.", metavar="TILE...")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

NoLimitOption = Annotated[
    bool, typer.Option("--no-limit", help="Begin work that will take more than a minute or so, or 1 GiB of memory.")
]

_WIDTH_WITHOUT_TERMINAL = 140


def answer(as_json: bool, data: Any, view: RenderableType) -> None:
    """Print the one or the other."""
    if as_json:
        json.dump(data, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
        return
    width = None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL
    Console(width=width, highlight=False, soft_wrap=False).print(view)


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
