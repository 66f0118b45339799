"""What matrices compute: which convolution, on which points, or which sums are wrong and why."""

from wincook.judge.gauge import Scaling
from wincook.judge.repair import Mistake, Repair
from wincook.judge.rounded import Rounding
from wincook.judge.tensor import Aim, least_wrong
from wincook.judge.verdict import Verdict, WrongSum, judge

__all__ = ["Aim", "Mistake", "Repair", "Rounding", "Scaling", "Verdict", "WrongSum", "judge", "least_wrong"]
