"""The commands by name. A command is imported when it is run; help and completion need only its first sentence."""

from __future__ import annotations

import ast
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from wincook.cli import process
from wincook.cli.output import spelt

COMMANDS = (
    "show",
    "verify",
    "condition",
    "analyse",
    "compare",
    "tolerance",
    "ranges",
    "int8",
    "sparse",
    "residues",
    "atlas",
    "reproduce",
    "search",
    "view",
    "diff",
    "plan",
    "bench",
    "emit",
    "convert",
    "demo",
    "doctor",
)
SECOND_WORDS = {"search": ("list", "show", "export")}  # which make another command of it
HELP_NAMES = {"help_option_names": ["-h", "--help"]}


class Group(TyperGroup):
    """`wincook`: stands for its commands until one of them is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings | {"commands": [_Listed(name=name) for name in COMMANDS]})

    def get_help(self, ctx: Any) -> str:
        """Its help, as standard output takes it."""
        return spelt(super().get_help(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the first word names, imported now; until it is, a signal ends the process at once."""
        name, listed, rest = super().resolve_command(ctx, args)
        if rest and rest[0] in SECOND_WORDS.get(str(name), ()):
            name, rest = f"{name} {rest[0]}", rest[1:]
        command = listed and command_named(str(name))
        process.raise_when_stopped()
        return name, command, rest


class Command(TyperCommand):
    """A command whose help is printed as standard output takes it."""

    def get_help(self, ctx: Any) -> str:
        """Its help."""
        return spelt(super().get_help(ctx))


class _Listed(TyperCommand):
    """The name of a command, and the first sentence of its help."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """The sentence; it is not cut, as a list may take more than one line for it."""
        del limit
        return self._summary

    @cached_property
    def _summary(self) -> str:
        """Read from the source: to import all commands takes seconds."""
        loader: Any = getattr(find_spec(f"wincook.cli.commands.{self.name}"), "loader", None)
        source = loader.get_source(f"wincook.cli.commands.{self.name}")
        (function,) = (
            node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == self.name
        )
        return (ast.get_docstring(function) or "").partition("\n\n")[0].replace("\n", " ")


def command_named(name: str) -> Any:
    """A command, which is a function of the same name in a module of the same name; _ stands for the blank in it."""
    word = name.replace(" ", "_")
    function = getattr(import_module(f"wincook.cli.commands.{word}"), word)
    app = typer.Typer(context_settings=HELP_NAMES, rich_markup_mode=None, add_completion=False)
    app.command(name, cls=Command)(function)
    return typer.main.get_command(app)
