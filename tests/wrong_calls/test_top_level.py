"""The functions and values of the top level, each argument in turn replaced by what no one should give."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest
import sympy

import wincook as wc
from tests.wrong_calls.test_chapters import chapter_calls
from wincook.analysis.conditioning.condition import conditions
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.quantisation import calibrate

F23 = wc.algorithm("F(2,3)")
F22 = wc.algorithm("F(2x2,3x3)")
IMAGE, FILTERS = np.ones((1, 2, 4, 4), np.float32), np.ones((2, 2, 3, 3), np.float32)
PLAIN = wc.Layer(2, 2, (4, 4), (3, 3))

Table = dict[str, tuple[Callable[..., Any], dict[str, Any]]]


def counted(algorithm: Any, letter: Any) -> Any:
    return wc.construct.constants(algorithm, letter)


@cache
def calls() -> Table:
    """Each public callable, with arguments that are right."""
    plan = wc.compile(PLAIN, "F(2x2,3x3)", target="generic", threads=1).plan
    kernel = wc.compile(PLAIN, "F(2x2,3x3)", target="generic", threads=1)
    in_int8 = wc.compile(PLAIN, "F(2x2,3x3)", format="int8", target="generic", threads=1)
    calibration = calibrate(PLAIN, "F(2x2,3x3)", np.arange(32.0).reshape(IMAGE.shape) ** 2)
    system = wc.construct.residue_system("F(2,3)")
    law = {"channels": 2, "law": "relu"}
    vector = np.ones(2)
    return {
        "adversary": (wc.analysis.adversary, {"algorithm": F23, "format": "float16", **law, "seed": 0, "budget": 64}),
        "algorithm": (
            wc.algorithm,
            {"tile": "F(2,3)", "points": "0, 1, -1, ∞", "rule": "toom-cook", "joint": False},
        ),
        "algorithm of the atlas": (
            wc.algorithm,
            {"tile": "F(2,3)", "points": None, "format": "float32", "extra": 0, "joint": False},
        ),
        "analyse": (wc.analyse, {"algorithm": F23, "format": "float32", **law, "samples": 8, "seed": 0}),
        "analyse_quantisation": (
            wc.analysis.analyse_quantisation,
            {"algorithm": F23, "scheme": wc.analysis.Scheme(), **law, "filters": 2, "tiles": 4, "layers": 1, "seed": 0},
        ),
        "balance": (wc.construct.balance, {"algorithm": F23, "norm": 2}),
        "change_basis": (wc.construct.change_basis, {"algorithm": F23, "basis": "legendre", "matrices": ("G",)}),
        "cheapest_scaling": (wc.program.cheapest_scaling, {"algorithm": F23, "style": wc.program.Style()}),
        "compare": (
            wc.compare,
            {"algorithms": [F23], "formats": ["float32"], **law, "samples": 2, "seed": 0},
        ),
        "compile": (
            wc.compile,
            {"layer": PLAIN, "algorithm": "F(2x2,3x3)", "points": None, "format": "float32", "threads": 1}
            | {"target": "generic", "epilogue": "relu", "memory": 10**9},
        ),
        "conditions": (conditions, {"algorithm": F23}),
        "convolve": (
            wc.convolve,
            {"x": IMAGE, "weights": FILTERS, "bias": vector, "stride": 1, "padding": 1, "dilation": 1, "groups": 1}
            | {"transposed": False, "output_padding": 0, "layout": "NCHW", "threads": 1}
            | {"padding_mode": "zeros", "epilogue": "relu", "scale": vector, "shift": vector, "residual": None},
        ),
        "denominators_in": (wc.construct.denominators_in, {"algorithm": F23, "matrix": "G"}),
        "emit_library": (  # into a folder that is not empty, so that nothing is compiled
            wc.emit_library,
            {"plans": plan, "folder": "/proc/self", "name": "conv", "machine": "aarch64", "force": False}
            | {"calibration": None},
        ),
        "emit": (wc.emit, {"plan": plan, "folder": "emitted", "kind": "module"}),
        "equilibrate": (wc.construct.equilibrate, {"algorithm": F23, "norm": 1, "denominator": 8}),
        "error_bound": (
            wc.error_bound,
            {"algorithm": F23, "format": "float32", **law, "d_max": 1.0, "g_max": 1.0},
        ),
        "flat_programs": (wc.program.flat_programs, {"algorithm": F23, "style": wc.program.Style()}),
        "fold_batch_norm": (
            wc.layers.fold_batch_norm,
            {"weights": FILTERS, "bias": None, "mean": vector, "variance": vector, "gamma": vector, "beta": vector}
            | {"epsilon": 1e-5, "transposed": False},
        ),
        "gauge": (wc.gauge, {"algorithm": F23, "name": "integer"}),
        "integers": (wc.construct.integers, {"algorithm": F23, "multipliers": "AT"}),
        "iterated": (wc.construct.iterated, {"tile": "F(4,4)", "blocks": (2,)}),
        "judge": (wc.judge, {"subject": F23}),
        "law_of": (
            wc.analysis.law_of,
            {"inputs": np.ones((1, 2, 8)), "weights": np.ones((1, 2, 3)), "rest": "relu", "name": "mine"},
        ),
        "likely_bound": (wc.analysis.likely_bound, {"algorithm": F23, "format": "float32", **law, "p": 1e-9}),
        "load": (wc.load, {"path": "nowhere.json"}),
        "merge_branches": (
            wc.layers.merge_branches,
            {"branches": [wc.layers.Branch(FILTERS)] * 2},
        ),
        "modular": (wc.construct.modular, {"tile": "F(2,3)", "prime": 17, "points": None}),
        "ntt": (wc.construct.ntt, {"tile": "F(2,3)", "prime": 17}),
        "predict": (
            wc.predict,
            {"algorithm": F23, "format": "float32", **law, "d_moments": None, "g_moments": None},
        ),
        "predict_batch": (
            wc.analysis.predict_batch,
            {"tile": "F(2x2,3x3)", "points": [[0, 1, -1]], "format": "float32", **law},
        ),
        "ranges": (wc.ranges, {"algorithm": F23, "format": "float32", **law, "d_max": 1, "g_max": 1}),
        "reduce": (wc.layers.reduce, {"layer": PLAIN}),
        "has_phases": (wc.layers.has_phases, {"layer": PLAIN}),
        "network_layers": (wc.layers.network_layers, {"network": "resnet18"}),
        "read_layer": (wc.layers.read_layer, {"text": "64x56x56 -> 64, 3x3"}),
        "layer_text": (wc.layers.layer_text, {"layer": PLAIN}),
        "residue_system": (
            wc.construct.residue_system,
            {"tile": "F(2,3)", "bits": 8, "inputs": "int8", "filters": "int8", "channels": 2},
        ),
        "programs_of": (wc.programs_of, {"algorithm": F23, "style": wc.program.Style()}),
        "simulate": (
            simulate,
            {"layer": PLAIN, "algorithm": F22, "format": "float32", "x": IMAGE, "weights": FILTERS, "bias": None},
        ),
        "simulate_direct": (
            wc.analysis.simulate_direct,
            {"layer": PLAIN, "format": "float32", "x": IMAGE, "weights": FILTERS, "bias": None},
        ),
        "tolerance": (
            wc.tolerance,
            {"algorithm": F23, "format": "float32", "channels": 2, "d_max": 1.0, "g_max": 1.0, "law": "uniform"}
            | {"p": 1e-9, "outputs": 4, "against": "float64"},
        ),
        "remedies": (wc.analysis.remedies, {"ranges": wc.ranges(F23)}),
        "algorithm_of": (
            wc.construct.algorithm_of,
            {"subject": "F(2,3)", "points": None, "dimension": 2, "format": "float32"},
        ),
        "constants": (counted, {"algorithm": wc.construct.modular("F(2,3)", 17), "letter": "G"}),
        "correlation_of": (
            wc.construct.correlation_of,
            {"subject": "F(2,3)", "purpose": "pass", "dimension": 2, "format": "float32"},
        ),
        "interleave": (wc.construct.interleave, {"phases": [wc.algorithm("F(2,1)").axes[0]] * 2, "stride": 2}),
        "iterate": (wc.construct.iterate, {"outer": F23.axes[0], "inner": wc.algorithm("F(2,2)").axes[0]}),
        "rescale": (
            wc.construct.rescale,
            {"axis": F23.axes[0], "filter_scales": [1, 2, 1, 1], "input_scales": ["1/2", 1, 1, 1]},
        ),
        "roots_of_unity": (wc.construct.roots_of_unity, {"number": 4, "prime": 17}),
        "toom_cook": (
            wc.construct.toom_cook,
            {"tile": "F(2,3)", "points": "0, ±1, ∞", "domain": sympy.QQ, "rule": "toom-cook"},
        ),
        "nearest": (wc.exact.nearest, {"number": Fraction(1, 3), "fmt": "float16"}),
        "with_signs": (
            wc.analysis.with_signs,
            {"law": "uniform", "inputs": np.array([1, -1, 1, -1]), "filters": np.array([1, 1, -1])},
        ),
        "rounded_up": (wc.exact.rounded_up, {"bound": 0.1234, "digits": 2}),
        "text": (wc.exact.text, {"value": sympy.sqrt(2)}),
        "apply": (
            wc.layers.apply,
            {"reduction": wc.layers.reduce(PLAIN), "x": IMAGE, "weights": FILTERS, "correlate": wc.direct.convolve},
        ),
        "layer_of": (wc.layers.layer_of, {"layer": PLAIN}),
        "pieces": (wc.layers.pieces, {"axis": wc.layers.Axis(7, 3)}),
        "split": (
            wc.layers.split,
            {"reduction": wc.layers.reduce(PLAIN), "outputs": 2, "cost": lambda tile: tile.inputs[0]},
        ),
        "lift": (wc.layers.lift, {"reduction": wc.layers.reduce(PLAIN), "dimension": 3}),
        "split_taps": (wc.layers.split_taps, {"taps": 7, "outputs": 4, "cost": lambda tile: tile.inputs[0]}),
        "BilinearAlgorithm": (
            wc.BilinearAlgorithm,
            {"tile": F23.tile, "points": F23.points, "axes": F23.axes, "kind": "correlation", "modulus": 0},
        ),
        "BilinearAlgorithm.at": (wc.algorithm("F(2,3)", "0, a, -a, ∞").at, {"a": 2}),
        "BilinearAlgorithm.verify": (
            lambda **fields: wc.BilinearAlgorithm(**fields).verify(),
            {"tile": F23.tile, "points": F23.points, "axes": F23.axes, "kind": "correlation", "modulus": 0},
        ),
        "Branch": (wc.layers.Branch, {"weights": FILTERS, "bias": vector, "padding": 1, "dilation": 1}),
        "Branch.identity": (wc.layers.Branch.identity, {"channels": 2, "dimension": 2, "groups": 1}),
        "Format.of": (wc.Format.of, {"name": "float32"}),
        "IntegerForm.widths": (
            wc.construct.integers(F23).widths,
            {"filter_bits": 8, "input_bits": 8, "channels": 2, "wrap": False},
        ),
        "IntegerForm.convolve": (
            wc.construct.integers(F23).convolve,
            {"d": np.ones((2, 4), np.int8), "g": np.ones((2, 3), np.int8), "filter_bits": 8, "input_bits": 8}
            | {"wrap": False},
        ),
        "Kernel.pack": (kernel.pack, {"weights": FILTERS, "bias": vector}),
        "Kernel.pack, int8": (in_int8.pack, {"weights": FILTERS, "bias": vector, "calibration": calibration}),
        "Kernel.__call__": (
            kernel,
            {"x": IMAGE, "packed": kernel.pack(FILTERS), "out": None, "residual": None, "workspace": None},
        ),
        "Layer": (
            wc.Layer,
            {"channels": 4, "filters": 4, "size": (4, 4), "kernel": (3, 3), "padding": 1, "batch": 1}
            | {"layout": "NCHW", "stride": 1, "dilation": 1, "groups": 2, "transposed": False, "output_padding": 0}
            | {"padding_mode": "reflect"},
        ),
        "Points": (wc.Points, {"items": F23.points[0].items}),
        "Points.of": (wc.Points.of, {"points": "0, 1, ∞"}),
        "Points.parse": (wc.Points.parse, {"words": "0, 1, ∞"}),
        "Points.default": (wc.Points.default, {"number": 4}),
        "Precision": (
            wc.Precision,
            dict.fromkeys(("filter", "input", "U", "V", "product", "accumulate", "output"), wc.Format.of("float32")),
        ),
        "Precision.of": (wc.Precision.of, {"policy": "float32"}),
        "Precision.parse": (wc.Precision.parse, {"text": "float32"}),
        "Reduction.multiplications": (wc.layers.reduce(PLAIN).multiplications, {"outputs": 2}),
        "ResidueSystem": (
            wc.construct.ResidueSystem,
            {"algorithms": system.algorithms, "inputs": system.inputs, "filters": system.filters, "channels": 1},
        ),
        "ResidueSystem.convolve": (system.convolve, {"d": np.ones((1, 4), np.int8), "g": np.ones((1, 3), np.int8)}),
        "Scheme": (
            wc.analysis.Scheme,
            {"bits": 8, "filter_scales": "tap", "input_scales": "tap", "clipping": "max", "percentile": 99.9}
            | {"powers_of_two": False},
        ),
        "Style": (wc.program.Style, {"aim": "balanced", "order": "written", "fma": True}),
        "Target.of": (wc.kernels.Target.of, {"target": "generic"}),
        "Target": (wc.kernels.Target, {"isa": plan.target.isa, "l2": 1 << 20, "threads": 1}),
        "Tile": (wc.Tile, {"outputs": (2, 2), "taps": (3, 3), "strides": (2, 1)}),
        "Tile.of": (wc.Tile.of, {"tile": "F(2,3)"}),
        "Tile.parse": (wc.Tile.parse, {"text": "F(2,3)"}),
        "Transforms": (
            wc.Transforms,
            {"AT": F23.axes[0].AT, "G": F23.axes[0].G, "BT": F23.axes[0].BT, "AT_factors": ()},
        ),
    }


@pytest.mark.slow
def test_wrong_calls_of_a_sample(failures_of: Callable[..., list[str]]) -> None:
    assert failures_of(calls()) == []


@pytest.mark.nightly
def test_all_wrong_calls(failures_of: Callable[..., list[str]]) -> None:
    assert failures_of(calls(), every=True) == []


def test_right_calls_work() -> None:
    table = calls()
    for name in table.keys() - {"load", "emit", "emit_library"}:  # these are about files
        function, arguments = table[name]
        function(**arguments)


def test_every_public_function_is_called_wrongly() -> None:
    chapters = [wc, *(getattr(wc, name) for name in vars(wc)["__all__"] if isinstance(getattr(wc, name), ModuleType))]
    functions = {
        function: f"{chapter.__name__}.{name}"
        for chapter in chapters
        for name in vars(chapter).get("__all__", ())
        if isinstance(function := getattr(chapter, name), FunctionType) or hasattr(function, "__wrapped__")
    }
    called = {function for function, _ in (calls() | chapter_calls()).values()}
    called |= {wc.construct.constants, wc.interchange.examine}  # by way of another function
    called |= {wc.no_limit, wc.reproduce.best_symmetric_set, wc.atlas.entries, wc.search.default_store}  # take nothing
    assert sorted(name for function, name in functions.items() if function not in called) == []
