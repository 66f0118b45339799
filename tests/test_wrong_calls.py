"""Wrong calls: every public function and value, with each argument in turn replaced by what no one should give.

A call works, or it raises a WincookError: nothing else, and at once.
"""

import decimal
import itertools
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
import sympy

import wincook as wc
from wincook.analysis.conditioning.condition import conditions
from wincook.analysis.dynamic_range.word_widths import integer_algorithm
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.errors import quoted

SECONDS = 60  # the first call of a kernel compiles it
SAMPLE = 2000  # calls in each run of the suite; all of them run under the marker nightly


class Hostile:
    """What raises wherever it is touched."""

    def _raise(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("do not touch")

    __array__ = __iter__ = __len__ = __index__ = __float__ = __repr__ = __bool__ = __eq__ = __hash__ = _raise


class Tensor:
    """As torch's: it needs its gradient dropped before numpy takes it."""

    def __init__(self, values: Any, dtype: str = "torch.float32") -> None:
        self.values, self.dtype, self.shape = np.asarray(values), dtype, np.shape(values)
        self.ndim, self.requires_grad = len(self.shape), True

    def detach(self) -> "Tensor":
        plain = Tensor(self.values, self.dtype)
        plain.requires_grad = False
        return plain

    def cpu(self) -> "Tensor":
        return self

    def float(self) -> "Tensor":
        return Tensor(self.values.astype(np.float32))

    def numpy(self) -> Any:
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        if "bfloat16" in self.dtype:
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.values

    def __array__(self, *_: Any, **__: Any) -> Any:
        return self.numpy()


F23 = wc.algorithm("F(2,3)")
F22 = wc.algorithm("F(2x2,3x3)")
IMAGE, FILTERS = np.ones((1, 2, 4, 4), np.float32), np.ones((2, 2, 3, 3), np.float32)
PLAIN = wc.Layer(2, 2, (4, 4), (3, 3))

Table = dict[str, tuple[Callable[..., Any], dict[str, Any]]]

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 3, 10**30, 2**63, -(2**63), 10**5000),
    *(1.5, 3.0, -0.5, float("nan"), float("inf"), 1j),
    *("", "3", "x", "F(4,3)", "F(2x2,3x3)", "0, 1, ∞", "float32", "uniform", "same", "NHWC", "no such", "a\0b"),
    *("9" * 5000, b"3", bytearray(b"F(2,3)")),
    *([], [1], [[1, 2], [3]], (), (1,), (-1,), (1, 1), (1, 2, 3), ("a",), [None], [[]], [1.5, "a"], {}, {"a": 1}),
    *({1}, frozenset(), range(3), object(), object, len, Ellipsis, ValueError("x"), Path("nowhere")),
    *(np.int64(3), np.uint8(2), np.float32(2.5), np.float64("nan"), np.bool_(True), np.array(3), np.array(1.5)),
    *(np.array([1, 1]), np.array([]), np.zeros((0, 3)), np.ones((2, 2, 2, 2)), np.array(["a"]), np.array([None])),
    *(np.array([1 + 2j]), np.zeros(2, "f4,i4"), np.datetime64("2026-01-01"), np.ones((3, 2), ">f8")[::-1]),
    *(np.ma.masked_array([1.0, 2.0], [True, False]), ml_dtypes.bfloat16(1.5), np.str_("F(2,3)")),
    *(Fraction(1, 3), decimal.Decimal("1.5"), datetime(2026, 1, 1)),  # noqa: DTZ001
    *(sympy.Symbol("a"), sympy.Rational(1, 2), sympy.Float(0.5), sympy.oo, sympy.eye(2)),
    *(Tensor([1.0, 2.0]), Tensor(np.ones((1, 2, 4, 4)), "torch.bfloat16"), Hostile(), [Hostile()]),
    *(wc.Tile.parse("F(2,3)"), wc.Points.parse("0, 1, ∞"), F22, F22.axes[0], PLAIN, wc.Precision.of("float16")),
    *(wc.Format.of("int8"), wc.Style()),
)
# Called to give the value: what runs out is made anew for each call.
WRONG: tuple[Callable[[], Any], ...] = (
    *(partial(VALUES.__getitem__, number) for number in range(len(VALUES))),
    *(lambda: (n for n in (1, 2)), itertools.count, lambda: iter("ab")),
)


