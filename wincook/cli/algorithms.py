"""Which algorithm: the options of the commands that take a TILE, each declared once.

A command spells those that can be of use to it, and fills an `AlgorithmOptions` with their values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

import typer

from wincook.arguments import choice
from wincook.bilinear import BilinearAlgorithm
from wincook.cli.completion import among
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.point_sets import DEFAULT, PointSet, read_point_sets
from wincook.construct import algorithm as joint_algorithm
from wincook.construct.make.iterated import iterated
from wincook.construct.rescale.named import BASES, GAUGES, change_basis
from wincook.construct.rescale.named import gauge as change_gauge
from wincook.construct.residue.modular import modular
from wincook.construct.subject import algorithm_of
from wincook.errors import NotationError, PointsError, quoted
from wincook.exact.numeral import whole
from wincook.transforms import LETTERS, Letter

Made = TypeVar("Made")

FORMS: dict[str, Callable[[BilinearAlgorithm], BilinearAlgorithm]] = {
    "correlation": lambda algorithm: algorithm,
    "weight-gradient": lambda algorithm: algorithm.weight_gradient(),
    "true": lambda algorithm: algorithm.flip(),
    "linear": lambda algorithm: algorithm.transpose(),
    "input-gradient": lambda algorithm: algorithm.transpose(),
}
CORRELATIONS = ("correlation", "weight-gradient")  # the forms that have an error, a tolerance, a kernel

_POINTS = (
    "0,±1,±1/2,inf (or +-1), √2/2, 1±i, symbols as a,1/a, factors as x^2+1, powers as inf^2; a ';' parts the sets of "
    "several axes, else all axes have the same"
)
TileArgument = Annotated[
    str, typer.Argument(help="F(m,r), such as 4,3 or 4x4,3x3 or 'F(2x4,1x3)'; or a file with matrices.", metavar="TILE")
]
SizeArgument = Annotated[str, typer.Argument(help="F(m,r), such as 4,3 or 4x4,3x3 or 'F(2x4,1x3)'.", metavar="TILE")]
TilesArgument = Annotated[
    list[str],
    typer.Argument(help="One or more F(m,r), such as 4,3 or 'F(4x4,3x3)'; or files with matrices.", metavar="TILE..."),
]
PointsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--points",
        "-p",
        metavar="POINTS|@FILE",
        help=f"A set of points: {_POINTS}. The word default stands for the best known ones, which are taken if none "
        "are given: those of wincook atlas for the format, the first if there are several. "
        "May be given again, and @FILE gives a set on each line: a tile takes all sets that fit it.",
    ),
]
OnePointSetOption = Annotated[
    str | None,
    typer.Option(
        "--points",
        "-p",
        metavar="POINTS|@FILE",
        help=f"The set of points: {_POINTS}. Left out, the best known ones are taken, those of wincook atlas for the "
        "format; @FILE reads the set from a file.",
    ),
]
AtOption = Annotated[
    str | None, typer.Option("--at", metavar="VALUES", help="The values of symbols: a=1/2,b=√2,c=1e-1.")
]
JointOption = Annotated[
    bool, typer.Option("--joint", help="Take one joint set for all axes, which needs fewer products with x^2+1.")
]
BlocksOption = Annotated[
    str | None,
    typer.Option(
        "--blocks", metavar="SIZES", help="Iterate short algorithms on blocks, innermost first: 2,2 is Karatsuba twice."
    ),
]
PrimeOption = Annotated[
    int | None,
    typer.Option("--prime", parser=read_whole, metavar=WHOLE, help="Make it in the integers modulo a prime."),
]
FormOption = Annotated[
    str,
    typer.Option(
        "--form",
        metavar="FORM",
        autocompletion=among(FORMS),
        help=f"What is computed: {', '.join(FORMS)}. Linear convolution is the gradient of the input.",
    ),
]
CorrelationOption = Annotated[
    str,
    typer.Option(
        "--form",
        metavar="FORM",
        autocompletion=among(CORRELATIONS),
        help="What is computed: correlation, or weight-gradient, which is one as well.",
    ),
]
DimensionOption = Annotated[
    int | None,
    typer.Option(
        "--dimension",
        parser=read_whole,
        metavar=WHOLE,
        help="Nest what has one axis, such as F(4,3) or the matrices in a file, to so many axes.",
    ),
]
GaugeOption = Annotated[
    str | None,
    typer.Option(
        "--gauge",
        metavar="GAUGE",
        autocompletion=among(GAUGES),
        help=f"How factors are shared among AT, G and BT: {', '.join(GAUGES)}. For narrow formats take balance; "
        "filter, input and output say which transform has the fractions.",
    ),
]
BasisOption = Annotated[
    str | None,
    typer.Option(
        "--basis",
        metavar="BASIS",
        autocompletion=among(BASES),
        help=f"Apply the matrices by way of another basis: {', '.join(BASES)}; legendre:BT or legendre:G,BT for "
        "some of the matrices alone.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmOptions:
    """The words that say which algorithms, once the tiles are known; `forms` are the forms that the command takes.

    A tile without points takes those of the atlas for the `format`. In a command with several formats it is the first,
    so that a tile has the same points wherever a report names it.
    """

    points: Sequence[str] | str | None = None
    at: str | None = None
    joint: bool = False
    blocks: str | None = None
    prime: int | None = None
    form: str = "correlation"
    gauge: str | None = None
    basis: str | None = None
    dimension: int | None = None
    format: str = "float32"
    forms: Iterable[str] = CORRELATIONS

    def algorithm(self, tile: str) -> BilinearAlgorithm:
        """The algorithm of one tile, on one set of points.

        Raises:
            WincookError: as `algorithms`; or several sets of points.
        """
        algorithms = self.algorithms([tile])
        if len(algorithms) > 1:
            raise PointsError(f"{len(algorithms)} sets of points fit {quoted(tile)}; give one")
        return algorithms[0]

    def algorithms(self, tiles: Sequence[str]) -> list[BilinearAlgorithm]:
        """The algorithms of each tile, one on each set of points that fits it.

        Raises:
            WincookError: words that cannot be read, or that do not go together; a tile that no set fits, or a set that
                fits no tile.
        """
        self._check()
        words = [self.points] if isinstance(self.points, str) else self.points or []
        sets = read_point_sets(words) or (PointSet(None),)
        return each_that_fits(tiles, sets, self._built)

    def _check(self) -> None:
        """See that the words go together, before anything is made."""
        ways = {"--joint": self.joint, "--blocks": self.blocks is not None, "--prime": self.prime is not None}
        chosen = [name for name, is_chosen in ways.items() if is_chosen]
        if len(chosen) > 1:
            raise NotationError(f"{' and '.join(chosen)} do not go together; give one of them")
        if self.blocks is not None and self.points:
            raise NotationError("--blocks takes default points; leave --points out")
        choice("form", self.form, self.forms)

    def _built(self, tile: str, points: PointSet) -> BilinearAlgorithm | PointsError:
        """The algorithm of a tile on a set of points, or why the set does not fit it."""
        try:
            algorithm = self._on(tile, points.text)
            if self.dimension is not None:
                algorithm = algorithm.nested(self.dimension)
        except PointsError as error:
            return points.placed(error)
        if self.at is not None:
            algorithm = algorithm.at(**read_values(self.at))
        algorithm = FORMS[self.form](algorithm)
        if self.gauge is not None:
            algorithm = change_gauge(algorithm, self.gauge)
        if self.basis is not None:
            name, _, letters = self.basis.partition(":")
            algorithm = change_basis(algorithm, name, cast("list[Letter]", letters.split(",")) if letters else LETTERS)
        return algorithm

    def _on(self, tile: str, points: str | None) -> BilinearAlgorithm:
        if self.prime is not None:
            return modular(tile, self.prime, points)
        if self.blocks is not None:
            return iterated(tile, _block_sizes(self.blocks))
        if self.joint:
            if points is not None:
                return joint_algorithm(tile, points, joint=True)
            return joint_algorithm(tile, format=self.format, joint=True)
        return algorithm_of(tile, points, self.dimension, self.format)


def each_that_fits(
    tiles: Sequence[str], sets: Sequence[PointSet], make: Callable[[str, PointSet], Made | PointsError]
) -> list[Made]:
    """What is made of each tile on each set of points; the error is why the set does not fit the tile.

    Raises:
        PointsError: a tile that no set fits, or a set that fits no tile.
    """
    made = {(tile, points): make(tile, points) for tile in tiles for points in sets}
    for tile in tiles:
        _some(quoted(tile), [made[tile, points] for points in sets])
    for points in sets:
        _some(quoted(points.text or DEFAULT), [made[tile, points] for tile in tiles])
    return list(dict.fromkeys(result for result in made.values() if not isinstance(result, PointsError)))


def _some(name: str, results: Sequence[object]) -> None:
    """See that one of the results at least is no error."""
    misfits = [result for result in results if isinstance(result, PointsError)]
    if len(misfits) == len(results):
        raise misfits[0] if len(misfits) == 1 else PointsError(f"nothing fits {name}; to begin with, {misfits[0]}")


def _block_sizes(text: str) -> list[int]:
    try:
        return [whole(size) for size in text.split(",")]
    except NotationError:
        raise NotationError(f"cannot read --blocks {quoted(text)}; give block sizes like 2,2") from None


def read_values(text: str) -> dict[str, str]:
    """The values of symbols, as `--at` gives them: a=1/2,b=√2.

    Raises:
        NotationError: they cannot be read, or a symbol has two.
    """
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(name.strip().isidentifier() and equals and value.strip() for name, equals, value in pairs):
        raise NotationError(f"cannot read --at {quoted(text)}; give values of symbols like a=1/2,b=√2")
    names = [name.strip() for name, _, _ in pairs]
    if len(set(names)) < len(names):
        raise NotationError(f"--at {quoted(text)} gives a symbol two values; give one")
    return {name: value.strip() for name, (_, _, value) in zip(names, pairs, strict=True)}
