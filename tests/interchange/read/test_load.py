"""One algorithm of a file, or of one file for each matrix; and why there is none."""

from __future__ import annotations

from pathlib import Path

import wincook as wc
from tests.golden import Golden
from wincook.errors import DataError, NotationError

AXIS = wc.algorithm("F(2,3)").axes[0]


def rows(name: str) -> str:
    return "\n".join(",".join(map(str, row)) for row in getattr(AXIS, name).tolist())


def test_one_file_for_each_matrix_makes_one_algorithm(tmp_path: Path, golden: Golden) -> None:
    paths = [tmp_path / f"{name}.csv" for name in ("BT", "AT", "G")]
    for path in paths:
        path.write_text(rows(path.stem), encoding="utf-8")
    assert wc.load(*paths).axes == (AXIS,)
    with golden.raises(DataError):
        wc.load(paths[0])


def test_several_algorithms_are_refused(tmp_path: Path, golden: Golden) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in paths:
        path.write_text("\n\n".join(f"{name}\n{rows(name)}" for name in ("AT", "G", "BT")), encoding="utf-8")
    with golden.raises(DataError, match="2"):
        wc.load(*paths)
    with golden.raises(NotationError):
        wc.load(5)  # type: ignore[arg-type]
