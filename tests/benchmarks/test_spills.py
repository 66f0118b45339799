"""What does not fit into registers may not grow unseen."""

from __future__ import annotations

import pytest

import wincook as wc
from benchmarks.spills import TILES, Spills, spills, spills_of
from wincook.kernels.run.listing import listings
from wincook.kernels.target import host_isa_names

# Stores and reads of vectors on the stack in the transforms of NCHW with AVX-512, of LLVM 22, rounded up to tens. A
# change that needs more raises the number, and its commit says what was gained for it.
MOST = dict(zip(TILES, (10, 30, 40, 60, 30, 150), strict=True))


@pytest.mark.slow
@pytest.mark.skipif("avx512" not in host_isa_names(), reason="counted with AVX-512")
@pytest.mark.parametrize("tile", TILES)
def test_micro_kernels_spill_nothing_and_transforms_no_more_than_they_did(tile: str) -> None:
    counted = spills_of(tile, "avx512")
    micro_kernel = counted["micro_kernel_14"]
    assert micro_kernel.instructions > 2 * 14 * 2  # each sum is cleared, and takes part in an fma
    assert (micro_kernel.stores, micro_kernel.reloads) == (0, 0)
    transforms = counted["stripe"]
    assert transforms.stores + transforms.reloads <= MOST[tile]


@pytest.mark.slow
@pytest.mark.skipif("avx512" not in host_isa_names(), reason="counted with AVX-512")
def test_rings_of_depthwise_kernels_keep_their_sums_and_weights_in_registers() -> None:
    """What is left is masks, made once for many rows: nothing in the loop."""
    layer = wc.Layer(64, 64, (56, 56), (3, 3), padding=1, groups=64)
    (module,) = wc.compile(layer, threads=1, target="avx512").modules
    (counted,) = (spills(listing.assembly) for listing in listings(module) if listing.function == "stripe")
    assert counted.instructions > 3 * 4 * 9  # fmas of a row, and more
    assert counted.stores + counted.reloads <= 20


def test_what_counts() -> None:
    lines = (
        "\tvmovaps\t%zmm3, 128(%rsp)",
        "\tvmovups\t%zmm3, 64(%rbp,%rax)",
        "\tvmovups\t128(%rsp), %zmm3",
        "\tvfmadd231ps\t64(%rsp){1to16}, %zmm1, %zmm2",
        "\tvmovups\t%zmm3, 64(%rdi)",
        "\tmovq\t%rax, 64(%rsp)",
        "\tvaddps\t%xmm1, %xmm2, %xmm3",
    )
    frame = "\tmovq\t%rsp, %rbp"
    assert spills("\n".join([frame, *lines])) == Spills(instructions=6, stores=2, reloads=2)
    assert spills("\n".join(lines)) == Spills(instructions=6, stores=1, reloads=2)  # %rbp is a register like others
