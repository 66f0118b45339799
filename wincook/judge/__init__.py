"""What matrices compute: which convolution, on which points, or which sums are wrong and why."""

from wincook.judge.explain import Mistake, Repair
from wincook.judge.tensor import Aim, least_wrong
from wincook.judge.verdict import Verdict, WrongSum, judge

__all__ = ["Aim", "Mistake", "Repair", "Verdict", "WrongSum", "judge", "least_wrong"]
