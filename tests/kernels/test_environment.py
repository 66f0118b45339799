"""Kernels and emitted modules where processes are forked, threads are few, and nothing can be kept on disk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import wincook as wc
from wincook.kernels.target import AVX2, Target
from wincook.layers import Layout

LAYER = wc.Layer(channels=3, filters=20, size=(30, 30), kernel=(3, 3), padding=1)

# A kernel with its default threads, and the same as a module that is given two; both are compared with direct sums.
SETUP = """
import importlib.util, multiprocessing, os, sys
import numpy as np
import numpy.testing
import wincook as wc
from wincook import direct

layer = wc.Layer(channels=3, filters=20, size=(30, 30), kernel=(3, 3), padding=1)
rng = np.random.default_rng(0)
x, weights = rng.uniform(-1, 1, layer.input_shape), rng.uniform(-1, 1, layer.weight_shape)
exact = direct.convolve(x, weights, layer.pads)

def trial(folder):
    kernel = wc.compile(layer, "F(4x4,3x3)", points="0, ±1, ±2, ∞")
    spec = importlib.util.spec_from_file_location(kernel.modules[0].__name__, wc.emit(kernel.plan, folder))
    emitted = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(emitted)

    def run():
        for threads in (1, 2, 1000):
            y = emitted.convolve(x, emitted.pack(weights), layer.pads, threads=threads)
            np.testing.assert_allclose(y, exact, rtol=0, atol=1e-4)
        np.testing.assert_allclose(kernel(x, kernel.pack(weights)), exact, rtol=0, atol=1e-4)

    return run
"""


def run(program: str, folder: Path, **environment: str | None) -> tuple[str, str]:
    """Standard output and standard error of a program that ends well."""
    variables = {name: value for name, value in (os.environ | environment).items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-c", SETUP + program, str(folder)],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout, done.stderr


@pytest.mark.slow
def test_one_thread_is_enough(tmp_path: Path) -> None:
    assert run("trial(sys.argv[1])()", tmp_path, NUMBA_NUM_THREADS="1") == ("", "")


@pytest.mark.slow
@pytest.mark.skipif(find_spec("tbb") is not None, reason="TBB is installed")
@pytest.mark.skipif(wc.kernels.Target.host().threads < 2, reason="one core runs no threads")
def test_without_a_threading_layer_one_thread_does_it(tmp_path: Path) -> None:
    program = "run = trial(sys.argv[1])\nrun()\nrun()"
    _, warned = run(program, tmp_path, NUMBA_THREADING_LAYER="tbb")
    assert len(warned.splitlines()) == 1
    assert "one thread" in warned
    assert "tbb" in warned.lower()


FORKED = """
run = trial(sys.argv[1])
run()
child = os.fork()
if child == 0:
    run()
    trial(sys.argv[1])()
    grandchild = os.fork()
    if grandchild == 0:
        run()
        os._exit(0)
    os._exit(os.waitpid(grandchild, 0)[1])
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
run()
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("layer", ["default", "workqueue"])
def test_a_fork_after_calls_runs_on_one_thread(layer: str, tmp_path: Path) -> None:
    assert run(FORKED, tmp_path, NUMBA_THREADING_LAYER=layer) == ("0\n", "")


EARLY = """
import numba
child = os.fork()
if child == 0:
    trial(sys.argv[1])()
    print(numba.threading_layer() in ("omp", "tbb", "workqueue"), flush=True)
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.skipif(wc.kernels.Target.host().threads < 2, reason="one core runs no threads")
def test_a_fork_before_any_call_keeps_its_threads(tmp_path: Path) -> None:
    assert run(EARLY, tmp_path) == ("True\n", "")


@pytest.mark.slow
def test_numba_may_be_told_not_to_compile(tmp_path: Path) -> None:
    program = """
try:
    trial(sys.argv[1])
except wc.WincookError as error:
    print(type(error).__name__, error)
