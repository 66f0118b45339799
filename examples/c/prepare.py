"""Write what the programs need: a library of two layers, with relu after one of them, and the demo's photograph."""

from __future__ import annotations

import sys

import numpy as np
from PIL import Image

import wincook as wc
from wincook.demo.photo import load

LAYER = wc.Layer(channels=12, filters=12, size=(600, 512), kernel=(3, 3), padding=1)


def main(machine: str | None = None) -> None:
    """Emit code for a machine, or for this kind."""
    plans = {
        key: wc.kernels.make_plan(LAYER, "F(4x4,3x3)", target="generic", epilogue=epilogue)
        for key, epilogue in (("plain", None), ("relu", "relu"))
    }
    print(wc.emit_library(plans, "net", name="net", machine=machine, force=True).header)
    pixels = np.moveaxis(load().pixels, 0, -1)
    Image.fromarray(np.rint(255 * pixels).astype(np.uint8)).save("photo.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
