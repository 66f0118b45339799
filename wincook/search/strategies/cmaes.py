"""Points as real numbers by CMA-ES, then the fractions near them, then a descent.

Magnitudes are sought by their logarithms, from a set drawn at random, whose kinds of groups stay (Hansen, *The CMA
evolution strategy: a tutorial*, arXiv 1604.00772; the package `cmaes`). Of each real number the fractions of the space
on either side are taken, in all combinations: they are its best approximations of bounded height.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from wincook.analysis.prediction.batch.sets import PointSets
from wincook.arrays import Array
from wincook.errors import MissingExtraError, SearchError
from wincook.search.descend import Descent
from wincook.search.sets.groups import PAIR, RECIPROCALS, SINGLE, SQUARE, Kind
from wincook.search.sets.neighbours import Neighbourhood
from wincook.search.sets.space import Candidate, Space
from wincook.search.sets.start import random_choice
from wincook.search.sweep import Sweep

if TYPE_CHECKING:
    from wincook.search.search import Search

_GENERATIONS, _SIGMA = 400, 0.3
_NEAREST, _MOST = 3, 1 << 14  # fractions for each number; sets of them that are tried
_FARTHEST = 20.0  # logarithm of a number
_REAL = {PAIR, SINGLE, RECIPROCALS, SQUARE}  # kinds of one number; other groups stay as they were drawn


@dataclass(frozen=True, slots=True, eq=False)
class RealSet:
    """The least real set of a form: its value, the groups that stay, and of others the kinds, signs and logarithms."""

    value: float
    constant: Candidate
    kinds: tuple[Kind, ...]
    signs: Array
    logarithms: Array


def cmaes(search: Search, number: int) -> Sweep | None:
    """Task `number`: real points from a random start, snapped to fractions, then a descent.

    Raises:
        SearchError: several objectives, or a tile whose axes differ.
        MissingExtraError: the package cmaes is not installed.
    """
    rng = np.random.default_rng([search.seed, number])
    walk = Descent(search, rng)
    near = _snapped(search.space, least_real_set(search, walk, rng))
    values = walk.look(near)
    if values.min() < inf:
        walk.down((near.candidate(search.space, int(np.argmin(values))),))
    return Sweep(number, walk.evaluations, walk.best)


def least_real_set(search: Search, walk: Descent, rng: np.random.Generator) -> RealSet:
    """The least set of real points of the form of a set drawn at random.

    Raises:
        SearchError, MissingExtraError: as for `cmaes`.
    """
    if len(search.axes) > 1 or len(search.objectives) > 1:
        raise SearchError("cmaes takes one objective, and a tile whose axes are alike; use descent or pareto")
    (candidate,) = random_choice(search, rng)
    constant = tuple(group for group in candidate if group.kind not in _REAL)
    varied = [group for group in candidate if group.kind in _REAL]
    kinds = tuple(group.kind for group in varied)
    numbers = np.array([_numbers(search.space, group.kind)[group.place] for group in varied])
    signs, start = np.sign(numbers), np.log(np.abs(numbers))
    if not varied:
        return RealSet(inf, constant, kinds, signs, start)
    optimiser = _optimiser(start, int(rng.integers(2**31)))
    best = RealSet(inf, constant, kinds, signs, start)
    for _ in range(_GENERATIONS):
        asked = np.array([optimiser.ask() for _ in range(optimiser.population_size)])
        values = walk.values((_sets(search.space, constant, kinds, signs, asked),))
        finite = np.where(np.isfinite(values), values, np.finfo(float).max)
        optimiser.tell([(x, float(np.log(value))) for x, value in zip(asked, finite, strict=True)])
        place = int(np.argmin(finite))
        if finite[place] < best.value:
            best = RealSet(float(finite[place]), constant, kinds, signs, asked[place])
        if optimiser.should_stop():
            break
    return best


def _optimiser(start: Array, seed: int) -> Any:
    try:
        from cmaes import CMA  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtraError("strategy cmaes needs the package cmaes; pip install 'wincook[search]'") from error
    mean = start if len(start) > 1 else np.append(start, 0.0)  # CMA takes two dimensions or more
    return CMA(mean, _SIGMA, seed=seed)


def _numbers(space: Space, kind: Kind) -> Array:
    """The number that stands for each group of a kind: its first point, or c of x²+c."""
    table = space.table(kind)
    return table.points[:, 0] if kind.points else table.factors[:, 0, 1]


def _sets(space: Space, constant: Candidate, kinds: tuple[Kind, ...], signs: Array, logarithms: Array) -> PointSets:
    """Real sets, one for each row of logarithms."""
    numbers = signs * np.exp(np.clip(logarithms[:, : len(kinds)], -_FARTHEST, _FARTHEST))
    fixed = Neighbourhood(constant, (), np.empty((len(numbers), 0), np.int64)).sets(space)
    points, factors = [fixed.points], [fixed.factors]
    for kind, column in zip(kinds, numbers.T, strict=True):
        a = column[:, None]
        if kind in {PAIR, SINGLE, RECIPROCALS}:
            shapes = {SINGLE: [a], PAIR: [a, -a], RECIPROCALS: [a, -a, 1 / a, -1 / a]}
            points.append(np.hstack(shapes[kind]))
        else:
            factors.append(np.stack([0 * a, a], axis=2))
    return PointSets(np.hstack(points), np.concatenate(factors, axis=1), fixed.infinity)


def _snapped(space: Space, real: RealSet) -> Neighbourhood:
    """The sets of the fractions nearest to each number; a few at random where they are very many."""
    choices = []
    for kind, sign, logarithm in zip(real.kinds, real.signs, real.logarithms, strict=False):
        numbers = _numbers(space, kind)
        distance = np.where(np.sign(numbers) == sign, np.abs(np.log(np.abs(numbers)) - logarithm), inf)
        choices.append(np.argsort(distance, kind="stable")[:_NEAREST])
    places = np.array([*islice(product(*choices), _MOST)], np.int64).reshape(-1, len(choices))
    return Neighbourhood(real.constant, real.kinds, places)
