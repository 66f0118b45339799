"""`wincook doctor`: what this machine offers, and whether a kernel is right on it."""

from __future__ import annotations

import platform
import time
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Annotated, Any

import numpy as np
import typer

from wincook.analysis.bounds.worst_case import error_bound
from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.options import VerboseOption
from wincook.cli.watch import telling
from wincook.construct import algorithm
from wincook.direct import convolve as direct_convolve
from wincook.exact.rounded_up import rounded_up
from wincook.formats import FLOAT32
from wincook.kept_code import cache_folder
from wincook.kernels.choice.machine import Machine
from wincook.kernels.compile import compile as compile_kernel
from wincook.kernels.measurement.machine_figures import measure_machine
from wincook.kernels.plans.formats import WITH_KERNELS, ProductFormat, words_of
from wincook.kernels.target import Target, host_processor
from wincook.layers import Layer
from wincook.report.table import remark, table, words
from wincook.version import __version__

_PACKAGES = ("numpy", "numba", "llvmlite", "sympy", "mpmath", "ml_dtypes", "typer", "matplotlib")
_EXTRAS = {"python-flint": "flint", "scipy": "scipy", "torch": "torch", "onnx": "onnx"}


def doctor(
    context: typer.Context,
    measure: Annotated[
        bool,
        typer.Option(
            "--measure", help="Measure the peak of a core and how quickly it reads, for the choice of algorithms."
        ),
    ] = False,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _verbose: VerboseOption = 0,
) -> None:
    """Report the processor, the versions and the cache folder, and test a kernel against direct convolution.

    Exits with 1 if the kernel is wrong.

    Example: wincook doctor
    """
    output = Output.of(context, answer, as_json, save)
    with telling("a trial of a kernel"):
        figures = measure_machine(Target.host()) if measure else Machine.known(Target.host())
        findings = _machine() | _figures(figures) | _packages() | _trial()
    output.answer(findings, table("doctor", "wincook doctor", [words("what"), remark("finding")], findings.items()))
    if not findings["kernel is right"]:
        raise typer.Exit(1)


def _machine() -> dict[str, Any]:
    target = Target.host()
    return {
        "wincook": __version__,
        "python": platform.python_version(),
        "processor": host_processor(),
        "instruction set": f"{target.isa.name}: {target.isa.lanes} float32 per vector",
        **{f"products in {format}": _products(target, format) for format in WITH_KERNELS if format != "float32"},
        "L2 cache": f"{target.l2 // 1024} KiB",
        "threads": target.threads,
        "kernel cache": str(cache_folder() or "none: this user has no home folder"),
    }


def _products(target: Target, format: ProductFormat) -> str:
    """How kernels multiply in a narrow format here."""
    words = words_of(format, target.isa.name, target.features)
    return "emulated: with the same bits, but slowly" if words.way == "emulated" else f"{words}, of {words.feature}"


def _figures(machine: Machine | None) -> dict[str, str]:
    """What was measured, now or before."""
    if machine is None:
        return {"measured": "nothing yet; wincook doctor --measure"}
    return {
        "peak of a core": f"{machine.peak / 1e9:.0f} GFLOP/s",
        "reading of L3": f"{machine.l3 / 1e9:.0f} GB/s",
        "reading of memory": f"{machine.memory / 1e9:.0f} GB/s",
    }


def _packages() -> dict[str, Any]:
    versions = {name: version(name) for name in _PACKAGES}
    for name, module in _EXTRAS.items():
        try:
            versions[f"{name} (extra)"] = version(name) if find_spec(module) else "not installed"
        except PackageNotFoundError:
            versions[f"{name} (extra)"] = "not installed"
    return versions


def _trial() -> dict[str, Any]:
    """A small layer through a real kernel, judged in float64 against the bound."""
    layer = Layer(channels=5, filters=7, size=(9, 11), kernel=(3, 3), padding=1)
    chosen = algorithm("F(2x2,3x3)")
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, layer.input_shape).astype(np.float32)
    weights = rng.uniform(-1, 1, layer.weight_shape).astype(np.float32)
    start = time.perf_counter()
    kernel = compile_kernel(layer, chosen)
    y = kernel(x, kernel.pack(weights))
    seconds = time.perf_counter() - start
    exact = direct_convolve(x.astype(np.float64), weights.astype(np.float64), layer.pads)
    error = float(np.max(np.abs(y - exact)))
    bound = error_bound(chosen, FLOAT32, layer.channels)
    return {
        "kernel compiled or loaded, and run": f"{seconds:.2f} s",
        "kernel error": f"{error:.2g}, bound {rounded_up(bound)}",
        "kernel is right": error <= bound,
    }
