"""Which options stand on the command line, whatever their values."""

from __future__ import annotations

from collections.abc import Container

import typer


def option_given(context: typer.Context, names: Container[str]) -> str | None:
    """The first of some options that was typed, as it is typed; None if none was."""
    for option in context.command.params:
        source = context.get_parameter_source(str(option.name))
        if option.name in names and source is not None and source.name == "COMMANDLINE":
            return option.opts[0]
    return None
