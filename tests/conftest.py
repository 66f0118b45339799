"""Property tests draw the same examples everywhere, and no example is timed; golden files are asked for by name."""

from typing import Any

import pytest
import sympy
from hypothesis import settings
from syrupy.assertion import SnapshotAssertion

from wincook.bilinear import Transforms

pytest.register_assert_rewrite("tests.golden")  # its asserts show what differs

from tests.golden import Golden, GoldenFile  # noqa: E402

settings.register_profile("wincook", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("wincook")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        dest="update_snapshots",  # syrupy's own option writes the files
        help="write golden files as the tests print now, in place of comparing with them",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest, snapshot: SnapshotAssertion) -> Golden:
    """What people read, compared with the golden file of the test's module."""
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    return Golden(snapshot.use_extension(GoldenFile), folder)


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
