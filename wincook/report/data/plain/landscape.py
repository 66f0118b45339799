"""The error of a family of points against its symbols, ready for JSON."""

from __future__ import annotations

from collections.abc import Sequence

from wincook.analysis.landscape import Landscape
from wincook.interchange.write.plain import Plain


def plain_landscapes(landscapes: Sequence[Landscape]) -> list[Plain]:
    """One flat record per set of points, of all landscapes one after the other."""
    return [record for landscape in landscapes for record in landscape_records(landscape)]


def plain_landscape(landscape: Landscape) -> Plain:
    """What all sets have in common, and a record for each."""
    common = _common(landscape)
    sets = [{name: record[name] for name in record if name not in common} for record in landscape_records(landscape)]
    return common | {"sets": sets}


def landscape_records(landscape: Landscape) -> list[Plain]:
    """One flat record per set; values are exact, as text, and where there is no error it is null and `gap` says why."""
    common, best = _common(landscape), landscape.best
    return [
        common
        | dict(zip(landscape.symbols, map(str, place.values), strict=True))
        | {
            "points": place.point_names or None,
            "predicted_relative_rms": place.prediction and place.prediction.relative_rms,
            "underflow": place.prediction and place.prediction.underflow,
            "least": place is best,
            "gap": place.gap or None,
        }
        for place in landscape.places
    ]


def _common(landscape: Landscape) -> Plain:
    return {
        "tile": str(landscape.family.tile),
        "family": landscape.family.point_names,
        "format": str(landscape.precision),
        "channels": landscape.channels,
        "law": landscape.law.name,
    }
