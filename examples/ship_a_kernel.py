"""Write a kernel as a module that needs only numpy and numba, import it, and use it."""

from __future__ import annotations

import importlib
import sys
import tempfile

import numpy as np

import wincook as wc


def main() -> None:
    """Emit F(2x2,5x5) for NHWC images and run it."""
    layer = wc.Layer(channels=8, filters=8, size=(32, 32), kernel=(5, 5), padding=2, layout="NHWC")
    plan = wc.compile(layer, "F(2x2,5x5)").plan
    with tempfile.TemporaryDirectory() as folder:
        path = wc.emit(plan, folder)
        sys.path.insert(0, folder)
        module = importlib.import_module(path.stem)
        packed = module.pack(np.ones(layer.weight_shape))
        y = module.convolve(np.ones(layer.input_shape), packed, padding=((2, 2), (2, 2)))
        print(f"{path.name}: {module.TILE}, one pixel in the middle is {y[0, 16, 16, 0]:.4f}, exactly 200")


if __name__ == "__main__":
    main()
