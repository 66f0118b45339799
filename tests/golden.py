"""Golden files: what people read is kept beside the tests, one file for each module of tests.

`golden.text(out)` and `golden.raises(SomeError)` compare with `golden/MODULE.ambr` in the folder of the test, under the
test's name. `pytest --update-golden` writes what is printed now: read the diff, then commit it. An entry that no test
asks for fails the run. The wording lives here; what a message says of values, `match` asserts in the test besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.amber import AmberDataSerializer, AmberSnapshotExtension

_CODE = re.compile(r"(?<=, code )[0-9a-f]{12}\b|(?<=_)[0-9a-f]{12}(?=\.py\b)")


class PlainText(AmberDataSerializer):
    """Text as it stands: no quotes, no escapes."""

    @classmethod
    def serialize(cls, data: Any, **_: Any) -> str:
        return str(data)


class GoldenFile(AmberSnapshotExtension):
    serializer_class = PlainText


class Golden:
    """The golden file of a test; `folder` is the one that it writes to, which has another name in each run."""

    def __init__(self, snapshot: SnapshotAssertion, folder: Path | None) -> None:
        self.snapshot, self.folder = snapshot, folder
        self.messages: set[str] = set()

    def text(self, text: str, name: str | None = None) -> None:
        """Compare with the entry of the test and its next call, or of a name."""
        __tracebackhide__ = True
        assert self._lasting(text) == (self.snapshot if name is None else self.snapshot(name=name))

    @contextmanager
    def raises(
        self, error: type[Exception] | tuple[type[Exception], ...], match: str | None = None
    ) -> Iterator[pytest.ExceptionInfo[Exception]]:
        """`pytest.raises`, whose message stands in the golden file; `match` is for values, not for wording.

        A message that a test raises again and again stands there once.
        """
        __tracebackhide__ = True
        with pytest.raises(error, match=match) as caught:
            yield caught
        message = self._lasting(str(caught.value))
        if message not in self.messages:
            self.messages.add(message)
            self.text(message)

    def _lasting(self, text: str) -> str:
        """Without the names of folders, and the digests of generated code, which any change of it changes."""
        lasting = text if self.folder is None else text.replace(str(self.folder), "FOLDER")
        return _CODE.sub("DIGEST", lasting)


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
