"""What matrices compute: which convolution, on which points, or which sums are wrong and why.

Matrices compute Σ_k AT[i,k] G[k,j] BT[k,l] for all i, j and l, and a convolution is right if these sums are. Nothing
else is asked: neither where the matrices come from, nor in which order and at which scale their products stand.

- `tensor`: all sums exactly, held against those of the convolutions of that shape.
- `verdict`: the answer, `judge`: the convolution, or the sums that are wrong, and what the chapters below say of them.
- `explain/`: the fewest entries that put all sums right, found modulo a prime and proven exactly.
- `identify/`: which set it is: its points, the scaling of its products, the exact set behind a rounded one.
"""

from wincook.judge.explain.repair import Mistake, Repair
from wincook.judge.identify.gauge import Scaling
from wincook.judge.identify.rounded import Rounding
from wincook.judge.tensor import Aim, least_wrong
from wincook.judge.verdict import Verdict, WrongSum, judge

__all__ = ["Aim", "Mistake", "Repair", "Rounding", "Scaling", "Verdict", "WrongSum", "judge", "least_wrong"]
