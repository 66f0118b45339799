"""A residue system: its primes, widths and counts."""

from __future__ import annotations

from math import prod

from wincook.construct.residue.system import ResidueSystem, SystemProof
from wincook.report.table import Cell, Table, remark, table, words


def residues_table(system: ResidueSystem, proof: SystemProof) -> Table:
    """What the system is, a line for each thing."""
    outputs = prod(system.tile.outputs)
    direct = system.tile.direct_multiplications
    return table(
        "residues",
        f"{system.tile} in residues",
        [words("what"), remark("value")],
        [
            ("moduli", ", ".join(map(str, system.moduli))),
            ("inputs, filters, channels", f"{system.inputs}, {system.filters}, {system.channels}"),
            ("largest output, product of the moduli", f"{system.largest}, {prod(system.moduli)}"),
            ("bits of a residue", system.word),
            ("bits by stage", str(system.accumulators)),
            ("multiplications per output", _rounded(system.multiplications / outputs)),
            ("the same, direct", _rounded(direct / outputs)),
            ("speed-up in products", _rounded(system.speedup)),
        ],
        caption=f"proven: {proof}",
    )


def _rounded(value: float) -> Cell:
    return Cell(f"{value:.2f}", (value,))
