from __future__ import annotations

import os
from typing import Any

import pytest

import wincook as wc
from wincook.emit import Library, emit_library
from wincook.kernels import make_plan

LAYER = wc.Layer(64, 64, (56, 56), (3, 3), padding=1)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """F(4x4,3x3) for this kind of machine, all variants."""
    folder = tmp_path_factory.mktemp("library") / "conv"
    return emit_library(make_plan(LAYER, "F(4x4,3x3)", target="generic"), folder, name="conv")


@pytest.fixture
def no_tools(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither compilers nor make."""
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", os.fspath(tmp_path / "empty"))
