"""Write what the programs need: two libraries, one with relu after the convolution, and the demo's photograph."""

from __future__ import annotations

import sys

import numpy as np
from PIL import Image

import wincook as wc
from wincook.demo.photo import load

LAYER = wc.Layer(channels=12, filters=12, size=(600, 512), kernel=(3, 3), padding=1)


def main(machine: str | None = None) -> None:
    """Emit both for a machine, or for this kind."""
    for name, epilogue in (("conv", None), ("relu", "relu")):
        plan = wc.kernels.make_plan(LAYER, "F(4x4,3x3)", target="generic", epilogue=epilogue)
        print(wc.emit_library(plan, name, name=name, machine=machine, force=True).header)
    pixels = np.moveaxis(load().pixels, 0, -1)
    Image.fromarray(np.rint(255 * pixels).astype(np.uint8)).save("photo.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
