"""An entry of the atlas from a set of points: made exactly, proven, scheduled, predicted and measured.

The best published set is measured beside it, in the same run and alike. `benchmarks/atlas.py` makes entries of what
searches found, and writes them into the package.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import isclose

from wincook.arguments import instance, items, whole_number, words
from wincook.atlas.entry import Entry
from wincook.atlas.parts import Conditions, Errors, Origin, Published
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.make.points_per_axis import Given
from wincook.construct.rescale.named import gauge as change_gauge
from wincook.errors import AlgorithmError, NotationError, PointsError
from wincook.formats import Format
from wincook.points import Points
from wincook.points.default import default_source
from wincook.points.points import names_of_sets
from wincook.precision import Precision
from wincook.search.entries.figures import conditions_of, counts_of, errors_of, predicted_error
from wincook.tile import Tile

SAMPLES = 2000
_SAME = 1e-3  # relative, from one machine to another
_PAIR = 2
_PUBLISHED = "[('0, ±1, ∞', 'Winograd 1980')]"
_DIGITS = 6  # that differ from machine to machine no more


def make_entry(
    tile: Tile | str,
    format: Precision | Format | str,
    extra: int,
    points: Given,
    origin: Origin | None = None,
    *,
    conditions: Conditions = Conditions(),  # noqa: B008 (a frozen value)
    published: Iterable[tuple[str, str]] | None = None,
    samples: int = SAMPLES,
    seed: int = 0,
) -> Entry:
    """The entry of a set of points, without `limit` and `proven`: `dataclasses.replace` says these.

    Args:
        tile: F(m,r) in any number of axes.
        format: of all stages, or a policy.
        extra: how many products each axis takes beyond m + r - 1.
        points: as `wincook.algorithm` takes them.
        origin: the search that found them; None if they are published.
        conditions: what they are the best in, for what data, and in which gauge, which published sets get too.
        published: other sets for the tile, each with its source; the best of them, by prediction, stands beside the
            entry. Those of `published_sets` if left out.
        samples: tiles to measure, or layers of products of integers; at least eight.
        seed: of the random numbers.

    Raises:
        PointsError: points that do not fit the tile, or take another number of products.
        AlgorithmError: the algorithm is no convolution, or its outputs overflow.
        WincookError: an argument that is none of these.
    """
    conditions = conditions_of(conditions)
    tile = Tile.of_unit_stride(tile, "have entries in the atlas")
    policy, extra = Precision.of(format), whole_number("extra", extra, 0)
    algorithm = _gauged(tile, points, conditions)
    algorithm.verify()
    for axis, n in zip(algorithm.axes, tile.inputs, strict=True):
        if axis.multiplications != n + extra:
            raise PointsError(
                f"{algorithm.name} takes {axis.multiplications} products on an axis of {n} inputs, which is no extra = "
                f"{extra}; give extra = {axis.multiplications - n}"
            )

    @cache
    def measured(chosen: BilinearAlgorithm) -> Errors:
        return _rounded(errors_of(chosen, policy, conditions, samples, seed))

    def predicted(chosen: BilinearAlgorithm) -> float:
        return predicted_error(chosen, policy, conditions)

    given = published_sets(tile) if published is None else _pairs(published)
    sources = {_gauged(tile, text, conditions): source for text, source in given}
    beside: Published | None = None
    for rival in sorted(sources, key=predicted):
        try:
            beside = Published(rival.point_names, sources[rival], counts_of(rival), measured(rival))
        except AlgorithmError:  # it overflows: the next best
            continue
        break
    return Entry(
        tile=tile,
        format=str(policy),
        extra=extra,
        conditions=conditions,
        points=algorithm.point_names,
        counts=counts_of(algorithm),
        errors=measured(algorithm),
        samples=samples,
        seed=seed,
        origin=origin,
        published=beside,
        limit=None,
        proven=None,
    )


def is_current(entry: Entry) -> bool:
    """Whether the programs of this version cost what an entry says, and are predicted to err as it says.

    The same is asked of the published set beside it. An entry that is not current has to be made anew.

    Raises:
        WincookError: points or conditions that are none.
    """
    entry = instance("entry", entry, Entry, "take one of wincook.atlas.entries()")
    sets = [(entry.points, entry.counts, entry.errors)]
    if entry.published is not None:
        sets.append((entry.published.points, entry.published.counts, entry.published.errors))
    for points, counts, errors in sets:
        algorithm = _gauged(entry.tile, points, entry.conditions)
        predicted = predicted_error(algorithm, entry.format, entry.conditions)
        if counts_of(algorithm) != counts or not isclose(predicted, errors.predicted, rel_tol=_SAME):
            return False
    return True


def published_sets(tile: Tile | str) -> tuple[tuple[str, str], ...]:
    """The published sets of a tile, as text, each with its source: those that `Points.default` gives its axes.

    >>> published_sets("F(4x4,3x3)")
    (('0, ±5/8, ±3/2, ∞', 'oneDNN, kernels for x64'),)
    """
    tile = Tile.of(tile)
    sources = dict.fromkeys(map(default_source, tile.inputs))
    return ((names_of_sets([Points.default(n) for n in tile.inputs]), "; ".join(sources)),)


def _pairs(published: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sets and their sources, as texts."""
    pairs = []
    for pair in items("published", published, _PUBLISHED, NotationError):
        texts = items("a published set and its source", pair, "('0, ±1, ∞', 'Winograd 1980')", NotationError)
        if len(texts) != _PAIR:
            raise NotationError(f"published must hold pairs of a set and its source, such as {_PUBLISHED}")
        pairs.append((words("points", texts[0], "0, ±1, ∞"), words("source", texts[1], "Winograd 1980")))
    return pairs


def _gauged(tile: Tile, points: Given, conditions: Conditions) -> BilinearAlgorithm:
    algorithm = construct(tile, points)
    return algorithm if conditions.gauge is None else change_gauge(algorithm, conditions.gauge)


def _rounded(errors: Errors) -> Errors:
    return Errors(*map(_digits, (errors.predicted, errors.measured, errors.low, errors.high)))


def _digits(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
