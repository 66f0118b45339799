"""What holds of every module: values are frozen and slotted, and a zip says that its lengths are equal."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from inspect import isclass
from pathlib import Path
from typing import Any

import wincook

# What is not frozen, slotted, compared by value and without an order; compared by value are those without arrays,
# whose `==` is an array.
UNLIKE = {
    "wincook.analysis.prediction.batch.batch.Question": ({"eq"}, "it is the same question if it is the same object"),
    "wincook.analysis.problem.Problem": ({"slots"}, "what is cached lies in its __dict__"),
    "wincook.demo.run.DemoResult": ({"eq"}, "its parts hold arrays"),
    "wincook.interchange.read.syntax.python.arrays.Arrays": ({"frozen"}, "it counts what it has made"),
    "wincook.interchange.read.tables.Findings": ({"frozen"}, "it gathers what is read"),
    "wincook.kernels.kernel.Packed": ({"eq", "repr"}, "it holds memory that only its kernel can read"),
    "wincook.report.figures.demo.DemoPicture": ({"eq"}, "its parts hold arrays"),
    "wincook.report.html.section.Section": ({"eq"}, "it holds figures"),
    "wincook.search.descend.Least": ({"order"}, "the lesser is the better"),
    "wincook.search.groups.Group": ({"order"}, "groups are sorted"),
    "wincook.search.groups.Kind": ({"order"}, "kinds are sorted"),
    "wincook.search.groups.Table": ({"slots"}, "what is cached lies in its __dict__"),
    "wincook.search.sweep.Scored": ({"order"}, "the lesser is the better"),
}
# Calls that stop at the shorter, by module.
UNEQUAL = {
    "cli/commands/verify": ["algorithms, proofs"],
    "construct/residue/mixed_radix": ["digits, weights"],
    "interchange/read/sets/leftovers": ["triples, range(_MOST_TRIPLES)"],
    "interchange/read/sets/names": ["_outside(a), _outside(b)"],
    "interchange/read/sets/roles": ["_axes(*tables), range(_MOST_WAYS)"],
    "interchange/read/stated/claim": ["tiles, self.sets"],
    "interchange/write/document": ["self.suffixes, self.algorithm.axes"],
    "report/figures/charts/kappa": ["panels, self.measures"],
    "report/figures/demo_charts": ["FORMATS, sheet.theme.series"],
    "search/strategies/cmaes": ["real.kinds, real.signs, real.logarithms"],
}
MODULES = [
    info.name for info in pkgutil.walk_packages(wincook.__path__, "wincook.") if not info.name.endswith("__main__")
]


def values_of(module: Any) -> Iterator[Any]:
    return (
        value
        for value in vars(module).values()
        if isclass(value) and dataclasses.is_dataclass(value) and value.__module__ == module.__name__
    )


def holds_arrays(value: Any) -> bool:
    annotations = [str(field.type) for field in dataclasses.fields(value)]
    return any(re.search(r"\bArray\b", text) and not text.startswith("Callable") for text in annotations)


def unlike(value: Any) -> set[str]:
    """In what a dataclass is not like most."""
    said = value.__dataclass_params__
    usual = {
        "frozen": said.frozen,
        "slots": "__slots__" in vars(value),
        "eq": said.eq != holds_arrays(value),
        "order": not said.order,
        "repr": said.repr,
    }
    return {name for name, is_usual in usual.items() if not is_usual}


def test_values_are_frozen_and_slotted_and_compared_by_what_they_hold_unless_it_is_arrays() -> None:
    found = {
        f"{name}.{value.__qualname__}": differing
        for name in MODULES
        for value in values_of(importlib.import_module(name))
        if (differing := unlike(value))
    }
    assert found == {name: differing for name, (differing, _) in UNLIKE.items()}


def zips(source: Path) -> Iterator[tuple[str, str]]:
    """The arguments of every call of zip, and what it says of their lengths."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip":
            said = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            yield ", ".join(map(ast.unparse, node.args)), said.get("strict", "nothing")


def test_zips_of_unequal_lengths_are_named() -> None:
    root = Path(wincook.__path__[0])
    calls = {path.relative_to(root).with_suffix("").as_posix(): list(zips(path)) for path in root.rglob("*.py")}
    unequal = {name: [each for each, strict in found if strict != "True"] for name, found in calls.items()}
    assert {name: found for name, found in unequal.items() if found} == UNEQUAL
    assert {strict for found in calls.values() for _, strict in found} == {"True", "False"}
