from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from llvmlite import binding

import wincook as wc
from wincook.kernels.run.listing import Listing, joined, linked, listings

pytestmark = pytest.mark.slow  # all functions are compiled anew


FUNCTIONS = {  # by channels of the layer: of nested kernels, and of shallow ones
    5: ["stripe", "pack_filters", "micro_kernel_6"],
    3: ["pack_filters", "stripe", "tile_kernel_4", "load_kernel_4"],
}


@pytest.fixture(scope="module", params=FUNCTIONS)
def channels(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def module(channels: int) -> ModuleType:
    layer = wc.Layer(channels, 5, (6, 6), (3, 3), padding=1)
    return wc.compile(layer, "F(2x2,3x3)", threads=1, target="generic").modules[0]


@pytest.fixture(scope="module")
def parts(module: ModuleType) -> tuple[Listing, ...]:
    return listings(module)


def test_it_is_the_same_each_time(channels: int, module: ModuleType, parts: tuple[Listing, ...]) -> None:
    assert listings(module) == parts
    assert [part.function for part in parts] == FUNCTIONS[channels]
    assert "wincook" not in linked(parts) + joined(parts)


def test_llvm_is_one_module_of_all_functions(channels: int, parts: tuple[Listing, ...]) -> None:
    parsed = binding.parse_assembly(linked(parts))
    parsed.verify()
    defined = {function.name for function in parsed.functions if not function.is_declaration}
    assert defined == set(FUNCTIONS[channels])


def test_assembly_is_one_file_that_an_assembler_takes(parts: tuple[Listing, ...], tmp_path: Path) -> None:
    text = joined(parts)
    labels = re.findall(r"^(\S+):", text, re.MULTILINE)
    assert len(labels) == len(set(labels))
    if shutil.which("as"):
        (tmp_path / "code.s").write_text(text, encoding="utf-8")
        subprocess.run(["as", "code.s", "-o", "code.o"], cwd=tmp_path, check=True)
