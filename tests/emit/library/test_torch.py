"""A library as operators of torch, without wincook: built with the headers of torch's wheel alone."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tests.emit.library.conftest import LAYER
from tests.emit.library.tools import needs, ran
from wincook.emit import Library
from wincook.kernels import make_plan
from wincook.kernels.compile import kernel_of

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.slow
PADDING = {"top": 1, "bottom": 1, "left": 1, "right": 1}


@pytest.fixture(scope="module")
def operators(library: Library) -> Any:
    needs("make", "g++", "ar")
    ran("make", "-s", "torch", f"TORCH={torch.__path__[0]}", folder=library.folder)
    torch.ops.load_library(library.folder / "conv_torch.so")
    return torch.ops.conv


def random(*shape: int) -> Any:
    return torch.rand(shape, generator=torch.Generator().manual_seed(len(shape))) * 2 - 1


def test_operators_have_the_bits_of_a_kernel(operators: Any) -> None:
    x, weights, bias = random(*LAYER.input_shape), random(*LAYER.weight_shape), random(LAYER.filters)
    y = operators.convolve(x, operators.pack(weights, bias), LAYER.filters, **PADDING)
    kernel = kernel_of(make_plan(LAYER, "F(4x4,3x3)", threads=1))
    expected = kernel(x.numpy(), kernel.pack(weights.numpy(), bias.numpy()))
    np.testing.assert_array_equal(y.numpy().view(np.int32), expected.view(np.int32))


@pytest.mark.nightly
def test_compilers_take_operators_as_they_are(operators: Any) -> None:
    packed = operators.pack(random(4, 3, 3, 3))
    outcome = torch.library.opcheck(operators.convolve, (random(2, 3, 9, 8), packed, 4), PADDING)
    assert set(outcome.values()) == {"SUCCESS"}
    compiled = torch.compile(lambda x: operators.convolve(x, packed, 4).relu(), fullgraph=True, backend="aot_eager")
    assert compiled(random(1, 3, 5, 6)).shape == (1, 4, 3, 4)


def test_what_cannot_be_is_an_error_of_torch(operators: Any) -> None:
    packed = operators.pack(random(4, 3, 3, 3))
    x = random(2, 3, 9, 8)
    for wrong, why in (
        ((x.double(), packed, 4), "x must be of float32"),
        ((x.to(memory_format=torch.channels_last), packed, 4), "x must be contiguous"),
        ((x[0], packed, 4), "x must have four axes"),
        ((x, packed, 40), "packed must be"),
        ((x[:, :, :2], packed, 4), "cannot be"),
        ((x, packed, 4, x), "no residual"),
    ):
        with pytest.raises(RuntimeError, match=why):
            operators.convolve(*wrong)
    with pytest.raises(RuntimeError, match="no code for such filters"):
        operators.pack(random(4, 3, 5, 5))
    with pytest.raises(RuntimeError, match="bias must have"):
        operators.pack(random(4, 3, 3, 3), random(5))


def test_one_file_is_for_every_python_and_for_torch_from_2_9_on(operators: Any, library: Library) -> None:
    needs("nm")
    asked = ran("nm", "-D", "--undefined-only", "conv_torch.so", folder=library.folder)
    assert "aoti_torch_library_impl" in asked
    # Names of other functions of torch's start with torch_, and are as young as 2.10.
    assert not re.search(r" (_?Py|torch_|.*c10|.*3at)", asked)
