"""What a program is to be good at: a few named choices, and the passes that make them.

Which passes run is the aim's business; where it names more than one chain, the result with the fewest additions is
taken, of equal ones that with the fewest operations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wincook.arguments import choice, flag
from wincook.program.passes.blocks import share_lines
from wincook.program.passes.columns import share_columns
from wincook.program.passes.common import share_terms
from wincook.program.passes.factor import factor
from wincook.program.passes.order import as_written, ascending, huffman
from wincook.program.passes.rows import share_rows
from wincook.program.passes.transpose import transposed
from wincook.program.sums import Sums

Pass = Callable[[Sums], Sums]
Chain = tuple[str, ...]

PASSES: dict[str, Pass] = {
    "share ± columns": share_columns,
    "share ± rows": share_rows,
    "share terms": share_terms,
    "share lines": share_lines,
    "share lines of the transpose": transposed(share_lines),
    "factor": factor,
}
AIMS: dict[str, tuple[Chain, ...]] = {
    "plain": ((),),
    "balanced": (("share ± columns", "share ± rows", "factor"),),
    "additions": (
        ("share ± columns", "share ± rows", "factor"),
        ("share ± columns", "share ± rows", "share lines", "share terms", "factor"),
        ("share lines", "share terms", "factor"),
        ("share lines of the transpose", "share terms", "factor"),
    ),
}
ORDERS: dict[str, Pass] = {"written": as_written, "ascending": ascending, "huffman": huffman}


@dataclass(frozen=True, slots=True)
class Style:
    """How programs are made: the `aim`, the `order` of the terms in a sum, and whether products are added by `fma`.

    >>> print(Style(), "|", Style("additions", order="huffman", fma=False))
    balanced | additions, huffman order, no fma

    Raises:
        NotationError: an aim or an order that there is not, or an `fma` that is neither true nor false.
    """

    aim: str = "balanced"
    order: str = "written"
    fma: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "aim", choice("aim", self.aim, AIMS))
        object.__setattr__(self, "order", choice("order", self.order, ORDERS))
        object.__setattr__(self, "fma", flag("fma", self.fma))

    def __str__(self) -> str:
        order = "" if self.order == "written" else f"{self.order} order"
        return ", ".join(filter(None, (self.aim, order, "" if self.fma else "no fma")))


BALANCED = Style()
FEWEST_ADDITIONS = Style("additions")
