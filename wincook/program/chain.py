"""A chain of passes on one matrix, step by step, each step proven.

Those who look inside see each step: on the logger `wincook`, at level DEBUG, and as files below the folder that
WINCOOK_DUMP names. A step is written before it is proven, so that what a wrong pass made can be read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

from wincook.digest import digest
from wincook.dump import dump, dump_folder
from wincook.errors import AlgorithmError
from wincook.log import LOGGER, tell
from wincook.program.linear_forms import Matrix
from wincook.program.style import PASSES, Chain, Style
from wincook.program.sums import Sums, dot_products, matrix_of_sums

START = "dot products"  # the step before all passes


@dataclass(frozen=True, slots=True)
class Transform:
    """One matrix to be made a program: `target` = `matrix` · `source`, the two being letters."""

    matrix: Matrix
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.target} {len(self.matrix)}x{len(self.matrix[0])}"


def steps(transform: Transform, chain: Chain, style: Style) -> Iterator[tuple[str, Sums]]:
    """The name and the result of each step: the dot products, then each pass of the chain.

    Raises:
        AlgorithmError: a pass changed the transform (a defect of wincook; nothing wrong can run).
    """
    sums = dot_products(transform.matrix)
    for number, name in enumerate((START, *chain)):
        start = perf_counter()
        sums = sums if name == START else PASSES[name](sums)
        seconds = perf_counter() - start
        if LOGGER.isEnabledFor(logging.DEBUG):
            terms = sum(map(len, sums.sums))
            tell(logging.DEBUG, name, f"{transform}, {len(sums.sums)} sums of {terms} terms", seconds)
        dump_step(transform, style, f"{'-'.join(map(slug, chain)) or 'rows'}/{number}-{slug(name)}", sums)
        prove(matrix_of_sums(sums), transform.matrix, name)
        yield name, sums


def dump_step(transform: Transform, style: Style, name: str, made: object) -> None:
    """Write what a step made below `programs/` of the folder of WINCOOK_DUMP, if it names one."""
    folder = dump_folder()
    if folder is not None:
        text = sums_text(made, transform.source, transform.target) if isinstance(made, Sums) else str(made)
        place = f"{slug(str(transform))}-{digest(repr(transform.matrix))}/{slug(str(style))}"
        dump(folder / "programs" / place, f"{name}.txt", f"{text}\n")


def prove(obtained: Matrix, wanted: Matrix, step: str) -> None:
    """Compare what a step made with the matrix, exactly.

    Raises:
        AlgorithmError: they differ.
    """
    if obtained != wanted:
        raise AlgorithmError(f"the pass {step!r} changed the transform; this is a defect of wincook")


def sums_text(sums: Sums, source: str, target: str) -> str:
    """One line for each sum, then the outputs that are no sums of their own.

    >>> from fractions import Fraction
    >>> print(sums_text(Sums(2, (((0, Fraction(1)), (1, Fraction(-1, 2))),), (2, 1)), "d", "V"))
    V0 = d0 + d1 · -1/2
    V1 = d1
    """
    places = {output: place for place, output in enumerate(sums.outputs) if sums.outputs.count(output) == 1}

    def name(value: int) -> str:
        if value < sums.inputs:
            return f"{source}{value}"
        return f"{target}{places[value]}" if value in places else f"t{value - sums.inputs}"

    def line(terms: tuple[tuple[int, object], ...]) -> str:
        words = [
            name(value) if c == 1 else f"-{name(value)}" if c == -1 else f"{name(value)} · {c}" for value, c in terms
        ]
        return " + ".join(words).replace("+ -", "- ") or "0"

    lines = [f"{name(value)} = {line(terms)}" for value, terms in enumerate(sums.sums, start=sums.inputs)]
    return "\n".join(
        [*lines]
        + [
            f"{target}{place} = {name(output)}"
            for place, output in enumerate(sums.outputs)
            if output < sums.inputs or output not in places
        ]
    )


def slug(text: str) -> str:
    """A name for a file: what is no letter or digit becomes one hyphen.

    >>> slug("share ± columns")
    'share-columns'
    """
    return re.sub(r"[^0-9a-zA-Z]+", "-", text).strip("-")
