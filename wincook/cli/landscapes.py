"""`wincook compare --sweep`: the error of points with symbols against these, in place of single algorithms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated

import typer

from wincook.analysis.family import Family
from wincook.analysis.landscape import Landscape, landscape, swept
from wincook.cli.algorithms import each_that_fits, read_values
from wincook.cli.answer import Output
from wincook.cli.point_sets import PointSet, read_point_sets
from wincook.cli.watch import watching
from wincook.errors import NotationError, PointsError, quoted
from wincook.exact.progression import fractions_of
from wincook.precision import Precision
from wincook.report.data.plain.landscape import plain_landscapes
from wincook.report.tables.landscape import landscapes_view

SweepOption = Annotated[
    list[str] | None,
    typer.Option(
        "--sweep",
        metavar="SYMBOL=RANGE",
        help="Predict the error against a symbol of the points, from start to stop by steps: a=1/4:2:1/32. May be "
        "given again for a second symbol.",
    ),
]


def answer_by_sweep(
    output: Output,
    tiles: Sequence[str],
    sweeps: Sequence[str],
    formats: Sequence[str],
    channels: int,
    law: str,
    *,
    points: Sequence[str] | None,
    at: str | None,
    plot: Path | None,
    theme: str,
    beside: Mapping[str, object],
) -> None:
    """Answer with the landscapes of all tiles on all points with symbols in all formats, and draw them.

    Args:
        output: where the answer goes.
        tiles: F(m,r) in text.
        sweeps: symbols with their ranges.
        formats: names of formats or policies.
        channels: C.
        law: the name of the data law.
        points: sets of points in text.
        at: values of other symbols.
        plot: the file of a picture.
        theme: its colours.
        beside: the values of options that do not go together with a sweep, by name.

    Raises:
        WincookError: words that cannot be read, or that do not go together.
    """
    given = [name for name, value in beside.items() if value]
    if given:
        raise NotationError(f"--sweep does not go together with {', '.join(given)}; leave one or the other out")
    values = _ranges(sweeps)
    families = _families(tiles, points, at)
    for family in families:
        swept(family, values)
    problems = list(product(families, map(Precision.of, formats)))
    if plot is not None:
        from wincook.report.figures.landscape import check_drawn_together

        check_drawn_together(len(problems), tuple(values))
    sets = prod(map(len, values.values()))
    with watching(sets * len(problems), "sets of points", gently=True) as watch:

        def predicted(problem: tuple[Family, Precision]) -> Landscape:
            family, precision = problem
            return landscape(family.tile, family.points, values, precision, channels, law, progress=watch.progress)

        landscapes = watch.each(predicted, problems, sets)
    if plot is not None:
        from wincook.report.figures.canvas import draw
        from wincook.report.figures.landscape import landscape_chart

        draw(landscape_chart(landscapes), plot, theme)
    output.answer(plain_landscapes(landscapes), landscapes_view(landscapes))
    watch.finish()


def _ranges(sweeps: Sequence[str]) -> dict[str, tuple[Fraction, ...]]:
    ranges: dict[str, tuple[Fraction, ...]] = {}
    for text in sweeps:
        symbol, equals, values = (part.strip() for part in text.partition("="))
        if not (symbol and equals and values):
            raise NotationError(f"cannot read --sweep {quoted(text)}; give a symbol and its range, as a=1/4:2:1/32")
        if symbol in ranges:
            raise NotationError(f"--sweep gives the symbol {quoted(symbol)} two ranges; give one")
        ranges[symbol] = fractions_of(values)
    return ranges


def _families(tiles: Sequence[str], words: Sequence[str] | None, at: str | None) -> list[Family]:
    def made(tile: str, points: PointSet) -> Family | PointsError:
        try:
            return Family.of(tile, points.text)
        except PointsError as error:
            return points.placed(error)

    sets = read_point_sets(words or [])
    if not sets or not all(points.text for points in sets):
        raise NotationError("--sweep needs points with symbols, which default ones have not; give -p '0,±a,±1/a,inf'")
    fixed = {} if at is None else read_values(at)
    return [family.at(fixed) for family in each_that_fits(tiles, sets, made)]
