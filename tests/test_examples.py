from __future__ import annotations

import json
import re
import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from tests.emit.library.tools import needs, ran
from tests.some import at_night
from wincook.kernels.target import host_isa_names

FOLDER = Path(__file__).parents[1] / "examples"
TRAINED, SPARSE = FOLDER / "train_and_convert.py", FOLDER / "train_sparse.py"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NARROW = (False, True, True, False)  # the ways of the trained example after torch's
EXAMPLES = sorted(set(FOLDER.glob("*.py")) - {TRAINED, SPARSE})


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs_and_says_something(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(example), run_name="__main__")
    assert capsys.readouterr().out.strip()


@pytest.mark.slow
def test_programs_in_c_and_cpp_draw_what_scipy_draws(tmp_path: Path) -> None:
    needs("make", "gcc", "g++", "ar", "pkg-config", "libpng-config")
    shutil.copytree(Path(__file__).parents[1] / "examples" / "c", tmp_path / "c")
    machine = "x86-64-v3" if "avx2" in host_isa_names() else ""  # one variant is sooner made than three
    ran("make", "-s", f"PYTHON={sys.executable}", f"MACHINE={machine}", "check", folder=tmp_path / "c")


@pytest.mark.slow
@pytest.mark.parametrize("is_whole", [False, at_night(True)], ids=["one block", "whole"])
@pytest.mark.filterwarnings("ignore:.*LeafSpec:FutureWarning")  # torch's own exporter
def test_a_trained_network_is_as_accurate_when_converted(
    is_whole: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("sklearn", "onnxscript"):
        pytest.importorskip(package)
    torch = pytest.importorskip("torch")
    monkeypatch.setattr("sys.argv", [TRAINED.name])
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # its threads wait for one another in circles, where other tests run beside
    try:
        example = runpy.run_path(str(TRAINED), run_name="__main__" if is_whole else "example")
        if not is_whole:
            monkeypatch.setitem(example["main"].__globals__, "network", lambda: of_one_block(example["Block"]))
            example["main"](10)
    finally:
        torch.set_num_threads(threads)
    printed = capsys.readouterr().out
    by_torch, *others = (float(share) for share in re.findall(r"([0-9.]+)% of", printed))
    assert len(others) == 4
    assert all(abs(share - by_torch) <= (0.5 if narrow else 0.1) for share, narrow in zip(others, NARROW, strict=True))
    assert float(re.findall(r"([0-9.]+) of it", printed)[0]) < 1.5  # its error, of what is predicted


def of_one_block(block: Any) -> Any:
    """Images (N, 1, 16, 16) to scores (N, 10), by three convolutions."""
    nn = pytest.importorskip("torch").nn
    return nn.Sequential(block(1, 16), nn.AdaptiveMaxPool2d(4), nn.Flatten(), nn.Linear(256, 10))


@pytest.mark.nightly
def test_a_network_keeps_its_accuracy_where_most_blocks_are_zero(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within 1 % of the dense one at 70 % zero, and within 2 % at 80 %."""
    pytest.importorskip("sklearn")
    torch = pytest.importorskip("torch")
    monkeypatch.setattr("sys.argv", [SPARSE.name, "--steps", "100"])
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        runpy.run_path(str(SPARSE), run_name="__main__")
    finally:
        torch.set_num_threads(threads)
    printed = capsys.readouterr().out
    (dense,) = re.findall(r"dense: ([0-9.]+)%", printed)
    _, *trained = (float(share) for share in re.findall(r"([0-9.]+)% trained on", printed))
    assert float(dense) >= 97
    assert trained[0] >= float(dense) - 1
    assert trained[1] >= float(dense) - 2


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_prints_what_is_kept_in_it(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variables: dict[str, object] = {}
    plt.switch_backend("agg")
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), variables)  # noqa: S102 (it is our own)
            kept = "".join("".join(output.get("text", [])) for output in cell["outputs"])
            printed = capsys.readouterr().out
            assert printed == kept or " ms on one thread" in kept
    assert plt.get_fignums()
    plt.close("all")


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3
