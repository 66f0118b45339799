"""A residue system, ready for JSON."""

from __future__ import annotations

from wincook.construct.residue.system import ResidueSystem, SystemProof
from wincook.interchange.write.plain import Plain


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
        "bits": dict(system.accumulators.stages.items()) | {"reconstruction": system.accumulators.reconstruction},
        "multiplications": system.multiplications,
        "direct_multiplications": system.tile.direct_multiplications,
        "speedup": system.speedup,
        "identities": sum(algorithm_proof.identities for algorithm_proof in proof.proofs),
        "proven": True,
    }
