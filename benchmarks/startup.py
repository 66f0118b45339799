"""How long a kernel keeps its user waiting: a cold compilation, and the first result of a second process.

    python benchmarks/startup.py

Both run as processes of their own against an empty cache folder; the second finds there what the first left.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

PROGRAM = """
import time
start = time.perf_counter()
import numpy as np
import wincook as wc
imported = time.perf_counter()
layer = wc.Layer(channels=64, filters=64, size=(56, 56), kernel=(3, 3), padding=1)
kernel = wc.compile(layer, "F(4x4,3x3)")
x, weights = np.ones(layer.input_shape, np.float32), np.ones(layer.weight_shape, np.float32)
y = kernel(x, kernel.pack(weights))
print(f"  import {imported - start:.2f} s, compile and first result {time.perf_counter() - imported:.2f} s")
"""


def main() -> None:
    """Run the program cold once and warm five times."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"WINCOOK_CACHE_DIR": folder}
        for name in ("cold", *["warm"] * 5):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=True)
            print(f"{name}: {time.perf_counter() - start:.2f} s for the whole process", flush=True)


if __name__ == "__main__":
    main()
