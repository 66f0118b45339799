"""Files of matrices from elsewhere: how each is read, the sets that it holds, and what in it was not judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from wincook.errors import AlgorithmError, DataError, WincookError, one_line
from wincook.files import given_path
from wincook.interchange.read.contents import STANDARD_INPUT, Contents, contents
from wincook.interchange.read.data.csv import separated_findings
from wincook.interchange.read.data.json import object_findings, parsed
from wincook.interchange.read.data.npz import archive_findings, array_findings
from wincook.interchange.read.sets.assemble import Assembly, assemble
from wincook.interchange.read.sets.leftovers import Unjudged
from wincook.interchange.read.sets.reading import Reading
from wincook.interchange.read.stated.claim import Stated
from wincook.interchange.read.stated.own_json import is_document, stated_document
from wincook.interchange.read.stated.own_source import stated_header, stated_source, with_exact_numbers
from wincook.interchange.read.stated.printed import is_printed, printed_sets
from wincook.interchange.read.stated.seal import changed_document, changed_text
from wincook.interchange.read.syntax.source import source_findings
from wincook.interchange.read.tables import Findings

Result = TypeVar("Result")

_NUMBER_OF_AXIS = re.compile(r"(?<!\d)\d+(?=(?:, turned)?$)")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Examined:
    """What files hold: the sets, whether they are the axes of one algorithm, and what the file states of it.

    `name` is that of the file, or of several that hold one set together. `unjudged` names what looks like a matrix and
    is in no set. With an `error` nothing could be judged.
    """

    name: str
    readings: tuple[Reading, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    are_axes: bool = False
    stated: Stated | None = None
    error: WincookError | None = None


def examine(*paths: str | Path) -> tuple[Examined, ...]:
    """Read files; `-` is standard input. Files without a set of their own are taken together: AT.csv, G.csv, BT.csv.

    The error of what cannot be read is in its place among the results.

    Raises:
        NotationError: something else than a path.
    """
    for path in paths:
        given_path("path", path)
    results: list[Examined] = []
    parts: list[tuple[int, str, Findings]] = []
    for path in paths:
        name = "standard input" if str(path) == STANDARD_INPUT else one_line(str(path), _LONGEST_NAME)
        groups: list[Findings] = []
        try:
            results.append(_named(name, partial(_examined_file, name, path, groups)))
        except WincookError as error:
            results.append(Examined(name, error=error))
            tables = [table for group in groups for table in group.tables]
            if tables and not any(group.unread for group in groups):
                parts.append((len(results) - 1, name, Findings(tables)))
    if len(parts) > 1:
        results = _joined(results, parts)
    return tuple(results)


def readings_of(path: str | Path) -> tuple[Reading, ...]:
    """Every set of matrices in a file, with what was made of names and decimals.

    Raises:
        NotationError: something else than a path.
        OutputError: the file cannot be read.
        DataError: it has no three matrices that belong together, or one that may belong to them cannot be read.
        AlgorithmError: the shapes of the matrices do not fit one another.
    """
    (result,) = examine(path)
    if result.error is not None:
        raise result.error
    return result.readings


def _named(name: str, read_it: Callable[[], Result]) -> Result:
    """The result, or its error under the name of the file."""
    try:
        return read_it()
    except (DataError, AlgorithmError) as error:
        raise type(error)(f"{name}: {error}") from error


def _examined_file(name: str, path: str | Path, groups: list[Findings]) -> Examined:
    return _examined(name, contents(path), groups)


def _examined(name: str, held: Contents, groups: list[Findings]) -> Examined:
    """What one file holds; `groups` take up its matrices, whether they make a set or not."""
    stated: Stated | None = None
    are_axes = False
    if held.suffix == ".npz":
        contents_of_archive = archive_findings(held.data)
        if isinstance(contents_of_archive, Stated):
            stated = contents_of_archive
        else:
            groups.append(contents_of_archive)
    elif held.suffix == ".npy":
        groups.append(array_findings(held.data, held.stem))
    elif held.suffix == ".json":
        data = parsed(held.text())
        if is_document(data):
            stated = replace(stated_document(data), changed=changed_document(held.text()))
        else:
            are_axes = isinstance(data, dict) and "axes" in data
            groups += object_findings(data)
    elif held.suffix in {".csv", ".tsv"}:
        groups.append(separated_findings(held.text(), held.stem))
    else:
        stated = _in_source(held.text("replace"), held.suffix, groups)
    if stated is not None:
        return Examined(name, tuple(stated.readings()), are_axes=True, stated=stated)
    assembly = _assembled(groups)
    return Examined(name, assembly.readings, assembly.unjudged, are_axes or _are_axes(assembly.readings))


def _in_source(text: str, suffix: str, groups: list[Findings]) -> Stated | None:
    claim = stated_header(text)
    if claim is None:
        groups.append(source_findings(text, suffix))
        return None
    changed = changed_text(text)
    if is_printed(text):
        return replace(printed_sets(claim, text), changed=changed)
    text, constants = with_exact_numbers(text)
    return replace(stated_source(claim, source_findings(text, suffix, constants)), changed=changed)


def _assembled(groups: Sequence[Findings]) -> Assembly:
    """The sets of all groups; a group that has none counts for what was not judged, unless none has any."""
    assemblies: list[Assembly] = []
    errors: list[WincookError] = []
    for group in groups:
        try:
            assemblies.append(assemble(group))
        except (DataError, AlgorithmError) as error:
            errors.append(error)
            named = group.tables[0].name if group.tables else group.unread[0].name if group.unread else ""
            blocks = len(group.tables) + len(group.unread) > 1
            assemblies.append(Assembly((), (Unjudged(named, str(error), blocks),)))
    readings = tuple(reading for assembly in assemblies for reading in assembly.readings)
    if not readings:
        raise errors[0] if errors else DataError("it holds no matrices")
    return Assembly(readings, tuple(item for assembly in assemblies for item in assembly.unjudged))


def _are_axes(readings: Sequence[Reading]) -> bool:
    """Whether names end in the number of the axis: AT0, AT1."""
    numbers = [[_NUMBER_OF_AXIS.findall(name)[-1:] for _, name in reading.taken_for] for reading in readings]
    return all(ends == [[str(k)]] * 3 for k, ends in enumerate(numbers))


def _joined(results: list[Examined], parts: Sequence[tuple[int, str, Findings]]) -> list[Examined]:
    """The results with one for all files that hold a set only together."""
    pool = Findings()
    for _, _, findings in parts:
        pool.extend(findings)
    try:
        assembly = assemble(pool)
    except WincookError:
        return results
    places = {place for place, _, _ in parts}
    joint = Examined(" ".join(name for _, name, _ in parts), assembly.readings, assembly.unjudged)
    first = min(places)
    return [
        joint if place == first else result for place, result in enumerate(results) if place not in places - {first}
    ]
