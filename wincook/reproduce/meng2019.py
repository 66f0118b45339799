"""Meng and Brothers 2019: complex points, fewer products, shorter integers (arXiv 1901.01965).

F(4x4,3x3) on 0, ±1, ±i, ∞: a product of two conjugate values is one complex product of three real ones, and where both
axes have ±i, two complex products of three do for four. Bits are those of 8-bit filters times the integer form of G,
the worst case over all filters (`wincook.construct.rescale.named.integers`).
"""

from __future__ import annotations

from wincook.construct import algorithm
from wincook.construct.rescale.named import integers
from wincook.reproduce.finding import Finding, Progress, Reproduction, published, silent

KEY = "meng2019"
_FILTER_BITS, _INPUT_BITS = 8, 8
_AS_PRINTED = 2e-3
_DEFINITION = (
    "products of one joint set, proven; bits of G' g for filters of 8 bits and G' the integer form of G, no fewer of "
    "which hold every filter"
)


def reproduce(progress: Progress = silent) -> Reproduction:
    """The products and the speed-up."""
    facts = published(KEY)
    progress("integer forms")
    joint = algorithm(facts["tile"], facts["points"], joint=True)
    joint.verify()
    rational = algorithm(facts["tile"], facts["rational_points"])
    findings = (
        Finding(f"products of {joint.tile}", facts["products"], joint.multiplications, 0.0),
        Finding("direct products over these", facts["speedup"], joint.speedup, _AS_PRINTED),
    )
    with_complex, with_rational = (
        integers(chosen).widths(_FILTER_BITS, _INPUT_BITS).bits for chosen in (joint, rational)
    )
    saved = 100 * (1 - with_complex.filter / with_rational.filter)
    remark = (
        f"Exact, transformed filters take {with_complex.filter} bits rather than {with_rational.filter}, inputs "
        f"{with_complex.input} rather than {with_rational.input}: {saved:.1f} % fewer for filters. The published "
        f"{facts['bits_saved_percent']} % (4 of 13 bits would be that) come of a scaling of filters that rounds them, "
        f"and the abstract does not say what the published gain of {facts['gain_percent']} % counts: neither is "
        "defined well enough to be computed here."
    )
    return Reproduction(KEY, _DEFINITION, findings, remarks=(remark,))
