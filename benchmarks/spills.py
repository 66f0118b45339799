"""Vectors that kernels keep on the stack for want of registers, counted from the assembly: python benchmarks/spills.py.

A transform works on more values than there are vector registers, 32 with AVX-512 and 16 with AVX2: what does not fit
is stored and read again. A micro-kernel has sums for just so many registers, and must store none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import wincook as wc
from wincook.kernels.run.listing import listings

TILES = tuple(f"F({m}x{m},3x3)" for m in range(2, 8))
_VECTOR = re.compile(r"%[xyz]mm\d+")
_ON_STACK, _IN_FRAME = re.compile(r"\(%rsp[,)]"), re.compile(r"\(%r[sb]p[,)]")
_HAS_FRAME = re.compile(r"movq\s+%rsp, %rbp")  # else %rbp is a register like others


@dataclass(frozen=True, slots=True)
class Spills:
    """Instructions of one function on vectors, and how many of them store to the stack or read from it."""

    instructions: int
    stores: int
    reloads: int


def spills(assembly: str) -> Spills:
    r"""Count in assembly for x86-64, in the notation of AT&T, where what is written stands last.

    >>> spills("vmovups %zmm1, 64(%rsp)\nvaddps 64(%rsp), %zmm0, %zmm1\nvmovups (%rax), %zmm2\n")
    Spills(instructions=3, stores=1, reloads=1)
    """
    lines = [line for line in assembly.splitlines() if _VECTOR.search(line)]
    place = _IN_FRAME if _HAS_FRAME.search(assembly) else _ON_STACK
    on_stack = [line for line in lines if place.search(line)]
    stores = sum(1 for line in on_stack if not _VECTOR.search(line.rsplit(",", 1)[-1]))
    return Spills(len(lines), stores, len(on_stack) - stores)


def spills_of(tile: str, target: str | None = None) -> dict[str, Spills]:
    """Of each function of a tile's kernel for NCHW, by name."""
    layer = wc.Layer(64, 64, (56, 56), (3, 3), padding=1)
    (module,) = wc.compile(layer, tile, threads=1, target=target).modules
    return {listing.function: spills(listing.assembly) for listing in listings(module)}


def main() -> None:
    """Print the table."""
    print("instructions on vectors / stores to the stack + reads from it")
    for tile in TILES:
        cells = (f"{name} {own.instructions} / {own.stores} + {own.reloads}" for name, own in spills_of(tile).items())
        print(f"{tile}: {', '.join(cells)}", flush=True)


if __name__ == "__main__":
    main()
