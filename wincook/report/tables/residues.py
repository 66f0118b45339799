"""A residue system as plain data and as a table."""

from __future__ import annotations

from math import prod

from rich.table import Table

from wincook.construct.residue.system import ResidueSystem, SystemProof
from wincook.interchange.write.plain import Plain
from wincook.report.tables.algorithm import table


def plain_residues(system: ResidueSystem, proof: SystemProof) -> Plain:
    """Primes, ranges, widths and counts, and what was proven."""
    return {
        "tile": str(system.tile),
        "moduli": list(system.moduli),
        "points": [[str(points) for points in algorithm.points] for algorithm in system.algorithms],
        "inputs": [system.inputs.least, system.inputs.most],
        "filters": [system.filters.least, system.filters.most],
        "channels": system.channels,
        "largest": system.largest,
        "word": system.word,
        "bits": system.bits,
        "multiplications": system.multiplications,
        "direct_multiplications": system.tile.direct_multiplications,
        "speedup": system.speedup,
        "identities": sum(part.identities for part in proof.proofs),
        "proven": True,
    }


def residues_table(system: ResidueSystem, proof: SystemProof) -> Table:
    """What the system is, in words on the left and numbers on the right."""
    outputs = prod(system.tile.outputs)
    direct = system.tile.direct_multiplications
    rows = table(f"{system.tile} in residues", "", "", names=2, caption=f"proven: {proof}")
    rows.show_header = False
    for name, value in (
        ("moduli", ", ".join(map(str, system.moduli))),
        ("inputs, filters, channels", f"{system.inputs}, {system.filters}, {system.channels}"),
        ("largest output, product of the moduli", f"{system.largest}, {prod(system.moduli)}"),
        ("bits of a residue", str(system.word)),
        ("bits by stage", ", ".join(f"{stage} {bits}" for stage, bits in system.bits.items())),
        ("multiplications per output", f"{system.multiplications / outputs:.2f}"),
        ("the same, direct", f"{direct / outputs:.2f} ({system.speedup:.2f} times as many)"),
    ):
        rows.add_row(name, value)
    return rows
