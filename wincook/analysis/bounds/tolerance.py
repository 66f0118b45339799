"""From bounds to the atol and rtol of a test, with the reasons.

`np.testing.assert_allclose` asks for |y - reference| ≤ atol + rtol |reference|. The error of an algorithm grows with
the data and not with |y|, which may be 0 by cancellation; so the bound goes into atol. So does that of the reference,
if it is not computed in a format much wider: direct convolution sums C·r products, which is F(1,1) with C·r channels.
rtol is the unit roundoff of the outputs, for references rounded to their format (absolute and relative errors: Higham,
*Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 1.2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

from wincook.analysis.bounds.probabilistic import likely_bound_of
from wincook.analysis.bounds.worst_case import bound_by_stage
from wincook.analysis.data.distributions import Law
from wincook.analysis.problem import OfProblem, Problem
from wincook.arguments import choice, real_number, whole_number
from wincook.construct.subject import Subject
from wincook.errors import FormatError, NotationError
from wincook.exact.rounded_up import rounded_up
from wincook.formats import FLOAT16, FLOAT32, FLOAT64, Format, official_name
from wincook.precision import Precision
from wincook.shown import brief

REFERENCES = {fmt.name: fmt for fmt in (FLOAT64, FLOAT32, FLOAT16)}  # those that numpy computes in


@dataclass(frozen=True, slots=True)
class Tolerance(OfProblem):
    """What a test should allow, and why: each step with its numbers.

    It holds for data of the `law`, but for the probability `p`; where p is 0, for all data with |d| ≤ `d_max` and
    |g| ≤ `g_max`.
    """

    problem: Problem
    d_max: float
    g_max: float
    p: float
    outputs: int
    against: str
    atol: float
    rtol: float
    why: tuple[str, ...]

    __repr__ = brief

    def __str__(self) -> str:
        return f"atol={self.atol:g}, rtol={self.rtol:g}"


def tolerance(
    algorithm: Subject,
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    d_max: float = 1.0,
    g_max: float = 1.0,
    p: float = 1e-9,
    outputs: int = 1,
    against: str = "float64",
) -> Tolerance:
    """The atol and rtol with which to test an implementation.

    Args:
        algorithm: any correlation of real numbers.
        format: of all stages, or a policy with one for each.
        channels: C, over which products are summed.
        law: how the data of the test are drawn.
        d_max: the largest |d| where p is 0; else what the law draws is multiplied by it.
        g_max: the largest |g|, likewise.
        p: how probable it may be that a right implementation fails; 0 for never, with any data in these ranges.
        outputs: how many numbers the test compares.
        against: in what direct convolution, the reference, is computed: float64, float32 or float16.

    Raises:
        NotationError: unknown law or reference, or numbers out of range.
        FormatError: there is no finite tolerance, since a stage may saturate.
        AlgorithmError: the algorithm is no correlation of real numbers.

    >>> print(tolerance("F(4x4,3x3)", channels=64))
    atol=0.00014, rtol=5.96046e-08
    """
    problem = Problem.of(algorithm, format, channels, law, purpose="have a tolerance")
    official = official_name(against)
    known = isinstance(official, str) and official in REFERENCES
    against = choice("reference", official if known else against, REFERENCES)
    outputs, p = whole_number("outputs", outputs, error=NotationError), real_number("p", p, least=0, below=1)
    d_max, g_max = real_number("d_max", d_max, above=0), real_number("g_max", g_max, above=0)
    direct = replace(problem.direct, precision=Precision.of(against))
    own_error, reference_error = (
        bound_by_stage(side, d_max, g_max).largest
        if not p
        else likely_bound_of(side, p / outputs).largest * d_max * g_max
        for side in (problem, direct)
    )
    tile, precision = problem.algorithm.tile, problem.precision
    if not isfinite(own_error):
        raise FormatError(
            f"{tile} in {precision} may saturate, and then the error has no bound; take narrower ranges, "
            "or a wider format"
        )
    holds = (
        f"for {problem.law.name} data the error of one output exceeds it with probability p / outputs = "
        f"{p / outputs:.3g}"
        if p
        else "for all data in these ranges that do not overflow"
    )
    what = f"{tile} in {precision}, C = {problem.channels}, |d| ≤ {d_max:g}, |g| ≤ {g_max:g}"
    if p:
        what = f"{tile} in {precision}, C = {problem.channels}, d times {d_max:g}, g times {g_max:g}"
    rtol = 0.0 if precision.output.is_integer else float(precision.output.unit_roundoff)
    atol = float(rounded_up(own_error + reference_error))
    reference = rounded_up(reference_error, 3)
    why = (
        f"{what}: the bound is {rounded_up(own_error, 3)}, {holds}.",
        f"The reference, direct convolution in {against}: {direct.channels} terms, off by {reference} likewise.",
        f"atol is the sum of both, {rounded_up(own_error + reference_error, 3)}, rounded up to {atol:g}.",
        f"rtol is the unit roundoff of the outputs, {rtol:.3g}, for a reference rounded to {precision.output}.",
    )
    return Tolerance(
        problem=problem,
        d_max=d_max,
        g_max=g_max,
        p=p,
        outputs=outputs,
        against=against,
        atol=atol,
        rtol=rtol,
        why=why,
    )
