"""Building and proving large algorithms, with python-flint (the `fast` extra) and without.

python benchmarks/exact_core.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

TILES = ("F(20,3)", "F(30,3)", "F(8x8,3x3)")


def main() -> None:
    """Time every tile in this process, or start one process per kind of ground types."""
    if len(sys.argv) == 1:
        for types in ("flint", "python"):
            print(f"sympy ground types: {types}", flush=True)
            environment = os.environ | {"SYMPY_GROUND_TYPES": types}
            subprocess.run([sys.executable, __file__, types], env=environment, check=True)
        return
    from wincook.construct import algorithm  # noqa: PLC0415 (after the ground types are chosen)

    algorithm("F(2,3)").verify()
    for tile in TILES:
        build, proof = [], []
        for _ in range(5):
            start = time.perf_counter()
            built_algorithm = algorithm(tile)
            built = time.perf_counter()
            built_algorithm.verify()
            build.append(built - start)
            proof.append(time.perf_counter() - built)
        print(f"  {tile:12s} build {min(build) * 1e3:7.1f} ms  verify {min(proof) * 1e3:7.1f} ms")


if __name__ == "__main__":
    main()
