"""Kernels touch nothing beyond their arrays: images, weights and outputs end where a forbidden page begins."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from wincook.kernels.target import host_isa_names

# A process of its own: reading or writing one float too far ends it with a signal.
PROGRAM = """
import ctypes, itertools, mmap
import numpy as np
import wincook as wc

libc = ctypes.CDLL(None, use_errno=True)

def before_a_wall(shape):
    size = int(np.prod(shape)) * 4
    length = -(-size // mmap.PAGESIZE) * mmap.PAGESIZE
    memory = mmap.mmap(-1, length + mmap.PAGESIZE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    assert libc.mprotect(ctypes.c_void_p(start + length), mmap.PAGESIZE, 0) == 0, ctypes.get_errno()
    return np.frombuffer(memory, np.float32, size // 4, length - size).reshape(shape)

rng = np.random.default_rng(0)
for layout, target in itertools.product(("NCHW", "NHWC"), TARGETS):
    for channels, filters, size, padding in SHAPES:
        layer = wc.Layer(channels, filters, size, (3, 3), padding, 1, layout)
        x, weights, y = (before_a_wall(s) for s in (layer.input_shape, layer.weight_shape, layer.output_shape))
        x[...], weights[...] = rng.uniform(-1, 1, x.shape), rng.uniform(-1, 1, weights.shape)
        kernel = wc.compile(layer, "F(4x4,3x3)", points="0, ±1, ±2, ∞", target=target)
        kernel(x, kernel.pack(weights), out=y)
        assert np.isfinite(y).all()
print("nothing beyond")
"""
SHAPES = [
    (1, 17, (3, 3), 0),
    (3, 18, (5, 7), 1),
    (16, 32, (9, 17), 0),
    (17, 33, (8, 16), 1),
    (19, 20, (4, 33), 3),
    (32, 64, (12, 12), 1),
]


@pytest.mark.skipif(sys.platform != "linux", reason="forbids pages as Linux does")
def test_kernels_read_and_write_nothing_beyond_their_arrays() -> None:
    program = PROGRAM.replace("TARGETS", repr(host_isa_names())).replace("SHAPES", repr(SHAPES))
    done = subprocess.run(
        [sys.executable, "-c", program], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "nothing beyond"), done.stderr[-2000:]
