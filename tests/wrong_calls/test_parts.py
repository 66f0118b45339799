"""The functions below the top level, with each argument in turn replaced by what no one should give.

Whatever has a docstring that tells its arguments or its errors is meant to be called, and keeps to its errors.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sympy

import wincook as wc
from wincook import factor, layers, transforms
from wincook.construct import effort, subject
from wincook.construct.make import complex_points, factor_part, iterated, points_per_axis, product_rule, toom_cook
from wincook.construct.rescale import widths
from wincook.construct.residue import integer_tiles, mixed_radix, modular
from wincook.construct.residue.integer_range import Span
from wincook.exact import conversion, expansion, field, notation, number, numeral, progression
from wincook.judge import tensor
from wincook.layers import reduction, sizes
from wincook.layers.split import multiplications
from wincook.points import reading

PACKAGES = tuple(import_module(f"wincook.{name}") for name in ("construct", "exact", "judge", "layers", "points"))
MODULES = (factor, transforms)
Table = dict[str, tuple[Callable[..., Any], dict[str, Any]]]

F23 = wc.algorithm("F(2,3)")
PLAIN = wc.Layer(2, 2, (4, 4), (3, 3))
FILTERS = np.ones((2, 2, 3, 3), np.float32)
ROOT = sympy.QQ.algebraic_field(sympy.sqrt(2))


def modules() -> Iterator[ModuleType]:
    yield from (*PACKAGES, *MODULES)
    for package in PACKAGES:
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield import_module(info.name)


def told(function: Callable[..., Any]) -> bool:
    """Whether a docstring tells the arguments or the errors."""
    words = function.__doc__ or ""
    return "Args:" in words or "Raises:" in words


def public_functions() -> set[Callable[..., Any]]:
    """All of them, but for those behind `arguments`, which tell errors of others' choosing."""
    return {
        function
        for module in modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__ and told(function)
    }


