"""Shell completion of the values of options."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def among(words: Iterable[str]) -> Callable[[str], list[str]]:
    """What typer asks for the values of an option that begin as what was typed.

    >>> among(["light", "dark"])("d")
    ['dark']
    """
    possible = list(words)

    def complete(incomplete: str) -> list[str]:
        return [word for word in possible if word.startswith(incomplete)]

    return complete
