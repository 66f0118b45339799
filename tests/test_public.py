"""What is public is enough for the documents, the examples and the tests that wincook writes."""

from __future__ import annotations

import ast
import importlib.util
import re
from doctest import DocTestParser
from pathlib import Path
from types import ModuleType

import pytest

import wincook as wc
from wincook.report.data.assertion import pytest_text

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
MOST = 26  # names at the top, chapters apart
EXTRAS = {f"wincook.integrations.{extra}": extra for extra in ("onnx", "torch")}  # chapters that need one
PLAIN = {"wincook.tile", "wincook.points", "wincook.judge"}  # not attributes of wincook: see docs/stability.md


def names_of(module: ModuleType) -> set[str]:
    """Those of a chapter, or all of a plain module that stand without an underscore."""
    named: list[str] | None = vars(module).get("__all__")
    return set(named) if named is not None else {name for name in vars(module) if not name.startswith("_")}


def modules() -> dict[str, set[str]]:
    """The public modules, and what each offers."""
    named = {name: getattr(wc, name) for name in names_of(wc)}
    public = {f"wincook.{name}": names_of(value) for name, value in named.items() if isinstance(value, ModuleType)}
    of_extras = {
        name: names_of(importlib.import_module(name)) if importlib.util.find_spec(extra) else set()
        for name, extra in EXTRAS.items()
    }
    return public | {"wincook": set(named)} | of_extras


def imports(code: str) -> list[tuple[str, str]]:
    """Modules of wincook and the names that are taken from them."""
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    return [(str(node.module), alias.name) for node in nodes for alias in node.names if "wincook" in str(node.module)]


def foreign(code: str) -> list[str]:
    public = modules()
    return [
        f"from {module} import {name}"
        for module, name in imports(code)
        if module not in PLAIN and name not in public.get(module, ())
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_import_what_is_public(document: Path) -> None:
    examples = DocTestParser().get_examples(document.read_text(encoding="utf-8"))
    assert [line for example in examples for line in foreign(example.source)] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_examples_import_what_is_public(script: Path) -> None:
    assert foreign(script.read_text(encoding="utf-8")) == []


def test_the_tests_that_are_written_import_what_is_public() -> None:
    text = pytest_text(wc.tolerance("F(2x2,3x3)", "float16", d_max=2.0, g_max=3.0))
    assert foreign(text) == []
    assert not re.search(r"\bwincook\.\w+\.\w+\.", text)


def test_the_top_level_is_short_and_all_of_it_is_there() -> None:
    values = {name: getattr(wc, name) for name in names_of(wc)}
    assert sum(not isinstance(value, ModuleType) for value in values.values()) <= MOST
    for module, names in modules().items():
        chapter = importlib.import_module(module) if names else wc
        assert all(getattr(chapter, name) is not None for name in names)


def test_the_document_on_stability_names_every_public_module() -> None:
    text = (ROOT / "docs" / "stability.md").read_text(encoding="utf-8")
    assert {module for module in modules() if f"`{module}`" not in text} == set()
