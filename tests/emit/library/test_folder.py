"""What is in the folder, and what cannot be written."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import wincook as wc
from tests.emit.library.tools import needs, ran
from tests.golden import Golden
from wincook.emit import Library, emit_library
from wincook.emit.library import emit_library as module
from wincook.errors import NotationError, OutputError, TargetError
from wincook.kernels import make_plan

PLAN = make_plan(wc.Layer(8, 8, (12, 12), (3, 3), groups=8), "depthwise", target="generic")  # compiled soonest
EMIT = """
import sys
import wincook as wc
from wincook.emit import emit_library
from wincook.kernels import make_plan
wc.compile(wc.Layer(8, 8, (12, 12), (3, 3)), "F(4x4,3x3)")  # numba counts what it compiles
plan = make_plan(wc.Layer(8, 8, (12, 12), (3, 3)), "F(2x2,3x3)", target="generic")
emit_library(plan, sys.argv[1], name="conv", machine="aarch64")
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.mark.nightly
def test_the_same_plan_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    plan = make_plan(wc.Layer(8, 8, (12, 12), (3, 3)), "F(2x2,3x3)", target="generic")
    first = emit_library(plan, tmp_path / "first", name="conv", machine="aarch64")
    subprocess.run([sys.executable, "-c", EMIT, str(tmp_path / "second")], check=True)
    assert contents(first.folder) == contents(tmp_path / "second")


def test_the_document_tells_what_the_library_was_made_from(library: Library) -> None:
    document = json.loads((library.folder / "conv.json").read_text(encoding="utf-8"))
    assert document["made_by"] == f"wincook {wc.__version__}"
    (layer,), (kernel,) = document["layers"].values(), document["kernels"]
    assert (layer["functions"], layer["kernel"]) == ("conv", 0)
    assert kernel["algorithm"]["points"] == ["0, ±5/8, ±3/2, ∞"] * 2
    assert {"axes", "programs"} <= kernel["algorithm"].keys()
    assert [variant["name"] for variant in kernel["variants"]] == ["x86-64-v4", "x86-64-v3", "x86-64"]
    assert all(word in document["compilers"] for word in ("numba", "llvmlite", "LLVM"))
    for file, digest in document["files"].items():
        assert hashlib.sha256((library.folder / file).read_bytes()).hexdigest() == digest
    assert {*document["files"], "conv.json", "libconv.a", "libconv.so"} >= {*library.files}


def test_without_compilers_objects_and_header_are_there_and_what_to_do_is_said(
    no_tools: None, tmp_path: Path, golden: Golden
) -> None:
    emitted = emit_library(PLAN, tmp_path / "conv", name="conv", machine="aarch64")
    assert {"conv.h", "conv.o", "conv_generic.o", "Makefile"} <= {*emitted.files}
    assert "libconv.a" not in emitted.files
    golden.text(emitted.unlinked)


@pytest.mark.slow
def test_a_name_may_be_that_of_another_file(tmp_path: Path) -> None:
    needs("make", "gcc", "ar")
    emitted = emit_library(PLAN, tmp_path / "out", name="test", machine="x86-64-v3")
    before = (emitted.folder / "test.o").read_bytes()
    assert "WRONG" not in ran("make", "-s", "-B", "test", "example_test", folder=emitted.folder)
    assert (emitted.folder / "test.o").read_bytes() == before


@pytest.mark.slow
def test_force_writes_over_what_is_there_and_leaves_the_rest(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "conv.h").write_text("old", encoding="utf-8")
    with pytest.raises(OutputError, match="not empty"):
        emit_library(PLAN, tmp_path, name="conv", machine="aarch64")
    assert len(contents(tmp_path)) == 2
    emit_library(PLAN, tmp_path, name="conv", machine="aarch64", force=True)
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
    assert "conv_run" in (tmp_path / "conv.h").read_text(encoding="utf-8")


@pytest.mark.slow
def test_nothing_is_left_where_linking_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "false")
    with pytest.raises(OutputError, match="make failed"):
        emit_library(PLAN, tmp_path / "conv", name="conv", machine="x86-64-v3")
    assert not list(tmp_path.iterdir())


def test_folders_that_cannot_be_written_are_known_before_anything_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "object_files", None)
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(OutputError, match="file"):
            emit_library(PLAN, folder, machine="aarch64")
    with pytest.raises(OutputError, match="not empty"):
        emit_library(PLAN, tmp_path, machine="aarch64")


@pytest.mark.parametrize(
    "name", ["", "3conv", "con-v", "conv ", "_conv", "int", "template", "größe", "c" * 65, "a\n", 3, b"conv"]
)
def test_names_that_are_no_identifiers_are_refused(name: Any, tmp_path: Path) -> None:
    with pytest.raises(NotationError, match="C identifier"):
        emit_library(PLAN, tmp_path / "conv", name=name, machine="aarch64")
    assert not list(tmp_path.iterdir())


def test_what_no_library_does_is_refused(tmp_path: Path, golden: Golden) -> None:
    with golden.raises(TargetError, match="x86-64-v4, x86-64-v3, aarch64"):
        emit_library(PLAN, tmp_path / "conv", machine="vax")
    for wrong in ({"plans": None}, {"folder": 3}, {"force": "yes"}, {"machine": 7}):
        with pytest.raises((NotationError, TargetError)):
            emit_library(**{"plans": PLAN, "folder": tmp_path / "conv", **wrong})  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
