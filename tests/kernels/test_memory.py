"""Kernels touch nothing beyond their arrays: each array lies between forbidden pages, at the start or at the end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernels.guarded_calls import ON_LINUX, guarded_calls
from tests.some import at_night, some
from wincook.kernels.target import host_isa_names

PROGRAM = Path(__file__).with_name("guarded.py")


@pytest.mark.slow
@ON_LINUX
@pytest.mark.parametrize("layers", [3, at_night(8)])
@pytest.mark.parametrize(("target", "layout"), some(host_isa_names(), ["NCHW", "NHWC"], every=2))
def test_kernels_and_modules_touch_nothing_beyond_their_arrays(
    target: str, layout: str, layers: int, tmp_path: Path
) -> None:
    assert guarded_calls("guarded", target, layout, str(layers), str(tmp_path)) == layers * 14


@pytest.mark.nightly
@ON_LINUX
@pytest.mark.parametrize(("target", "layout"), some(host_isa_names(), ["NCHW", "NHWC"], every=2))
def test_direct_and_depthwise_kernels_touch_nothing_beyond_their_arrays(target: str, layout: str) -> None:
    assert guarded_calls("guarded_families", target, layout, "6") == 6 * 2 * 2 * 4


@pytest.mark.nightly
@ON_LINUX
@pytest.mark.parametrize(("target", "layout"), some(host_isa_names(), ["NCHW", "NHWC"], every=2))
def test_shallow_kernels_touch_nothing_beyond_their_arrays(target: str, layout: str, tmp_path: Path) -> None:
    assert guarded_calls("guarded_shallow", target, layout, "6", str(tmp_path)) == 6 * 2 * 7


@pytest.mark.slow
@ON_LINUX
@pytest.mark.parametrize(("target", "layout"), some(host_isa_names(), ["NCHW", "NHWC"], every=2))
def test_sparse_kernels_touch_nothing_beyond_their_arrays(target: str, layout: str) -> None:
    assert guarded_calls("guarded_sparse", target, layout, "8") == 8 * 2


@pytest.mark.slow
@ON_LINUX
@pytest.mark.parametrize("layers", [15, at_night(1000)])
@pytest.mark.parametrize("side", ["start", "end"])
def test_layers_of_all_kinds_touch_nothing_beyond_their_arrays(side: str, layers: int) -> None:
    assert guarded_calls("guarded_layers", side, str(layers)) == layers


@ON_LINUX
@pytest.mark.parametrize("side", ["start", "end"])
def test_the_walls_stand(side: str, tmp_path: Path) -> None:
    """A touch of the float before the first, or after the last, ends the process."""
    step = {"start": -1, "end": 1}[side]
    program = (
        f"import sys; sys.path.insert(0, {str(PROGRAM.parent)!r}); import guarded, ctypes\n"
        f"array = guarded.walled(5, {side!r})\n"
        f"place = array.ctypes.data + 4 * ({step} if {step} < 0 else 5)\n"
        "print('here', flush=True); ctypes.c_float.from_address(place).value = 1.0; print('beyond')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (-11, ["here"]), done.stderr[-2000:]
