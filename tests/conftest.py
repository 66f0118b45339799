"""Property tests draw the same examples everywhere, and no example is timed; golden files are asked for by name."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import sympy
from hypothesis import settings

from wincook.atlas import Conditions, Counts, Entry, Errors, Origin, Proven, Published, lookup
from wincook.bilinear import Transforms
from wincook.kept_code import cache_folder
from wincook.kernels.choice import remembered
from wincook.tile import Tile

pytest.register_assert_rewrite("tests.golden")  # its asserts show what differs

from tests.golden import golden, pytest_addoption  # noqa: E402, F401 (pytest looks for them here)

AtlasEntry = Callable[..., Entry]
AtlasOf = Callable[..., None]
SHARE = 4  # of so many slow cases of a test one is for every change
WHOLE = Path(__file__).parent / "cli"

settings.register_profile("wincook", derandomize=True, deadline=None, max_examples=25)
settings.load_profile("wincook")


@pytest.hookimpl(tryfirst=True)  # before nightly ones are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the cases of a slow test one in four is for every change, and all others for the night.

    Which ones they are depends on the names of their parameters alone, so that tests of the same parameters share what
    was made for them. What the command line does stays whole, and so does what golden
    files hold, as an entry that no case asks for is a fault.
    """
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        is_whole = WHOLE in item.path.parents or "golden" in getattr(item, "fixturenames", ())
        if not is_whole and item.get_closest_marker("slow") and not item.get_closest_marker("nightly"):
            cases[item.nodeid.partition("[")[0]].append(item)
    for several in cases.values():
        several.sort(key=lambda item: crc32(item.nodeid.partition("[")[2].encode()))
        for item in several[-(-len(several) // SHARE) :]:
            item.add_marker(pytest.mark.nightly)


@pytest.fixture(scope="session")
def folders_of_facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders to come, one after another."""
    parent = tmp_path_factory.mktemp("facts")
    return (parent / str(number) for number in count())


@pytest.fixture(autouse=True)
def facts_of_no_machine(monkeypatch: pytest.MonkeyPatch, folders_of_facts: Iterator[Path]) -> None:
    """What was measured on this machine, for its user or by another test, changes no choice that a test expects.

    A test that names a cache folder of its own finds what it keeps there.
    """
    shared, own = cache_folder(), next(folders_of_facts)

    def folder() -> Path | None:
        named = cache_folder()
        return own if named == shared else named

    monkeypatch.setattr(remembered, "cache_folder", folder)


@pytest.fixture
def lavin() -> Transforms:
    """F(4,3) as published: Lavin and Gray, arXiv 1509.09308, section 4.3."""
    AT: list[list[Any]] = [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]]
    G: list[list[Any]] = [
        ["1/4", 0, 0],
        ["-1/6", "-1/6", "-1/6"],
        ["-1/6", "1/6", "-1/6"],
        ["1/24", "1/12", "1/6"],
        ["1/24", "-1/12", "1/6"],
        [0, 0, 1],
    ]
    BT: list[list[Any]] = [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
    exact = ([[sympy.Rational(entry) for entry in row] for row in rows] for rows in (AT, G, BT))
    return Transforms(*map(sympy.ImmutableMatrix, exact))


@pytest.fixture
def atlas_entry() -> AtlasEntry:
    """An entry of a tile, with whatever fields are given."""

    def call(tile: str = "F(4x4,3x3)", points: str = "0, ±1, ±2, ∞", **fields: Any) -> Entry:
        parsed, extra = Tile.parse(tile), fields.get("extra", 0)
        products = 1
        for n in parsed.inputs:
            products *= n + extra
        defaults: dict[str, Any] = {
            "tile": parsed,
            "format": "float32",
            "extra": 0,
            "conditions": Conditions(),
            "points": points,
            "counts": Counts(products, 60, 100, 70),
            "errors": Errors(2e-7, 2.1e-7, 2e-7, 2.2e-7),
            "samples": 100,
            "seed": 0,
            "origin": Origin('wincook search "F(4x4,3x3)"', "descent", 0, 1234567, "0.1.0"),
            "published": Published(
                "0, ±1, 1/2, -2, ∞", "somebody 2020", Counts(36, 50, 120, 70), Errors(4e-7, 4.2e-7, 4e-7, 4.4e-7)
            ),
            "limit": 1.9e-7,
            "proven": Proven(8, 9876543),
        }
        return Entry(**defaults | fields)

    return call


@pytest.fixture
def atlas_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[AtlasOf]:
    """Makes an atlas of some entries alone."""
    cached = (lookup._looked_up, lookup._preferred)

    def call(*entries: Entry) -> None:
        monkeypatch.setattr(lookup, "entries", lambda: entries)
        for function in cached:
            function.cache_clear()

    yield call
    monkeypatch.undo()
    for function in cached:
        function.cache_clear()
