"""Libraries of sparse kernels: the bits of this process for what a mask keeps, and masks that cannot be."""

from __future__ import annotations

import ctypes
from dataclasses import replace

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import OK, Called, arguments, dims_of
from tests.emit.library.here import ISA, MACHINE
from tests.emit.library.masks import check_statuses, in_walls, words_of
from tests.emit.library.tools import needs, ran
from tests.kernels.guarded import filled, walled
from wincook.emit import Library, emit_library
from wincook.kernels import LayerPlan, make_plan
from wincook.kernels.compile import kernel_of
from wincook.sparse import prune, transformed

pytestmark = pytest.mark.slow
LAYER = wc.Layer(21, 70, (9, 11), (3, 3), ((1, 2), (0, 1)), 2)
TILE = "F(2x2,3x3)"
LAYERS = {"float32": replace(LAYER, padding_mode="reflect"), "bfloat16": LAYER}  # the first takes more than its kernel


@pytest.fixture(scope="module")
def plans() -> dict[str, LayerPlan]:
    return {
        format: make_plan(layer, TILE, format=format, sparse=True, threads=1, target=ISA)
        for format, layer in LAYERS.items()
    }


@pytest.fixture(scope="module")
def library(plans: dict[str, LayerPlan], tmp_path_factory: pytest.TempPathFactory) -> Library:
    needs("make", "gcc", "ar")
    return emit_library(plans, tmp_path_factory.mktemp("sparse") / "net", name="net", machine=MACHINE)


def called(library: Library, format: str) -> Called:
    functions = Called(library.folder / "libnet.so", f"net_{format}")
    functions._functions["pack_sparse"] = getattr(
        ctypes.CDLL(str(library.folder / "libnet.so")), f"net_{format}_pack_sparse"
    )
    return functions


def test_the_test_in_c_passes(library: Library) -> None:
    assert "WRONG" not in ran("make", "-s", "test", "example", folder=library.folder)


@pytest.mark.nightly
def test_valgrind_finds_nothing(library: Library) -> None:
    ran("make", "-s", "test", folder=library.folder)
    needs("valgrind")
    if ISA == "avx512":
        pytest.skip("valgrind knows no AVX-512")
    ran("valgrind", "-q", "--error-exitcode=3", "./test_net", folder=library.folder)


@pytest.mark.parametrize("side", ["start", "end"])
@pytest.mark.parametrize("format", LAYERS)
def test_a_library_has_the_bits_of_a_kernel_and_stays_within_its_arrays(
    format: str, side: str, library: Library, plans: dict[str, LayerPlan]
) -> None:
    functions, rng, dims = called(library, format), np.random.default_rng(2), dims_of(LAYER)
    x, weights, bias = (filled(shape, side, rng) for shape in (LAYER.input_shape, LAYER.weight_shape, (70,)))
    mask, kernel = prune(TILE, weights, sparsity=0.7, block=(32, 2)), kernel_of(plans[format])
    U = filled((70, 21, 4, 4), side, rng)
    U[...] = transformed(TILE, weights)
    bits = in_walls(len(mask.bits), side)
    words = words_of(mask, bits)
    _, sizes = functions.sizes(dims)
    for given, is_transformed, kept, place in ((weights, 0, mask, words), (U, 1, mask, words), (U, 1, None, None)):
        expected = kernel(x, kernel.pack(given, bias, mask=kept))
        packed, workspace = (in_walls(-(-sizes[name] // 64) * 64, side) for name in ("packed", "workspace"))
        y = walled(expected.size, side).reshape(expected.shape)
        rest = (None, None, packed, sizes["packed"], is_transformed)
        assert functions.status("pack_sparse", dims, place, given, bias, *rest) == OK
        args = arguments(dims, x, None, y, packed, workspace)
        assert functions.status("run", args, 0, sizes["items"]) == OK
        assert y.tobytes() == expected.tobytes()


def test_masks_that_cannot_be_are_statuses(library: Library) -> None:
    check_statuses(called(library, "bfloat16"), LAYER, TILE, (4, 2), (32, 1), (33, 2))
