"""What the index of packages shows: a description whose links lead somewhere, and files that are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import wincook

ROOT = Path(wincook.__file__).parents[1]
PLACES = (
    "https://github.com/wincook/wincook/blob/main/",
    "https://raw.githubusercontent.com/wincook/wincook/main/",
)


@pytest.fixture
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_links_of_the_description_are_absolute_and_lead_to_files(project: dict[str, Any]) -> None:
    readme = project["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for substitution in readme["substitutions"]:
        text = re.sub(substitution["pattern"], substitution["replacement"], text)
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links
    for link in links:
        assert link.startswith("https://"), link
        for place in PLACES:
            if link.startswith(place):
                assert (ROOT / link.removeprefix(place).partition("#")[0]).exists(), link


def test_all_that_the_sdist_takes_is_there(project: dict[str, Any]) -> None:
    include = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert "/CHANGELOG.md" in include
    assert [name for name in include if not (ROOT / name.lstrip("/")).exists()] == []