@cache
def inner_calls() -> Table:
    """Each of them that the top level does not have, with arguments that are right."""
    (axis,) = F23.axes
    three = wc.Points.parse("0, 1, ∞")
    four = "0, ±1, ∞"
    return {
        "check_tile": (effort.check_tile, {"tile": "F(2,3)", "times": 1}),
        "check_sets": (effort.check_sets, {"tile": "F(2,3)", "sets": [four]}),
        "check_products": (effort.check_products, {"tile": "F(2,3)", "multiplications": 4}),
        "check_joint": (effort.check_joint, {"tile": "F(2x2,3x3)", "multiplications": 16, "weight": 1}),
        "names_file": (subject.names_file, {"text": "f23.json"}),
        "real_form": (complex_points.real_form, {"axis": axis}),
        "real_factors": (complex_points.real_factors, {"points": "0, ±i, ∞"}),
        "check_degree": (factor_part.check_degree, {"tile": "F(2,3)", "points": four}),
        "sets_per_axis": (points_per_axis.sets_per_axis, {"tile": "F(2,3)", "given": four}),
        "fractions_of": (progression.fractions_of, {"given": "1/4:1:1/4"}),
        "parts_of": (factor_part.parts_of, {"tile": "F(2,3)", "points": four, "domain": sympy.QQ}),
        "truncated": (iterated.truncated, {"axis": axis, "tile": "F(1,2)"}),
        "points_per_axis": (
            points_per_axis.points_per_axis,
            {"tile": "F(2,3)", "given": None, "format": "float32", "extra": 0},
        ),
        "rule_of": (product_rule.rule_of, {"rule": "schoolbook"}),
        "joint_toom_cook": (
            toom_cook.joint_toom_cook,
            {"tile": "F(2x2,2x2)", "points": [three] * 2, "rule": "toom-cook"},
        ),
        "widths_of": (
            widths.widths_of,
            {
                "axes": wc.construct.integers(F23).axes,
                "terms": [6],
                "filter_bits": 8,
                "input_bits": 8,
                "channels": 2,
                "wrap": False,
            },
        ),
        "IntegerForm": (
            wc.construct.IntegerForm,
            {"algorithm": F23, "axes": wc.construct.integers(F23).axes, "divisors": (2,)},
        ),
        "integer_tiles": (
            integer_tiles.integer_tiles,
            {"d": np.ones((2, 4), int), "g": np.ones((2, 3), int), "spans": ("int8", "int8"), "sizes": ((4,), (3,))}
            | {"most_channels": 2},
        ),
        "Span": (Span, {"least": -8, "most": 7}),
        "Span.of": (Span.of, {"span": "int8"}),
        "Span.signed": (Span.signed, {"bits": 8}),
        "Span.checked": (Span.of("int8").checked, {"values": np.ones(3, int), "name": "d"}),
        "mixed_radix.reduce": (mixed_radix.reduce, {"x": np.arange(9), "prime": 7}),
        "reconstruct": (mixed_radix.reconstruct, {"residues": [np.array([1]), np.array([1])], "primes": [7, 5]}),
        "residues": (modular.residues, {"points": four, "prime": 7}),
        "symmetric_residue": (modular.symmetric_residue, {"number": 9, "prime": 7}),
        "check_prime": (modular.check_prime, {"prime": 7}),
        "is_infinite": (conversion.is_infinite, {"value": sympy.oo}),
        "expression": (partial(expansion.expression, "value"), {"value": sympy.Integer(1)}),
        "check_terms": (expansion.check_terms, {"value": sympy.Integer(1), "words": "1"}),
        "degree_of": (expansion.degree_of, {"value": sympy.Symbol("a") ** 2}),
        "common_field": (field.common_field, {"numbers": [sympy.sqrt(2)]}),
        "simplest": (field.simplest, {"number": sympy.sqrt(2)}),
        "weight": (field.weight, {"field": ROOT}),
        "conversion": (field.conversion, {"field": ROOT}),
        "number_of": (number.number_of, {"value": sympy.sqrt(2), "field": ROOT}),
        "numeral": (numeral.numeral, {"text": "0.5"}),
        "whole": (numeral.whole, {"text": "1e6"}),
        "tensor": (tensor.tensor, {"axis": axis, "modulus": 0}),
        "aims_of_shape": (tensor.aims_of_shape, {"axis": axis}),
        "least_wrong": (tensor.least_wrong, {"axis": axis}),
        "Axis": (
            layers.Axis,
            {"size": 7, "kernel": 3, "stride": 2, "dilation": 1, "before": 1, "after": 1, "output_padding": 0}
            | {"transposed": False},
        ),
        "reduction_of": (reduction.reduction_of, {"reduction": layers.reduce(PLAIN)}),
        "sizes": (partial(sizes.sizes, "size"), {"numbers": (3, 3)}),
        "per_axis": (partial(sizes.per_axis, "stride"), {"numbers": 1, "dimension": 2, "least": 1}),
        "pairs": (
            sizes.pairs,
            {"padding": 1, "kernel": (3,), "stride": (1,), "dilation": (1,), "transposed": False},
        ),
        "multiplications": (multiplications, {"tile": "F(2,3)"}),
        "read_points": (reading.read_points, {"words": four}),
        "points_of": (reading.points_of, {"values": [0, 1, "inf"]}),
        "Factor": (factor.Factor, {"base": "x^2+1", "power": 2}),
        "name_of": (factor.name_of, {"item": sympy.Integer(1)}),
        "base_of": (factor.base_of, {"item": sympy.Integer(1)}),
        "expressions": (factor.expressions, {"values": {sympy.Symbol("a"): sympy.Integer(1)}}),
        "parse_factor": (factor.parse_factor, {"item": "x^2+1"}),
        "polynomial_factor": (factor.polynomial_factor, {"value": notation.X**2 + 1}),
        "cyclotomic_factors": (factor.cyclotomic_factors, {"order": 6}),
        "substituted": (
            factor.substituted,
            {"item": sympy.Symbol("a"), "values": {sympy.Symbol("a"): sympy.Integer(1)}},
        ),
        "exact": (conversion.exact, {"value": "1/2"}),
        "read": (notation.read, {"words": "√2/2"}),
        "exact_matrix": (partial(transforms.exact_matrix, "G"), {"given": [[1, "1/2"]]}),
        "in_one_field": (
            lambda matrix, modulus: transforms.in_one_field(matrix, modulus=modulus),
            {"matrix": axis.AT, "modulus": 7},
        ),
        "Transforms.at": (axis.at, {"values": {}}),
        "Transforms.of_factors": (
            wc.Transforms.of_factors,
            {"AT_factors": (axis.AT,), "G_factors": (axis.G,), "BT_factors": (axis.BT,)},
        ),
        "Points.at": (three.at, {"values": {}}),
        "BilinearAlgorithm.nested": (F23.nested, {"dimension": 2}),
        "Tile.of_one_axis": (wc.Tile.of_one_axis, {"tile": "F(2,3)"}),
        "Tile.of_unit_stride": (wc.Tile.of_unit_stride, {"tile": "F(2,3)", "purpose": "have points"}),
    }


def test_every_function_that_tells_its_errors_is_called_wrongly() -> None:
    called = {getattr(function, "func", function) for function, _ in inner_calls().values()}
    called.add(transforms.in_one_field)  # by way of another function
    chapters = [wc, *(getattr(wc, name) for name in vars(wc)["__all__"] if isinstance(getattr(wc, name), ModuleType))]
    public = (getattr(chapter, name) for chapter in chapters for name in vars(chapter).get("__all__", ()))
    called |= {function for function in public if inspect.isfunction(function)}  # `test_top_level` calls these
    assert sorted(function.__qualname__ for function in public_functions() - called) == []


def test_right_inner_calls_work() -> None:
    for function, arguments in inner_calls().values():
        function(**arguments)


@pytest.mark.slow
def test_wrong_inner_calls_of_a_sample(failures_of: Callable[..., list[str]]) -> None:
    assert failures_of(inner_calls()) == []


@pytest.mark.nightly
def test_all_wrong_inner_calls(failures_of: Callable[..., list[str]]) -> None:
    assert failures_of(inner_calls(), every=True) == []