@cache
def calls() -> Table:
    """Each public callable, with arguments that are right."""
    plan = wc.compile(PLAIN, "F(2x2,3x3)", target="generic", threads=1).plan
    kernel = wc.compile(PLAIN, "F(2x2,3x3)", target="generic", threads=1)
    system = wc.residue_system("F(2,3)")
    law = {"channels": 2, "law": "relu"}
    vector = np.ones(2)
    return {
        "adversary": (wc.adversary, {"algorithm": F23, "precision": "float16", "channels": 2, "seed": 0, "budget": 64}),
        "algorithm": (
            wc.algorithm,
            {"tile": "F(2,3)", "points": "0, 1, -1, ∞", "rule": "toom-cook", "joint": False},
        ),
        "analyse": (wc.analyse, {"algorithm": F23, "format": "float32", **law, "samples": 8, "seed": 0}),
        "analyse_quantisation": (
            wc.analyse_quantisation,
            {"algorithm": F23, "scheme": wc.Scheme(), **law, "filters": 2, "tiles": 4, "layers": 1, "seed": 0},
        ),
        "balance": (wc.balance, {"algorithm": F23, "norm": 2}),
        "change_basis": (wc.change_basis, {"algorithm": F23, "basis": "legendre", "matrices": ("G",)}),
        "cheapest_scaling": (wc.cheapest_scaling, {"algorithm": F23, "style": wc.Style()}),
        "compare": (
            wc.compare,
            {"algorithms": [F23], "formats": ["float32"], **law, "samples": 2, "seed": 0},
        ),
        "compile": (
            wc.compile,
            {"layer": PLAIN, "algorithm": "F(2x2,3x3)", "points": None, "format": "float32", "threads": 1}
            | {"target": "generic"},
        ),
        "conditions": (conditions, {"algorithm": F23}),
        "convolve": (
            wc.convolve,
            {"x": IMAGE, "weights": FILTERS, "bias": vector, "stride": 1, "padding": 1, "dilation": 1, "groups": 1}
            | {"transposed": False, "output_padding": 0, "layout": "NCHW", "threads": 1},
        ),
        "denominators_in": (wc.denominators_in, {"algorithm": F23, "matrix": "G"}),
        "emit": (wc.emit, {"plan": plan, "folder": "emitted", "kind": "module"}),
        "equilibrate": (wc.equilibrate, {"algorithm": F23, "norm": 1, "denominator": 8}),
        "error_bound": (
            wc.error_bound,
            {"algorithm": F23, "precision": "float32", "channels": 2, "d_max": 1.0, "g_max": 1.0},
        ),
        "flat_programs": (wc.flat_programs, {"algorithm": F23, "style": wc.Style()}),
        "fold_batch_norm": (
            wc.fold_batch_norm,
            {"weights": FILTERS, "bias": None, "mean": vector, "variance": vector, "gamma": vector, "beta": vector}
            | {"epsilon": 1e-5, "transposed": False},
        ),
        "gauge": (wc.gauge, {"algorithm": F23, "name": "integer"}),
        "integer_algorithm": (
            integer_algorithm,
            {"algorithm": F23, "input_bits": 8, "filter_bits": 8, "channels": 2},
        ),
        "integers": (wc.integers, {"algorithm": F23, "multipliers": "AT"}),
        "iterated": (wc.iterated, {"tile": "F(4,4)", "blocks": (2,)}),
        "judge": (wc.judge, {"subject": F23}),
        "law_of": (
            wc.law_of,
            {"inputs": np.ones((1, 2, 8)), "weights": np.ones((1, 2, 3)), "rest": "relu", "name": "mine"},
        ),
        "likely_bound": (wc.likely_bound, {"algorithm": F23, "precision": "float32", **law, "p": 1e-9}),
        "load": (wc.load, {"path": "nowhere.json"}),
        "merge_branches": (wc.merge_branches, {"branches": [wc.Branch(FILTERS), wc.Branch(FILTERS)]}),
        "modular": (wc.modular, {"tile": "F(2,3)", "prime": 17, "points": None}),
        "ntt": (wc.ntt, {"tile": "F(2,3)", "prime": 17}),
        "predict": (
            wc.predict,
            {"algorithm": F23, "precision": "float32", **law, "d_moments": None, "g_moments": None},
        ),
        "predict_batch": (
            wc.predict_batch,
            {"tile": "F(2x2,3x3)", "points": [[0, 1, -1]], "format": "float32", **law},
        ),
        "ranges": (wc.ranges, {"algorithm": F23, "format": "float32", **law, "inputs": 1, "filters": 1}),
        "reduce": (wc.reduce, {"layer": PLAIN}),
        "residue_system": (
            wc.residue_system,
            {"tile": "F(2,3)", "bits": 8, "inputs": "int8", "filters": "int8", "channels": 2},
        ),
        "programs_of": (wc.programs_of, {"algorithm": F23, "style": wc.Style()}),
        "simulate": (
            simulate,
            {"layer": PLAIN, "algorithm": F22, "format": "float32", "x": IMAGE, "weights": FILTERS, "bias": None},
        ),
        "tolerance": (
            wc.tolerance,
            {"algorithm": F23, "format": "float32", "channels": 2, "d_max": 1.0, "g_max": 1.0, "law": "uniform"}
            | {"p": 1e-9, "outputs": 4, "against": "float64"},
        ),
        "remedies": (wc.remedies, {"found": wc.ranges(F23)}),
        "BilinearAlgorithm": (
            wc.BilinearAlgorithm,
            {"tile": F23.tile, "points": F23.points, "axes": F23.axes, "kind": "correlation", "modulus": 0},
        ),
        "BilinearAlgorithm.at": (wc.algorithm("F(2,3)", "0, a, -a, ∞").at, {"a": 2}),
        "BilinearAlgorithm.verify": (
            lambda **fields: wc.BilinearAlgorithm(**fields).verify(),
            {"tile": F23.tile, "points": F23.points, "axes": F23.axes, "kind": "correlation", "modulus": 0},
        ),
        "Branch": (wc.Branch, {"weights": FILTERS, "bias": vector, "padding": 1, "dilation": 1}),
        "Branch.identity": (wc.Branch.identity, {"channels": 2, "dimension": 2, "groups": 1}),
        "Format.of": (wc.Format.of, {"name": "float32"}),
        "IntegerForm.bits": (wc.integers(F23).bits, {"filters": 8, "inputs": 8, "channels": 2}),
        "Kernel.pack": (kernel.pack, {"weights": FILTERS, "bias": vector}),
        "Kernel.__call__": (kernel, {"x": IMAGE, "packed": kernel.pack(FILTERS), "out": None}),
        "Layer": (
            wc.Layer,
            {"channels": 4, "filters": 4, "size": (4, 4), "kernel": (3, 3), "padding": 1, "batch": 1}
            | {"layout": "NCHW", "stride": 1, "dilation": 1, "groups": 2, "transposed": False, "output_padding": 0},
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
        "Reduction.multiplications": (wc.reduce(PLAIN).multiplications, {"outputs": 2}),
        "ResidueSystem": (
            wc.ResidueSystem,
            {"algorithms": system.algorithms, "inputs": system.inputs, "filters": system.filters, "channels": 1},
        ),
        "ResidueSystem.convolve": (system.convolve, {"d": np.ones((1, 4), np.int8), "g": np.ones((1, 3), np.int8)}),
        "Scheme": (
            wc.Scheme,
            {"bits": 8, "filter_scales": "tap", "input_scales": "tap", "calibration": "max", "percentile": 99.9}
            | {"powers_of_two": False},
        ),
        "Style": (wc.Style, {"aim": "balanced", "order": "written", "fma": True}),
        "Target.of": (wc.Target.of, {"target": "generic"}),
        "Target": (wc.Target, {"isa": plan.target.isa, "l2": 1 << 20, "threads": 1}),
        "Tile": (wc.Tile, {"outputs": (2, 2), "taps": (3, 3)}),
        "Tile.of": (wc.Tile.of, {"tile": "F(2,3)"}),
        "Tile.parse": (wc.Tile.parse, {"text": "F(2,3)"}),
        "Transforms": (
            wc.Transforms,
            {"AT": F23.axes[0].AT, "G": F23.axes[0].G, "BT": F23.axes[0].BT, "AT_factors": ()},
        ),
    }


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """A call that takes longer is stopped."""

    def stop(*_: Any) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def wrong_calls(table: Table) -> list[tuple[str, str, int]]:
    """Callable, argument, and number of the wrong value."""
    return [
        (name, argument, number)
        for name, (_, arguments) in table.items()
        for argument in arguments
        for number in range(len(WRONG))
    ]


def failures(table: Table, tried: list[tuple[str, str, int]]) -> list[str]:
    """The calls that neither work nor are refused."""
    found = ((name, argument, number, outcome(*table[name], argument, number)) for name, argument, number in tried)
    return [
        f"{name}({argument}={quoted(WRONG[number]())}): {fault}" for name, argument, number, fault in found if fault
    ]


def outcome(function: Callable[..., Any], arguments: dict[str, Any], replaced: str, number: int) -> str | None:
    """What went wrong with a wrong call; None if it works or is refused as it should be."""
    value = WRONG[number]()
    try:
        with within(SECONDS):
            function(**{**arguments, replaced: value})
    except wc.WincookError as error:
        if len(str(error)) > 500 or "\n" in str(error):
            return f"message of {len(str(error))} characters: {str(error)[:100]!r}"
    except Exception as error:  # noqa: BLE001 (this is what is looked for)
        return f"{type(error).__name__}: {quoted(error, 150)}"
    return None


def test_wrong_calls_of_a_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = calls()
    found = failures(table, random.Random(0).sample(wrong_calls(table), SAMPLE))
    assert found == []


@pytest.mark.nightly
def test_all_wrong_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = calls()
    found = failures(table, wrong_calls(table))
    assert found == []


def test_right_calls_work() -> None:
    table = calls()
    for name in table.keys() - {"load", "emit"}:  # these two are about files
        function, arguments = table[name]
        function(**arguments)


def test_every_public_function_is_called_wrongly() -> None:
    functions = {name for name in wc.__all__ if callable(getattr(wc, name)) and not isinstance(getattr(wc, name), type)}
    assert functions - {"no_limit"} <= calls().keys()  # it takes nothing
