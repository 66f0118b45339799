"""How much memory small files take: measured in a process of its own, whose largest size the system keeps."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

READ_ALL = """
import resource, sys
from wincook.analysis.data.arrays import read_array
from wincook.errors import DataError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for place in sys.argv[1:]:
    try:
        read_array(place)
    except DataError as error:
        print(error, file=sys.stderr)
    else:
        sys.exit(f"{place} was read")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
def test_small_files_that_grow_take_no_memory(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.npy", "w", force_zip64=True) as member,
    ):
        claim = {"descr": "<f4", "fortran_order": False, "shape": (1, 1, 200, 10**6)}
        np.lib.format.write_array_header_1_0(member, claim)
        for _ in range(100):
            member.write(bytes(8 * 10**6))
    Image.new("L", (13_000, 13_000)).save(tmp_path / "large.png")
    with (tmp_path / "claim.npy").open("wb") as stream:
        np.lib.format.write_array_header_1_0(stream, claim)
    places = [str(tmp_path / name) for name in ("bomb.npz", "large.png", "claim.npy")]
    run = subprocess.run([sys.executable, "-c", READ_ALL, *places], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 32 << 10, run.stderr  # KiB; the first alone unpacks to 763 MiB
