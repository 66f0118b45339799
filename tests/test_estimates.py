"""The operations and the memory that each step is taken for, before it begins: the golden file has them all.

They are estimates, and hold to a factor of three; but one that changes unseen lets through what takes hours, or refuses
what takes seconds.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook import analysis, direct, layers
from wincook.analysis.quantisation.of_scheme import analyse_quantisation
from wincook.analysis.quantisation.scheme import Scheme
from wincook.ceiling import check_work
from wincook.construct.effort import check_joint, check_products, check_tile
from wincook.kernels.convolve import _check_memory
from wincook.program.programs import additions, program_of

# Numbers that nothing else asks for, so that no cache has what is made of them.
MATRIX = tuple((Fraction(i, 13), Fraction(j, 17)) for i, j in ((1, 2), (3, 4), (5, 6)))
MODULES = [
    importlib.import_module(info.name)
    for info in pkgutil.walk_packages(wc.__path__, "wincook.")
    if not info.name.endswith("__main__")
]
X, W = np.ones((2, 3, 40, 30), np.float32), np.ones((4, 3, 2, 3), np.float32)


def quantised(scheme: Scheme) -> Callable[[], object]:
    return lambda: analyse_quantisation(wc.algorithm("F(2x3,3x2)"), scheme, 5, filters=3, tiles=7, layers=1)


# What is called, and how the estimates that are meant begin: others come from what it calls, if no cache has that.
CALLS: dict[str, tuple[str, Callable[[], object]]] = {
    "a tile": ("F(5x3,2x4)", lambda: check_tile(wc.Tile.parse("F(5x3,2x4)"), 3)),
    "products": ("F(5,2) in", lambda: check_products(wc.Tile.parse("F(5,2)"), 11)),
    "a joint set of many products": ("the joint set", lambda: check_joint(wc.Tile.parse("F(2x3,3x2)"), 30)),
    "a joint set of few, of roots": ("the joint set", lambda: check_joint(wc.Tile.parse("F(2x3,3x2)"), 11, 2.5)),
    "points": ("to compare", lambda: wc.Points.parse("1/13, √2, √3, 2√2, ∞")),
    "default points": ("a set of", lambda: wc.Points.default(21)),
    "construction": ("F(4x2,3x5)", lambda: wc.algorithm("F(4x2,3x5)", "0, 2/13, -3/13, √3, -√3, ∞")),
    "proof": ("the proof", lambda: wc.algorithm("F(2x3,3x2)", "0, 3/13, -5/13, ∞").verify()),
    "programs": ("programs", lambda: wc.programs_of(wc.algorithm("F(2x3,3x2)", "0, 7/13, -9/13, ∞"))),
    "a program": ("a program", lambda: program_of(MATRIX, "d", "V")),
    "additions": ("counting", lambda: additions(wc.programs_of("F(2x2x2,3x3x3)"))),
    "moments": ("moments", lambda: analysis.Moments.independent((3, 4))),
    "moments of a covariance": ("moments", lambda: analysis.Moments.of_covariance((3, 4), np.eye(12))),
    "tiles": ("drawing", lambda: analysis.Sampler(analysis.Problem.of("F(2x3,3x2)", channels=5), 0).take(7)),
    "measurement": ("measuring", lambda: analysis.measure("F(2x3,3x2)", "float32", 5, samples=7)),
    "exact measurement": ("measuring", lambda: analysis.measure("F(2,3)", "float32, output=exact", 5, samples=7)),
    "landscape": ("predicting", lambda: analysis.landscape("F(2x2,3x3)", "0, ±a, ∞", {"a": [1, 2, 3]})),
    "quantised layers": ("measuring", quantised(Scheme())),
    "quantised layers, calibrated": ("measuring", quantised(Scheme(filter_scales="filter", clipping="mse"))),
    "a reduction": (
        "5x3",
        lambda: layers.reduce(layers.Layer(6, 4, (30, 40), (5, 3), stride=(2, 3), dilation=2, groups=2)),
    ),
    "an axis": ("an axis", lambda: layers.pieces(layers.Axis(30, 5, stride=6, dilation=4))),
    "a transposed axis": ("an axis", lambda: layers.pieces(layers.Axis(30, 5, stride=6, dilation=4, transposed=True))),
    "few taps in parts": ("to split", lambda: layers.split_taps(13, 4)),
    "many taps in parts": ("to split", lambda: layers.split_taps(301, 4)),
    "direct convolution": ("a padded image", lambda: direct.convolve(X, W, padding=((1, 2), (3, 4)))),
    "direct transposed convolution": (
        "an output",
        lambda: direct.convolve_transposed(X, W.swapaxes(0, 1), stride=(2, 3)),
    ),
    "a padded layer": ("2x3", lambda: _check_memory(layers.Layer(3, 4, (4, 4), (2, 3), (40, 50), batch=2), 96)),
    "a transposed layer": (
        "2x3",
        lambda: _check_memory(layers.Layer(3, 4, (4, 4), (2, 3), stride=(90, 80), transposed=True), 48),
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_estimates(name: str, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    told: list[str] = []

    def recorded(what: str, operations: float, memory: float = 0.0, **also: Any) -> None:
        patience = f" in at most {also['patience']} minutes" if "patience" in also else ""
        told.append(f"{what}{patience}: {operations:.6g} operations, {memory:.6g} bytes")

    for module in MODULES:
        if vars(module).get("check_work") is check_work:
            monkeypatch.setattr(module, "check_work", recorded)
    subject, call = CALLS[name]
    call()
    meant = dict.fromkeys(line for line in told if line.startswith(subject))
    assert meant
    golden.text("\n".join(meant))
