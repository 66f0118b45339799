"""The docstring of a package lists its modules, so that a reader finds the way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import wincook

PACKAGES = (
    "kernels",
    "kernels/codegen/body",
    "kernels/codegen/native",
    "layers",
    "emit",
    "emit/library",
    "demo",
    "reproduce",
    "data",
    "integrations",
)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_lists_its_modules(package: str) -> None:
    folder = Path(wincook.__file__).parent / package
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    listed = [line.split()[0] for line in docstring.splitlines() if line.startswith("    ")]
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    packages = {f"{path.parent.name}/" for path in folder.glob("*/__init__.py")}
    assert {name for name in listed if "." not in name} == modules | packages
    assert len(listed) == len(set(listed))
    assert 5 < len(docstring.splitlines()) < 50
