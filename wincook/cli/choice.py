"""Which algorithm: the options that every command with a TILE has.

A command takes one parameter `choice: Choice`, and `with_choice` shows typer the options in its place, so that a new
way to make an algorithm is added here alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Annotated, Any, cast, get_type_hints

import typer

from wincook.bilinear import BilinearAlgorithm
from wincook.cli.numbers import whole_option
from wincook.cli.options import liftable
from wincook.construct import algorithm
from wincook.construct.make.iterated import iterated
from wincook.construct.rescale.named import BASES, GAUGES, change_basis
from wincook.construct.rescale.named import gauge as change_gauge
from wincook.construct.residue.modular import modular
from wincook.errors import NotationError, quoted
from wincook.exact.numeral import whole
from wincook.transforms import LETTERS, Letter

_FORMS: dict[str, Callable[[BilinearAlgorithm], BilinearAlgorithm]] = {
    "correlation": lambda made: made,
    "true": lambda made: made.flip(),
    "linear": lambda made: made.transpose(),
    "input-gradient": lambda made: made.transpose(),
    "weight-gradient": lambda made: made.weight_gradient(),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The words that say which algorithm, once the tile is known."""

    points: Annotated[
        str | None,
        typer.Option(
            "--points",
            "-p",
            help="Points as 0,±1,±1/2,inf (or +-1), √2/2, 1±i, symbols a,1/a, factors as x^2+1, powers as inf^2, for "
            "every axis; a set per axis parted by ';'. Default: good ones.",
        ),
    ] = None
    at: Annotated[str | None, typer.Option(help="Values of symbols: a=1/2,b=√2,c=1e-1.")] = None
    joint: Annotated[bool, typer.Option("--joint", help="One joint set for all axes: fewer products with x^2+1.")] = (
        False
    )
    blocks: Annotated[
        str | None, typer.Option(help="Iterate short algorithms on blocks, innermost first: 2,2 is Karatsuba twice.")
    ] = None
    prime: Annotated[int | None, whole_option(help="In the integers modulo a prime.")] = None
    form: Annotated[
        str, typer.Option(help=f"What to compute: {', '.join(_FORMS)} (linear is also the gradient of the input).")
    ] = "correlation"
    gauge: Annotated[
        str | None,
        typer.Option(
            help=f"How factors are shared among AT, G and BT: {', '.join(GAUGES)}; balance is for narrow formats, the "
            "last three say where fractions are to be."
        ),
    ] = None
    basis: Annotated[
        str | None,
        typer.Option(
            help=f"Apply the matrices by way of another basis: {', '.join(BASES)}; legendre:BT or legendre:G,BT for "
            "some of the matrices alone."
        ),
    ] = None

    def algorithm(self, tile: str) -> BilinearAlgorithm:
        """The algorithm of a tile.

        Raises:
            WincookError: words that cannot be read, or that do not go together.
        """
        made = self._made(tile)
        if self.at is not None:
            made = made.at(**_values(self.at))
        if self.form not in _FORMS:
            raise NotationError(f"unknown form {quoted(self.form)}; known are {', '.join(_FORMS)}")
        made = _FORMS[self.form](made)
        if self.gauge is not None:
            made = change_gauge(made, self.gauge)
        if self.basis is not None:
            name, _, letters = self.basis.partition(":")
            made = change_basis(made, name, cast("list[Letter]", letters.split(",")) if letters else LETTERS)
        return made

    def _made(self, tile: str) -> BilinearAlgorithm:
        ways = {"--joint": self.joint, "--blocks": self.blocks is not None, "--prime": self.prime is not None}
        chosen = [name for name, given in ways.items() if given]
        if len(chosen) > 1:
            raise NotationError(f"{' and '.join(chosen)} do not go together; give one of them")
        if self.prime is not None:
            return modular(tile, self.prime, self.points)
        if self.blocks is None:
            return algorithm(tile, self.points, joint=self.joint)
        if self.points is not None:
            raise NotationError("--blocks takes default points; leave --points out")
        try:
            blocks = [whole(block) for block in self.blocks.split(",")]
        except NotationError:
            raise NotationError(f"cannot read --blocks {quoted(self.blocks)}; give block sizes like 2,2") from None
        return iterated(tile, blocks)


def with_choice(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the fields of `Choice` as options, where it has its parameter `choice`."""
    hints = get_type_hints(Choice, include_extras=True)
    options = [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in fields(Choice)
    ]

    @wraps(command)
    def run(**words: Any) -> None:
        chosen = {field.name: words.pop(field.name) for field in fields(Choice)}
        command(**words, choice=Choice(**chosen))

    signature = inspect.signature(command, eval_str=True)
    others = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in signature.parameters.items()
        if name != "choice"
    ]
    run.__signature__ = signature.replace(parameters=[*others[:1], *options, *others[1:]])  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*others, *options)}
    return liftable(run)


def _values(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(name.strip().isidentifier() and equals and value.strip() for name, equals, value in pairs):
        raise NotationError(f"cannot read --at {quoted(text)}; give values of symbols like a=1/2,b=√2")
    names = [name.strip() for name, _, _ in pairs]
    if len(set(names)) < len(names):
        raise NotationError(f"--at {quoted(text)} gives a symbol two values; give one")
    return {name: value.strip() for name, (_, _, value) in zip(names, pairs, strict=True)}
