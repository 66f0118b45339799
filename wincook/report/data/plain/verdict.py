"""Proofs, and what was found in matrices from elsewhere, ready for JSON."""

from __future__ import annotations

from wincook.bilinear import Proof
from wincook.interchange.read.examine import Examined
from wincook.interchange.read.sets.reading import Reading
from wincook.interchange.write.plain import Plain, plain_matrix
from wincook.judge import Rounding, Verdict


def plain_proof(proof: Proof) -> Plain:
    """What was proven."""
    return {
        "tile": str(proof.tile),
        "multiplications": proof.multiplications,
        "identities": proof.identities,
        "symbols": list(proof.symbols),
        "proven": True,
    }


def plain_verdict(reading: Reading, verdict: Verdict) -> Plain:
    """What matrices of one axis were found to be, and how they were read."""
    return {
        "tile": str(verdict.tile),
        "multiplications": reading.axis.multiplications,
        "kind": verdict.kind,
        "modulus": verdict.modulus,
        "joint": verdict.tile.dimension > 1,
        "nearest": verdict.nearest,
        "scale": str(verdict.scale),
        "points": None if verdict.points is None else str(verdict.points),
        "sums": verdict.sums,
        "wrong": len(verdict.wrong),
        "wrong_sums": [str(entry) for entry in verdict.wrong],
        "inexact": verdict.inexact,
        "rounding": None if verdict.rounding is None else _plain_rounding(verdict.rounding),
        "products": list(verdict.products),
        "repairs": [
            {
                "mistakes": [str(mistake) for mistake in repair.mistakes],
                "factors": [str(factor) for factor in repair.factors],
            }
            for repair in verdict.repairs
        ],
        "scalings": [
            {"product": scaling.product} | {name: str(getattr(scaling, name)) for name in ("AT", "G", "BT")}
            for scaling in verdict.scalings
        ],
        "taken_for": dict(reading.taken_for),
        "decimals": {decimal.text: str(decimal.exact) for decimal in reading.taken},
        "inexact_entries": list(reading.doubts),
    }


def _plain_rounding(rounding: Rounding) -> Plain:
    """How each matrix is rounded, and the exact ones."""
    exact = {name: plain_matrix(getattr(rounding.exact, name)) for name in ("AT", "G", "BT")}
    return {"to": dict(rounding.rules), "exact": exact}


def plain_examined(examined: Examined, verdicts: list[Verdict]) -> list[Plain]:
    """What one file holds, an entry for each set; each has what was not judged in its file."""
    unjudged = [{"name": item.name, "reason": item.reason, "blocks": item.blocks} for item in examined.unjudged]
    return [
        {
            "file": examined.name,
            **plain_verdict(reading, verdict),
            "remarks": list(reading.remarks),
            "not_judged": unjudged,
        }
        for reading, verdict in zip(examined.readings, verdicts, strict=True)
    ]