"""
    printed, warned = run(program, tmp_path, NUMBA_DISABLE_JIT="1")
    assert printed.startswith("TargetError NUMBA_DISABLE_JIT is set")
    assert warned == ""


@pytest.mark.slow
def test_an_emitted_module_says_that_numba_does_not_compile(tmp_path: Path) -> None:
    plan = wc.compile(LAYER, "F(4x4,3x3)", points="0, ±1, ±2, ∞").plan
    path = wc.emit(plan, tmp_path)
    done = subprocess.run(
        [sys.executable, path.name],
        cwd=tmp_path,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "NUMBA_DISABLE_JIT is set, but kernels are machine code; unset it" in done.stderr.splitlines()[-1]


NO_USER = """
import numba
from wincook.kernels.make_plan import make_plan
from wincook.kernels.codegen.source import module_source
# What is imported when it is used may lie where only root can read.
numba.get_num_threads()
module_source(make_plan(layer, "F(4x4,3x3)", points="0, ±1, ±2, ∞").plans[0])
wc.compile, wc.emit
os.setgroups([])
os.setgid(12345)
os.setuid(12345)
run = trial(sys.argv[1])
run()
run()
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
@pytest.mark.parametrize("variables", [{}, {"WINCOOK_CACHE_DIR": "/root/cache"}])
def test_a_user_without_a_home_and_without_a_name(variables: dict[str, str]) -> None:
    cleared = {"WINCOOK_CACHE_DIR": None, "XDG_CACHE_HOME": None, "HOME": None}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        printed, warned = run(NO_USER, Path(folder), **(cleared | variables))
    assert printed == ""
    assert len(warned.splitlines()) == 1
    assert ("no home folder" if "WINCOOK_CACHE_DIR" not in variables else "/root/cache") in warned


def test_a_target_may_have_more_threads_than_this_machine() -> None:
    """A plan for another machine runs here: the stripes of a job may outnumber the threads."""
    rng = np.random.default_rng(0)
    x, weights = rng.uniform(-1, 1, LAYER.input_shape), rng.uniform(-1, 1, LAYER.weight_shape)
    algorithm = wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞")
    isa = wc.kernels.Target.host().isa
    results = []
    for threads, fewest in ((1, 1), (5, 5), (64, 5)):  # 64 tiles do not busy 64 threads
        kernel = wc.compile(LAYER, algorithm, threads=threads, target=Target(isa, 1 << 20, 64))
        assert fewest <= kernel.plan.threads <= min(threads, 32)
        results.append(kernel(x, kernel.pack(weights)))
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])
    assert AVX2.lanes == 8


FIRST_USE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
together = Barrier(4)
def first(number):
    together.wait()
    kernel = wc.compile(layer, "F(4x4,3x3)", points="0, ±1, ±2, ∞", threads=1 + number % 2)
    return kernel(x, kernel.pack(weights))
with ThreadPoolExecutor(4) as pool:
    for y in pool.map(first, range(4)):
        np.testing.assert_allclose(y, exact, rtol=0, atol=1e-4)
print("right")
"""


@pytest.mark.slow
def test_the_first_use_may_be_from_several_threads_of_several_processes(tmp_path: Path) -> None:
    environment = os.environ | {"WINCOOK_CACHE_DIR": str(tmp_path / "cache")}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SETUP + FIRST_USE],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.communicate(timeout=200) == ("right\n", "")
    kept = [file.name for file in (tmp_path / "cache").iterdir()]
    assert len(kept) == len({name.rpartition("-")[0] for name in kept}), "a function was compiled twice"


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("algorithm", ["F(4x4,3x3) on {0, ±1, ±2, ∞}", "direct", "depthwise"])
def test_panels_are_taken_by_whichever_thread_has_time(
    algorithm: str, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two threads only the second ever runs, as if another process held the first one's core: y is whole."""
    layer = wc.Layer(18, 18, (13, 14), (3, 3), 1, 2, layout, groups=18 if algorithm == "depthwise" else 1)
    kernel = wc.compile(layer, algorithm, threads=1)
    module, geometry = kernel.modules[0], kernel.plan.plans[0].geometry
    work = module.Workspace(geometry._replace(panel=3), 2)
    x = np.random.default_rng(3).uniform(-1, 1, layer.input_shape).astype(np.float32)
    weights = np.ones(layer.weight_shape)
    packed, y = module.pack(weights, groups=layer.groups), np.full(layer.output_shape, np.nan, np.float32)
    expected = kernel(x, kernel.pack(weights))
    monkeypatch.setattr(module.Workspace, "_run_stripes", lambda self: module.stripe_in_c(self._place, 1))
    work.run(x, packed, y)
    np.testing.assert_array_equal(y, expected)


def test_two_calls_do_not_share_a_workspace() -> None:
    kernel = wc.compile(LAYER, "F(4x4,3x3)", points="0, ±1, ±2, ∞", threads=1)
    work = kernel.modules[0].Workspace(kernel.plan.plans[0].geometry, 1)
    packed = kernel.modules[0].pack(np.ones(LAYER.weight_shape))
    x, y = np.ones(LAYER.input_shape, np.float32), np.empty(LAYER.output_shape, np.float32)
    with work._lock, pytest.raises(RuntimeError, match="another thread"):
        work.run(x, packed, y)
    work.run(x, packed, y)
