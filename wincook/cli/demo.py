"""`wincook demo`: stub until the demo is in."""

import typer


def register(app: typer.Typer) -> None:
    """Add."""
