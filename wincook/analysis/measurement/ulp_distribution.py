"""How often a Gaussian error is so many ulps: what a measured histogram is to be held against.

Error e ~ N(0, σ²) and output y ~ N(0, s²) are taken as independent. In a binade 2^k ≤ |y| < 2^(k+1) one ulp is
2^(k-p+1), so P(|e| < t ulp(y)) = Σ_k P(binade k) · erf(t 2^(k-p+1) / (σ √2)), and the mean of this over the outputs of
a tile, of which each has its own σ (ulp after Muller et al., *Handbook of Floating-Point Arithmetic*, 2nd ed., section
2.3). Outputs near 0 make the tail long.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from math import erf, floor, inf, log2, sqrt

from wincook.arguments import items, real_number
from wincook.errors import FormatError, ShapeError, quoted
from wincook.exact.conversion import is_infinite
from wincook.formats import Format

_LARGEST = 2.0**1000  # beyond lies infinity
_ABOVE, _BELOW = 5, 60  # binades around s: outside them lie less than 1e-18 of the outputs


def expected_fractions(
    edges: Sequence[float], errors: Sequence[float], size: float, fmt: Format | str
) -> tuple[float, ...]:
    """The fraction of |errors| in ulps from each edge to the next.

    Args:
        edges: of the bins, ascending; the first may be 0, the last infinite.
        errors: σ, the RMS error at each output of a tile; one is enough where all are alike.
        size: s, the RMS of the outputs.
        fmt: the format of the outputs, a float.

    Raises:
        FormatError: an unknown format, or one without ulps.
        ShapeError: no errors, sizes that are not positive or far beyond all numbers, or edges that do not ascend.

    >>> [round(share, 2) for share in expected_fractions([0, 0.5, 1, float("inf")], [1e-7], 1.0, "float32")]
    [0.26, 0.19, 0.55]
    """
    fmt = Format.of(fmt)
    if fmt.is_exact or fmt.is_integer:
        raise FormatError(f"{fmt} has no ulps; choose a float format")
    size = real_number("size", size, above=0, most=_LARGEST, error=ShapeError)
    errors = [
        real_number("an error", error, above=0, most=_LARGEST, error=ShapeError)
        for error in items("errors", errors, "[1e-7]")
    ]
    edges = [_edge(edge) for edge in items("edges", edges, "[0, 1, 2, float('inf')]")]
    if not errors or not all(a < b for a, b in pairwise(edges)):
        raise ShapeError(f"give at least one error, not {len(errors)}, and edges that ascend, not {quoted(edges)}")
    top = floor(log2(size)) + _ABOVE
    binades = range(max(fmt.emin, top - _BELOW), max(fmt.emin, top) + 1)
    below = [erf(2.0 ** (k + 1) / (size * sqrt(2))) for k in binades]  # P(|y| < 2^(k+1))
    weights = below[:1] + [b - a for a, b in pairwise(below)]
    ulps = [2.0 ** (k - fmt.precision + 1) for k in binades]

    def reached(t: float) -> float:
        parts = product(zip(weights, ulps, strict=True), errors)
        return sum(weight * erf(t * ulp / (error * sqrt(2))) for (weight, ulp), error in parts) / len(errors)

    cumulative = [reached(t) for t in edges]
    return tuple(b - a for a, b in pairwise(cumulative))


def _edge(value: object) -> float:
    return inf if is_infinite(value) else real_number("an edge", value, least=0, error=ShapeError)
