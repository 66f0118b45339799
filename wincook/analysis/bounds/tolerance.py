"""From bounds to the atol and rtol of a test, with the reasons.

`np.testing.assert_allclose` asks for |y - reference| ≤ atol + rtol |reference|. The error of an algorithm grows with
the data and not with |y|, which may be 0 by cancellation; so the bound goes into atol. So does that of the reference,
if it is not computed in a format much wider: direct convolution sums C·r products, which is F(1,1) with C·r channels.
rtol is the unit roundoff of the outputs, for references rounded to their format (absolute and relative errors: Higham,
*Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 1.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, prod

from wincook.analysis.bounds.probabilistic import likely_bound
from wincook.analysis.bounds.worst_case import error_bound, rounded_up
from wincook.analysis.data.distributions import Law
from wincook.arguments import choice, real_number, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as direct_algorithm
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import FormatError, NotationError
from wincook.formats import FLOAT16, FLOAT32, FLOAT64, Format
from wincook.precision import Precision

REFERENCES = {fmt.name: fmt for fmt in (FLOAT64, FLOAT32, FLOAT16)}  # those that numpy computes in


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What a test should allow, and why: each step with its numbers.

    It holds for data of the `law`, but for the probability `p`; where p is 0, for all data with |d| ≤ `d_max` and
    |g| ≤ `g_max`.
    """

    algorithm: BilinearAlgorithm
    precision: Precision
    channels: int
    d_max: float
    g_max: float
    law: Law
    p: float
    outputs: int
    against: str
    atol: float
    rtol: float
    why: tuple[str, ...]

    def __str__(self) -> str:
        return f"atol={self.atol:g}, rtol={self.rtol:g}"


def tolerance(
    algorithm: Subject,
    format: Precision | Format | str = "float32",  # noqa: A002 (the word that users type)
    channels: int = 1,
    d_max: float = 1.0,
    g_max: float = 1.0,
    law: Law | str = "uniform",
    p: float = 1e-9,
    outputs: int = 1,
    against: str = "float64",
) -> Tolerance:
    """The atol and rtol with which to test an implementation.

    Args:
        algorithm: any correlation of real numbers.
        format: of all stages, or a policy with one for each.
        channels: C, over which products are summed.
        d_max: the largest |d| where p is 0; else what the law draws is multiplied by it.
        g_max: the largest |g|, likewise.
        law: how the data of the test are drawn.
        p: how probable it may be that a right implementation fails; 0 for never, with any data in these ranges.
        outputs: how many numbers the test compares.
        against: in what direct convolution, the reference, is computed: float64, float32 or float16.

    Raises:
        NotationError: unknown law or reference, or numbers out of range.
        FormatError: there is no finite tolerance, since a stage may saturate.
        AlgorithmError: the algorithm is no correlation of real numbers.

    >>> from wincook.construct import algorithm
    >>> print(tolerance(algorithm("F(4x4,3x3)"), channels=64))
    atol=0.00014, rtol=5.96046e-08
    """
    algorithm, against = correlation_of(algorithm, "have a tolerance"), choice("reference", against, REFERENCES)
    channels, outputs = whole_number("channels", channels), whole_number("outputs", outputs, error=NotationError)
    p = real_number("p", p, least=0, below=1)
    d_max, g_max = real_number("d_max", d_max, above=0), real_number("g_max", g_max, above=0)
    precision, chosen = Precision.of(format), Law.of(law)
    terms = channels * prod(algorithm.tile.taps)
    direct = direct_algorithm("F(1,1)", "∞")
    own, reference = (
        error_bound(one, fmt, count, d_max, g_max)
        if not p
        else likely_bound(one, fmt, count, chosen, p / outputs).largest * d_max * g_max
        for one, fmt, count in ((algorithm, precision, channels), (direct, Precision.of(against), terms))
    )
    if not isfinite(own):
        raise FormatError(
            f"{algorithm.tile} in {precision} may saturate, and then the error has no bound; take narrower ranges, "
            "or a wider format"
        )
    holds = (
        f"for {chosen.name} data the error of one output exceeds it with probability p / outputs = {p / outputs:.3g}"
        if p
        else "for all data in these ranges that do not overflow"
    )
    what = f"{algorithm.tile} in {precision}, C = {channels}, |d| ≤ {d_max:g}, |g| ≤ {g_max:g}"
    if p:
        what = f"{algorithm.tile} in {precision}, C = {channels}, d times {d_max:g}, g times {g_max:g}"
    rtol = 0.0 if precision.output.is_integer else float(precision.output.unit_roundoff)
    atol = float(rounded_up(own + reference))
    why = (
        f"{what}: the bound is {rounded_up(own, 3)}, {holds}.",
        f"The reference, direct convolution in {against}: {terms} terms, off by {rounded_up(reference, 3)} likewise.",
        f"atol is the sum of both, {rounded_up(own + reference, 3)}, rounded up to {atol:g}.",
        f"rtol is the unit roundoff of the outputs, {rtol:.3g}, for a reference rounded to {precision.output}.",
    )
    return Tolerance(
        algorithm=algorithm,
        precision=precision,
        channels=channels,
        d_max=d_max,
        g_max=g_max,
        law=chosen,
        p=p,
        outputs=outputs,
        against=against,
        atol=atol,
        rtol=rtol,
        why=why,
    )
