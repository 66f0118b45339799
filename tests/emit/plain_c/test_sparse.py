"""Plain C that leaves out what a mask leaves out: the bits of the interpreter, and masks that cannot be."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import OK, Called, arguments, dims_of
from tests.emit.library.masks import check_statuses, in_walls, words_of
from tests.emit.plain_c.builds import built
from tests.kernels.guarded import filled, walled
from wincook.emit import emit_c
from wincook.kernels import make_plan
from wincook.sparse import Mask, prune, simulate, transformed

pytestmark = pytest.mark.slow
TILE = "F(2x2,3x3)"
LAYER = wc.Layer(75, 40, (5, 7), (3, 3), ((1, 1), (0, 1)))  # sums of more than one chain
BUILD_OF = {"float32": "widest", "bfloat16": "none"}


@pytest.fixture(scope="module")
def functions(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Called:
    format, folder = request.param, tmp_path_factory.mktemp("sparse")
    plan = make_plan(LAYER, TILE, format=format, sparse=True, threads=1, target="generic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder))  # nothing is compiled yet
        emitted = emit_c(plan, folder / "conv", name="conv")
    library = built(emitted.folder, BUILD_OF[format])
    called = Called(library, "conv")
    called._functions["pack_sparse"] = ctypes.CDLL(str(library)).conv_pack_sparse
    return called


@pytest.mark.parametrize(("functions", "format"), [(format, format) for format in BUILD_OF], indirect=["functions"])
def test_the_bits_are_those_of_the_interpreter(functions: Called, format: str) -> None:
    rng, dims = np.random.default_rng(2), dims_of(LAYER)
    x, weights, U = (filled(s, "end", rng) for s in (LAYER.input_shape, LAYER.weight_shape, (40, 75, 4, 4)))
    U[...] = transformed(TILE, weights)
    mask = prune(TILE, weights, sparsity=0.5, block=(32, 2))
    bits = in_walls(len(mask.bits), "end")
    words, every = (
        words_of(mask, bits),
        Mask.of(wc.algorithm(TILE), np.ones_like(mask.kept), filters=40, channels=75, block=(32, 2)),
    )
    _, sizes = functions.sizes(dims)
    for given, is_transformed, kept, place in ((weights, 0, mask, words), (U, 1, mask, words), (U, 1, every, None)):
        expected = simulate(TILE, kept, layer=LAYER, x=x, weights=weights, format=format)
        packed, workspace = (in_walls(-(-sizes[name] // 64) * 64, "end") for name in ("packed", "workspace"))
        y = walled(expected.size, "start").reshape(expected.shape)
        rest = (None, None, None, packed, sizes["packed"], is_transformed)
        assert functions.status("pack_sparse", dims, place, given, *rest) == OK
        assert functions.status("run", arguments(dims, x, None, y, packed, workspace), 0, sizes["items"]) == OK
        assert y.tobytes() == expected.tobytes()


def test_a_layer_that_pads_otherwise_takes_the_mask_of_its_kernel(tmp_path: Path) -> None:
    layer = wc.Layer(5, 9, (6, 7), (3, 3), 1, padding_mode="reflect")
    plan = make_plan(layer, TILE, sparse=True, threads=1, target="generic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))  # nothing is compiled yet
        folder = emit_c(plan, tmp_path / "reflected", name="reflected").folder
    library, rng = built(folder, "four", "reflected"), np.random.default_rng(4)
    called, dims = Called(library, "reflected"), dims_of(layer)
    called._functions["pack_sparse"] = ctypes.CDLL(str(library)).reflected_pack_sparse
    x, weights = (filled(shape, "end", rng) for shape in (layer.input_shape, layer.weight_shape))
    mask = prune(TILE, weights, sparsity=0.5, block=(8, 1))
    bits = in_walls(len(mask.bits), "end")
    padded = np.pad(x, ((0, 0), (0, 0), *layer.pads), mode="reflect")
    expected = simulate(TILE, mask, layer=layer.unpadded, x=padded, weights=weights)
    _, sizes = called.sizes(dims)
    packed, workspace = (in_walls(-(-sizes[name] // 64) * 64, "end") for name in ("packed", "workspace"))
    y = walled(expected.size, "start").reshape(expected.shape)
    rest = (None, None, None, packed, sizes["packed"], 0)
    assert called.status("pack_sparse", dims, words_of(mask, bits), weights, *rest) == OK
    assert called.status("run", arguments(dims, x, None, y, packed, workspace), 0, sizes["items"]) == OK
    assert y.tobytes() == expected.tobytes()


@pytest.mark.parametrize("functions", ["bfloat16"], indirect=True)
def test_masks_that_cannot_be_are_statuses(functions: Called) -> None:
    check_statuses(functions, LAYER, TILE, (32, 1))  # vectors are of one float in this build
