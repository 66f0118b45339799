"""One call, and the same in steps: plan and pack once, then run on many batches."""

from __future__ import annotations

import numpy as np

import wincook as wc


def main() -> None:
    """Convolve a batch of random images both ways and compare."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 16, 40, 40))
    weights, bias = rng.standard_normal((32, 16, 3, 3)), rng.standard_normal(32)

    at_once = wc.convolve(x, weights, bias, padding=1)

    layer = wc.Layer(channels=16, filters=32, size=(40, 40), kernel=(3, 3), padding=1, batch=2)
    kernel = wc.compile(layer, "F(4x4,3x3)")
    packed = kernel.pack(weights, bias)
    in_steps = kernel(x, packed)

    print(kernel.plan)
    difference, largest = np.max(np.abs(at_once - in_steps)), np.max(np.abs(in_steps))
    print(f"largest difference: {difference:.1e} in outputs up to {largest:.0f}")


if __name__ == "__main__":
    main()
