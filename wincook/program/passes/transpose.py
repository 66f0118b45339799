"""The transposed sums, and what a pass makes of them.

Read backwards, every edge of a straight-line program carries the same constant from its reader to what it read, and
the program applies the transposed matrix (Tellegen's principle; Bürgisser, Clausen, Shokrollahi, *Algebraic Complexity
Theory*, chapter 13). A matrix of R rows and n columns without zero ones takes R - n additions less than its transpose
does. So what is known for tall matrices, such as G, serves wide ones, such as AT.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from wincook.exact.number import Number
from wincook.program.ir import Terms
from wincook.program.sums import Sums, reorder, without_copies


def transpose(sums: Sums) -> Sums:
    """Sums for the transposed matrix: each value becomes the sum of its readers, outputs and inputs change places."""
    edges: dict[int, list[tuple[int, Number]]] = {value: [] for value in range(sums.inputs + len(sums.sums))}
    width = len(sums.outputs)
    backward = {value: width + value for value in edges}
    for index, output in enumerate(sums.outputs):
        edges[output].append((index, Fraction(1)))
    for name, terms in enumerate(sums.sums, start=sums.inputs):
        for value, c in terms:
            edges[value].append((backward[name], c))
    rows: dict[int, Terms] = {backward[value]: tuple(terms) for value, terms in edges.items()}
    return without_copies(reorder(width, rows, [backward[value] for value in range(sums.inputs)]))


def transposed(rewrite: Callable[[Sums], Sums]) -> Callable[[Sums], Sums]:
    """The pass that does to the transposed sums what `rewrite` does."""

    def rewrite_transposed(sums: Sums) -> Sums:
        return transpose(rewrite(transpose(sums)))

    return rewrite_transposed
