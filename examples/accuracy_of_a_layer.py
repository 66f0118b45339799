"""How accurate is F(6x6,3x3) in float16, and is it worth it? Three tiles and three formats side by side."""

from __future__ import annotations

import wincook as wc

CHANNELS = 64


def main() -> None:
    """Print predicted and measured errors, relative to the size of the outputs."""
    print(f"C = {CHANNELS}, activations after ReLU, He weights")
    for tile in ("F(2x2,3x3)", "F(4x4,3x3)", "F(6x6,3x3)"):
        algorithm = wc.algorithm(tile)
        for name in ("float32", "float16", "bfloat16"):
            report = wc.analyse(algorithm, format=name, channels=CHANNELS, law="relu", samples=200, seed=0)
            predicted, measured = report.predicted.relative_rms, report.measured.relative_rms
            print(
                f"{tile}  {algorithm.speedup:.2f}x fewer products  {name:8s}  "
                f"relative RMS error: predicted {predicted:.1e}, measured {measured:.1e}"
            )


if __name__ == "__main__":
    main()
