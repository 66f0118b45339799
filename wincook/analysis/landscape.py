"""The error of a family of points against its symbols: which values are good, and how near the good ones lie to poles.

Points with symbols, such as 0, ±a, ±1/a, ∞, are a set of points for each value of a. Alam, Anderson, Barabasz and Gregg
(ACM TECS 21 (2022), arXiv 2201.10369) choose a as the best of many fractions. A landscape has the error of each: its
algorithm is made exactly, and its error predicted as `predict` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import isnan, nan, prod
from typing import Any

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.analysis.family import Family
from wincook.analysis.measurement.measure import Progress, asked
from wincook.analysis.prediction.predict import Prediction, predict
from wincook.arguments import mapping, whole_number
from wincook.arrays import Array
from wincook.ceiling import check_work
from wincook.construct import Given
from wincook.errors import FormatError, NotationError, PointsError, quoted
from wincook.exact.progression import fractions_of
from wincook.formats import Format
from wincook.points import Points
from wincook.points.points import names_of_sets
from wincook.precision import Precision
from wincook.shown import Shown, brief
from wincook.tile import Tile

_EXAMPLE = "{'a': '1/4:2:1/32'}"
_MOST_SYMBOLS = 2
_PER_PAIR, _PATIENCE = 1200, 10  # operations of a set for each pair of its points; minutes of what can be interrupted


@dataclass(frozen=True, slots=True)
class Place:
    """The values of the symbols, the points of each axis there, and what is predicted of them.

    Where there are no points or no prediction, `gap` says why: two points coincide, one becomes infinite, or a format
    cannot hold what they make.
    """

    values: tuple[Fraction, ...]
    points: tuple[Points, ...]
    prediction: Prediction | None
    gap: str = ""

    @property
    def error(self) -> float:
        """The predicted relative RMS error; NaN where there is none."""
        return nan if self.prediction is None else self.prediction.relative_rms

    @property
    def point_names(self) -> str:
        """The points in text: once where all axes share them; empty where there are none."""
        return names_of_sets(self.points)


@dataclass(frozen=True, slots=True)
class Landscape(Shown):
    """The predicted error of a family for all values of one symbol, or all pairs of values of two.

    `values` are those of each of the `symbols`, ascending; `places` are in the order of `itertools.product(*values)`.
    """

    family: Family
    precision: Precision
    channels: int
    law: Law
    symbols: tuple[str, ...]
    values: tuple[tuple[Fraction, ...], ...]
    places: tuple[Place, ...]

    __repr__ = brief

    @property
    def errors(self) -> Array:
        """Relative RMS errors in float64, an axis for each symbol; NaN where two points coincide, and in other gaps."""
        return np.array([place.error for place in self.places]).reshape([len(values) for values in self.values])

    @property
    def best(self) -> Place:
        """The place of least error, the first of several."""
        return min((place for place in self.places if not isnan(place.error)), key=lambda place: place.error)

    @property
    def gaps(self) -> tuple[Place, ...]:
        """The places without an error."""
        return tuple(place for place in self.places if isnan(place.error))

    def where(self, place: Place) -> str:
        """The values of a place in words, such as `a = 5/8, b = 3/2`."""
        return ", ".join(f"{symbol} = {value}" for symbol, value in zip(self.symbols, place.values, strict=True))

    def __str__(self) -> str:
        return (
            f"{self.family} in {self.precision}, C = {self.channels}, {self.law.name} data: "
            f"least relative RMS error {self.best.error:.3g} at {self.where(self.best)}"
        )


def landscape(
    tile: Tile | str,
    points: Given,
    sweeps: Mapping[str, str | Sequence[Any]],
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    progress: Progress | None = None,
) -> Landscape:
    """The predicted error of a tile on points with symbols, for each value of one symbol, or of two.

    Args:
        tile: F(m,r).
        points: points with symbols, for all axes alike or one set per axis, as `wincook.algorithm` takes them.
        sweeps: the values of each symbol: a range in text, start:stop:step, both ends included; or a sequence of
            fractions. They are taken in ascending order.
        format: a format or a precision policy.
        channels: C, over which products are summed.
        law: how data are drawn.
        progress: called with the number of sets done after each value of the first symbol; if it says no, the values so
            far are the landscape.

    Raises:
        PointsError: points that do not fit the tile, a symbol that is not swept or not there, or no error anywhere.
        NotationError: something that cannot be read, no symbol or more than two, or values that are no fractions.
        FormatError: an unknown format.
        LimitError: so many values that it would take more than about ten minutes.
        ShapeError: no channels.

    >>> family = landscape("F(4,3)", "0, ±a, ±1/a, ∞", {"a": "1/2:1:1/8"})
    >>> [f"{a}: {error:.1e}" for a, error in zip(family.values[0], family.errors)]
    ['1/2: 1.9e-07', '5/8: 1.7e-07', '3/4: 1.7e-07', '7/8: 2.9e-07', '1: nan']
    >>> print(family.best.point_names)
    0, ±5/8, ±8/5, ∞
    """
    family = Family.of(tile, points)
    precision, channels, law = Precision.of(format), whole_number("channels", channels), Law.of(law)
    values = swept(family, sweeps)
    go_on = None if progress is None else asked(progress)
    number = prod(map(len, values.values()))
    check_work(f"predicting {number} sets of points for {family.tile}", number * _work(family), patience=_PATIENCE)

    first, *others = values.values()
    places: list[Place] = []
    for done, value in enumerate(first, start=1):
        for rest in product(*others):
            at = dict(zip(values, (value, *rest), strict=True))
            places.append(_place(family, at, precision, channels, law))
        if go_on is not None and not go_on(len(places)):
            first = first[:done]
            break
    found = Landscape(family, precision, channels, law, tuple(values), (first, *others), tuple(places))
    if len(found.gaps) == len(places):
        raise PointsError(f"{family} has no error anywhere in the sweep; at {found.where(places[0])}: {places[0].gap}")
    return found


def swept(family: Family, sweeps: Mapping[str, str | Sequence[Any]]) -> dict[str, tuple[Fraction, ...]]:
    """The values of each symbol that is swept.

    Raises:
        PointsError: a symbol that the family does not have, or one of its symbols without values.
        NotationError: no symbol or more than two, no values, or values that are no fractions.
        ShapeError: too many values.
    """
    given = mapping("sweeps", sweeps, _EXAMPLE)
    if not 1 <= len(given) <= _MOST_SYMBOLS:
        raise NotationError(f"{len(given)} symbols are swept; an error is drawn against one symbol, or two")
    family.check_symbols(given)
    values = {symbol: fractions_of(fractions) for symbol, fractions in given.items()}
    for symbol, fractions in values.items():
        if not fractions:
            raise NotationError(f"the sweep of {quoted(symbol)} has no values; give some, such as {_EXAMPLE}")
    return values


def _place(family: Family, at: Mapping[str, Fraction], precision: Precision, channels: int, law: Law) -> Place:
    place = Place(tuple(at.values()), (), None)
    try:
        place = replace(place, points=family.at(at).points)
        return replace(place, prediction=predict((family.tile, place.points), precision, channels, law))
    except (PointsError, FormatError) as fault:
        return replace(place, gap=str(fault))


def _work(family: Family) -> float:
    """How many operations one set takes, about: it is constructed, scheduled and predicted, axis by axis."""
    return sum(_PER_PAIR * points.degree**2 for points in set(family.points))
