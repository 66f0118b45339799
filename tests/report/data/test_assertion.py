from __future__ import annotations

import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.bounds.tolerance import tolerance
from wincook.errors import AlgorithmError
from wincook.report.data.assertion import pytest_text
from wincook.report.data.plain.tolerance import plain_tolerance

CASES = {
    "F(4x4,3x3)": (wc.algorithm("F(4x4,3x3)"), {"channels": 8}),
    "F(6,3) balanced in float16": (wc.gauge("F(6,3)", "balance"), {"format": "float16", "law": "normal"}),
    "F(2x3,3x2) scaled": (wc.algorithm("F(2x3,3x2)"), {"d_max": 8.0, "g_max": 0.1, "against": "float32"}),
    "F(2x2x2,2x2x2)": (wc.algorithm("F(2x2x2,2x2x2)", "0, 1/3, ∞"), {"p": 0.0, "format": "float32, U=bfloat16"}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_test_runs_and_can_fail(case: str) -> None:
    algorithm, options = CASES[case]
    allowed = tolerance(algorithm, **options)  # type: ignore[arg-type]  # options of many types
    text = pytest_text(allowed)
    assert plain_tolerance(allowed)["atol"] == allowed.atol
    for tampered, fails in ((text, False), (text.replace("y.astype(np.float64),", "100 * y,"), True)):
        names: dict[str, object] = {}
        exec(compile(tampered, case, "exec"), names)  # noqa: S102 (this is what users do with it)
        (run,) = (value for name, value in names.items() if name.startswith("test_"))
        assert callable(run)
        if fails:
            with pytest.raises(AssertionError, match="Not equal to tolerance"):
                run()
        else:
            run()


def test_algorithms_without_notation_have_no_test(golden: Golden) -> None:
    joint = wc.algorithm("F(2x2,2x2)", "0, x^2+1", joint=True)
    with golden.raises(AlgorithmError):
        pytest_text(tolerance(joint))


def test_the_test_of_a_rigorous_tolerance_draws_within_its_ranges() -> None:
    """Normal data leave |d| ≤ 1, where the tolerance does not hold."""
    text = pytest_text(tolerance(wc.algorithm("F(2,3)"), law="normal", p=0))
    assert '1, "uniform")' in text
