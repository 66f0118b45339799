"""What an entry wins, in words: over the published set, over direct convolution, and how much more there could be."""

from __future__ import annotations

from collections.abc import Iterator
from math import log10

from wincook.arguments import instance
from wincook.atlas.entry import Entry
from wincook.atlas.parts import MEASURES, Conditions, Origin, Published

_TRANSFORMS = ("filter", "input", "output")


def reasons(entry: Entry) -> tuple[str, ...]:
    """Sentences on one entry, each made of its figures alone.

    Raises:
        NotationError: no entry.
    """
    entry = instance("entry", entry, Entry, "take one of wincook.atlas.entries()")
    return tuple(_sentences(entry))


def _sentences(entry: Entry) -> Iterator[str]:
    counts, errors, given = entry.counts, entry.errors, entry.conditions
    yield (
        f"{entry.tile} on {{{entry.points}}} takes {counts.products} products where the direct method takes "
        f"{entry.tile.direct_multiplications}: {entry.speedup:.2f} times fewer"
        + (f", though {entry.extra} more than m + r - 1 on each axis." if entry.extra else ", as few as there can be.")
    )
    yield (
        f"In {entry.format}{f', gauge {given.gauge}' if given.gauge else ''}, with {given.law} data and C = "
        f"{given.channels}, its {MEASURES[given.measure]} is "
        f"{errors.predicted:.3g} predicted and {errors.measured:.3g} measured, from {errors.low:.3g} to "
        f"{errors.high:.3g}, over the RMS of the results{_in_decibels(entry)}."
    )
    if entry.published is not None:
        yield from _beside(entry, entry.published)
    yield from _room(entry)
    if entry.origin is not None:
        yield _found(entry.origin, given)


def _beside(entry: Entry, published: Published) -> Iterator[str]:
    """What is won over the published set, and what it costs."""
    if published.points == entry.points:
        yield f"It is the published set ({published.source}): no better one is known."
        return
    yield (
        f"The best published set, {{{published.points}}} ({published.source}), has "
        f"{_times(published.errors.predicted, entry.errors.predicted)} error predicted and "
        f"{_times(published.errors.measured, entry.errors.measured)} measured{_decibels_won(entry, published)}."
    )
    differences = [
        (name, getattr(entry.counts, name) - getattr(published.counts, name)) for name in ("products", *_TRANSFORMS)
    ]
    changed = [f"{change:+d} {_unit(name)}" for name, change in differences if change]
    yield (
        f"Beside it, this set takes {', '.join(changed)} a tile."
        if changed
        else "Both take as many products, and as many operations."
    )


def _room(entry: Entry) -> Iterator[str]:
    if entry.limit is not None and entry.limit:
        above = entry.errors.predicted / entry.limit - 1
        yield (
            f"The best points known among all real numbers have an error of {entry.limit:.3g}: this set is "
            f"{100 * above:.2g} % above."
            if above > 0
            else f"No real points are known that have less error than this set; the best others have {entry.limit:.3g}."
        )
    if entry.proven is not None:
        yield (
            f"No set of fractions up to height {entry.proven.height} is better: all {entry.proven.sets:,} were tried, "
            "of a set and its negative one."
        )


def _found(origin: Origin, given: Conditions) -> str:
    return (
        f"A search for the best by {given.objective} found it ({origin.strategy}, seed {origin.seed}, "
        f"{origin.evaluations:,} sets, wincook {origin.version}): {origin.command}"
    )


def _in_decibels(entry: Entry) -> str:
    return "" if entry.decibels is None else f", which is {entry.decibels:.1f} dB"


def _decibels_won(entry: Entry, published: Published) -> str:
    if entry.decibels is None or not published.errors.measured:
        return ""
    return f", which is {20 * log10(published.errors.measured / entry.errors.measured):+.1f} dB for this one"


def _times(other: float, error: float) -> str:
    return f"{other / error:.2f} times the" if error else "more than the"


def _unit(name: str) -> str:
    return "products" if name == "products" else f"operations of the {name} transform"
