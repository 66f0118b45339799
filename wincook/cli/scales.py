"""`wincook analyse -f int8`: what a layer that is drawn loses in integers, and which scales these have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import typer

from wincook.analysis.data.distributions import Law
from wincook.analysis.quantisation.of_law import ScalesReport, compare_scales
from wincook.bilinear import BilinearAlgorithm
from wincook.cli.answer import Output
from wincook.cli.given import option_given
from wincook.cli.watch import watching
from wincook.errors import NotationError
from wincook.formats import official_name
from wincook.quantisation.integers import INTEGERS
from wincook.report.data.plain.quantisation import plain_scales
from wincook.report.tables.scales import scales_view

_OF_FLOATS = frozenset({"samples", "kernel", "html", "plot"})


def wants_scales(context: typer.Context, formats: Sequence[str], inputs: str | None, weights: str | None) -> bool:
    """Whether formats are of integers with scales; arrays of whole numbers are analysed without.

    Raises:
        NotationError: some of the formats are and others are not, or an option that is for floats was given.
    """
    quantised = [name for name in formats if official_name(name) in INTEGERS]
    if not quantised or inputs is not None or weights is not None:
        return False
    if others := [name for name in formats if name not in quantised]:
        raise NotationError(
            f"--format {quantised[0]} is told by its SNR, and {others[0]} by its error; analyse one after the other"
        )
    if option := option_given(context, _OF_FLOATS):
        raise NotationError(f"{option} is for formats of floats, not for {quantised[0]}; leave it out")
    return True


@dataclass(frozen=True, slots=True)
class ScalesOf:
    """Algorithms, each of which is asked for in each format."""

    algorithms: Sequence[BilinearAlgorithm]
    formats: tuple[str, ...]
    channels: int
    law: Law
    seed: int

    def answer(self, output: Output) -> None:
        """Calibrate and measure; Ctrl-C answers with what is there."""
        problems = list(product(self.algorithms, self.formats))
        with watching(len(problems), "layers", gently=True) as watch:

            def reported(problem: tuple[BilinearAlgorithm, str]) -> ScalesReport:
                algorithm, format = problem
                return compare_scales(algorithm, str(official_name(format)), self.channels, self.law, seed=self.seed)

            reports = watch.each(reported, problems)
        output.answer([plain_scales(report) for report in reports], scales_view(reports))
        watch.finish()
