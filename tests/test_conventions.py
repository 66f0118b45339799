"""What holds of every module: frozen values, zips of equal lengths, one default for one name, and flags by name."""

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

# By chapter, what is not frozen, slotted, compared by value and without an order. Compared by value are those without
# arrays, whose `==` is an array.
UNLIKE = {
    "analysis.Question": ({"eq"}, "it is the same question if it is the same object"),
    "analysis.Problem": ({"slots"}, "what is cached lies in its __dict__"),
    "demo.DemoResult": ({"eq"}, "its parts hold arrays"),
    "interchange.Arrays": ({"frozen"}, "it counts what it has made"),
    "interchange.Findings": ({"frozen"}, "it gathers what is read"),
    "kernels.Packed": ({"eq", "repr"}, "it holds memory that only its kernel can read"),
    "report.DemoPicture": ({"eq"}, "its parts hold arrays"),
    "report.Section": ({"eq"}, "it holds figures"),
    "search.Least": ({"order"}, "the lesser is the better"),
    "search.Group": ({"order"}, "groups are sorted"),
    "search.Kind": ({"order"}, "kinds are sorted"),
    "search.Table": ({"slots"}, "what is cached lies in its __dict__"),
    "search.Scored": ({"order"}, "the lesser is the better"),
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
# What an argument or field of this name is if it is left out, wherever it may be; or nothing.
DEFAULTS = {
    "bits": 8,
    "budget": 20_000,
    "channels": 1,
    "denominator": 64,
    "dilation": 1,
    "epsilon": 1e-5,
    "extra": 0,
    "filter_bits": 8,
    "fma": True,
    "format": "float32",
    "groups": 1,
    "input_bits": 8,
    "joint": False,
    "law": "uniform",
    "layers": 4,
    "line": 0,
    "modulus": 0,
    "output_padding": 0,
    "p": 1e-9,
    "padding": 0,
    "percentile": 99.9,
    "rule": "toom-cook",
    "seed": 0,
    "stride": 1,
    "theme": "light",
    "tiles": 64,
    "transposed": False,
    "wrap": False,
    "zeros": 0.0,
}
OTHER_DEFAULTS = {
    ("channels", 64, "cli/commands/int8"),
    ("law", "relu", "cli/commands/int8"),
    ("law", "relu", "cli/commands/sparse"),
    ("format", "int8", "cli/commands/int8"),
    ("format", "int8", "quantisation/calibrate"),
    ("format", "float16", "analysis/prediction/batch/batch"),
    ("padding", ((0, 0), (0, 0)), "kernels/codegen/body/calls/alone"),
}
WITHOUT_NAMES = {"add", "sub", "neg", "mul", "fma", "read", "readline", "submit"}  # of arithmetics, files, executors
ROOT = Path(wincook.__path__[0])
MODULES = [
    info.name for info in pkgutil.walk_packages(wincook.__path__, "wincook.") if not info.name.endswith("__main__")
]


def sources() -> Iterator[tuple[str, Path]]:
    """Every module, by its place in the package."""
    return ((path.relative_to(ROOT).with_suffix("").as_posix(), path) for path in ROOT.rglob("*.py"))


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
    found = [
        (f"{name.split('.')[1]}.{value.__qualname__}", differing)
        for name in MODULES
        for value in values_of(importlib.import_module(name))
        if (differing := unlike(value))
    ]
    assert sorted(found) == sorted((name, differing) for name, (differing, _) in UNLIKE.items())


def zips(source: Path) -> Iterator[tuple[str, str]]:
    """The arguments of every call of zip, and what it says of their lengths."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip":
            said = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            yield ", ".join(map(ast.unparse, node.args)), said.get("strict", "nothing")


def test_zips_of_unequal_lengths_are_named() -> None:
    calls = {name: list(zips(path)) for name, path in sources()}
    unequal = {name: [each for each, strict in found if strict != "True"] for name, found in calls.items()}
    assert {name: found for name, found in unequal.items() if found} == UNEQUAL
    assert {strict for found in calls.values() for _, strict in found} == {"True", "False"}


def defaults(source: Path) -> Iterator[tuple[str, ast.expr]]:
    """Of the arguments of functions, and of the fields of classes."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            named = [*arguments.posonlyargs, *arguments.args][::-1]
            yield from ((each.arg, value) for each, value in zip(named, arguments.defaults[::-1], strict=False))
            both = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            yield from ((each.arg, value) for each, value in both if value is not None)
        elif isinstance(node, ast.ClassDef):
            fields = [each for each in node.body if isinstance(each, ast.AnnAssign) and each.value is not None]
            yield from ((ast.unparse(each.target), each.value) for each in fields if each.value is not None)


def test_what_is_left_out_is_the_same_everywhere() -> None:
    given = {
        (each, ast.literal_eval(value), name)
        for name, path in sources()
        for each, value in defaults(path)
        if each in DEFAULTS
    }
    assert {entry for entry in given if entry[1] not in {None, DEFAULTS[entry[0]]}} == OTHER_DEFAULTS
    assert {each for each, value, _ in given if value is not None} == set(DEFAULTS)


def test_flags_are_given_by_name_and_all_else_may_be() -> None:
    for name, path in sources():
        functions = [
            node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
        ]
        for function in functions:
            arguments = function.args
            flags = [value for value in arguments.defaults if isinstance(getattr(value, "value", None), bool)]
            assert not flags or name.startswith("cli/"), (name, function.name)  # options of a command are its arguments
            assert not arguments.posonlyargs or function.name in WITHOUT_NAMES, (name, function.name)


def comparisons(source: Path) -> Iterator[ast.Call]:
    """The calls of pytest.approx."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.approx":
            yield node


def test_no_tolerance_is_absolute_unless_it_is_said() -> None:
    """That of pytest.approx, 1e-12, is beyond the variances of float32: `tests.near` has none."""
    assert [
        f"{source.name}:{call.lineno}"
        for source in Path(__file__).parent.rglob("*.py")
        for call in comparisons(source)
        if not {"abs", "nan_ok"} & {word.arg for word in call.keywords}
    ] == []


def test_docstrings_of_bodies_fit_as_comments_of_emitted_modules() -> None:
    """Their files are of constants and lists, which are not joined, and of code, which is."""
    bodies = Path(wincook.__file__).parent / "kernels/codegen/body"
    for path in bodies.rglob("*.py"):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if path.name not in {"__init__.py", "constants.py"}:
            assert max(map(len, docstring.splitlines())) + len("# ") <= 120, path
