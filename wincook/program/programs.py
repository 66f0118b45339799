"""From an algorithm to the programs that run: chains of passes, each step proven.

matrix → dot products → the passes of the style's aim → order of the terms → operations. After each step the result is
interpreted symbolically and must equal the matrix; a pass that breaks a transform cannot go unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain, permutations
from math import factorial, prod

import sympy

from wincook.arguments import instance, items, words
from wincook.bilinear import BilinearAlgorithm
from wincook.ceiling import check_work
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import AlgorithmError, NotationError
from wincook.exact.notation import text
from wincook.exact.number import Number, number_of
from wincook.log import timed
from wincook.program.chain import Transform, dump_step, prove, steps
from wincook.program.compose import then, with_inputs
from wincook.program.cost import additions_over_axes, cost, operations_over_axes
from wincook.program.ir import MADE_BY, Program
from wincook.program.linear_forms import Matrix, exact_rows, matrix_of
from wincook.program.passes.expand import expand
from wincook.program.style import AIMS, BALANCED, ORDERS, Chain, Style
from wincook.program.sums import Sums, matrix_of_sums
from wincook.shown import Shown, brief
from wincook.transforms import Factors, exact_matrix, in_one_field

_PER_ENTRY, _PER_NUMBER = 10, 320  # operations; bytes of all stages that an analysis holds at once
_PER_COUNT = 100  # operations that it takes to count those of a program
_STYLE = "make it with Style('additions')"


@dataclass(frozen=True, slots=True)
class Programs(Shown):
    """The programs of an algorithm, one per set: `filter` (U = G g), `input` (V = BT d), `output` (y = AT M).

    Raises:
        NotationError: something else than programs.
    """

    filter: tuple[Program, ...]
    input: tuple[Program, ...]
    output: tuple[Program, ...]

    def __post_init__(self) -> None:
        for name in ("filter", "input", "output"):
            object.__setattr__(self, name, _several(name, getattr(self, name)))

    __repr__ = brief

    def __str__(self) -> str:
        counts = (
            f"{name} {' and '.join(str(len(program.ops)) for program in programs)}"
            for name, programs in (("filter", self.filter), ("input", self.input), ("output", self.output))
        )
        return f"operations: {', '.join(counts)}"


@dataclass(frozen=True, slots=True)
class Additions:
    """Additions, subtractions and fmas of one tile, by transform; multiplications by constants are not counted."""

    filter: int
    input: int
    output: int

    @property
    def total(self) -> int:
        """Of all three transforms."""
        return self.filter + self.input + self.output

    @property
    def per_tile(self) -> int:
        """Of input and output; a filter is transformed once for all tiles."""
        return self.input + self.output


def programs_of(algorithm: Subject, style: Style = BALANCED) -> Programs:
    """The proven programs of every transform of an algorithm.

    Raises:
        AlgorithmError: an entry is no real number, or a symbol.
        LimitError: matrices so large that it would take too long, or tiles so large that nothing could work on them.

    >>> from wincook.construct import algorithm
    >>> print(programs_of(algorithm("F(2,3)", "0,±1,∞"), Style("plain")).output[0])
    t0 = M0 + M1
    y0 = t0 + M2
    t2 = M1 - M2
    y1 = t2 + M3
    """
    style = instance("style", style, Style, _STYLE)
    return _programs_of(algorithm_of(algorithm), style)


@lru_cache(maxsize=256)
@timed("programs")
def _programs_of(algorithm: BilinearAlgorithm, style: Style) -> Programs:
    filters = [axis.G_factors or (axis.G,) for axis in algorithm.axes]
    inputs = [axis.BT_factors or (axis.BT,) for axis in algorithm.axes]
    outputs = [axis.AT_factors or (axis.AT,) for axis in algorithm.axes]
    matrices = chain.from_iterable((*filters, *inputs, *outputs))
    work = sum(len(matrix.todok()) * max(matrix.shape) for matrix in matrices)  # entries that are not 0
    memory = _PER_NUMBER * max(algorithm.multiplications, prod(algorithm.tile.inputs))
    check_work(f"programs for tiles of {algorithm.tile}", _PER_ENTRY * work, memory)
    return Programs(
        filter=tuple(program_of_factors(factors, "g", "U", style) for factors in filters),
        input=tuple(program_of_factors(factors, "d", "V", style) for factors in inputs),
        output=tuple(_program_of_products(factors, style) for factors in outputs),
    )


def sizes(programs: tuple[Program, ...]) -> tuple[int, ...]:
    """How many numbers each program reads: the shape of what they transform, one axis for a joint set."""
    return tuple(program.inputs for program in programs)


def program_of_factors(factors: Factors, source: str, target: str, style: Style = BALANCED) -> Program:
    """Straight-line code for a product of matrices: one after the other, from the right."""
    return _program_of_matrices([exact(matrix) for matrix in factors], source, target, style)


def _program_of_products(factors: Factors, style: Style) -> Program:
    """y = AT M, with the same terms in the same order however the products are numbered."""
    *rest, first = (exact(matrix) for matrix in factors)
    columns = list(zip(*first, strict=True))
    order = sorted(range(len(columns)), key=lambda k: _size_of_column(columns[k]))
    sorted_first = tuple(tuple(row[k] for k in order) for row in first)
    return with_inputs(_program_of_matrices([*rest, sorted_first], "M", "y", style), order)


def _size_of_column(column: tuple[Number, ...]) -> tuple[bool, tuple[float, ...], tuple[float, ...]]:
    """Columns of points a, whose entries are 1, a, a², …, by growing |a|, a before -a; those that begin with 0 last."""
    entries = tuple(map(float, column))
    return not entries[0], tuple(map(abs, entries)), tuple(-entry for entry in entries)


def _program_of_matrices(matrices: Sequence[Matrix], source: str, target: str, style: Style) -> Program:
    *rest, first = matrices
    program = proven_program(first, source, target, style)
    for matrix in reversed(rest):
        program = then(program, proven_program(matrix, source, target, style))
    return program


def program_of(matrix: Matrix, source: str, target: str, style: Style = BALANCED) -> Program:
    """Straight-line code for a matrix: of the programs that the chains of the aim make, the cheapest.

    Args:
        matrix: rows of integers, fractions or `Algebraic` numbers; `exact` makes them of a matrix of sympy.
        source: the letter of what is read, such as d.
        target: the letter of what is written, such as V.
        style: what the program is to be good at.

    Raises:
        AlgorithmError: no matrix of exact numbers; or a pass changed the transform (a defect of wincook; nothing wrong
            can run).
        NotationError: letters that are no text, or no style.
        LimitError: a matrix so large that it would take too long.
    """
    matrix, style = exact_rows(matrix), instance("style", style, Style, _STYLE)
    rows, columns = len(matrix), len(matrix[0])
    check_work(f"a program for a matrix of {rows}×{columns}", _PER_ENTRY * rows * columns * max(rows, columns))
    return proven_program(matrix, words("source", source, "d"), words("target", target, "V"), style)


@lru_cache(maxsize=256)
def proven_program(matrix: Matrix, source: str, target: str, style: Style) -> Program:
    """The same for what is checked already."""
    transform = Transform(matrix, source, target)
    program, _ = cheapest(transform, style, AIMS[style.aim])
    dump_step(transform, style, "program", program)
    return program


def cheapest(transform: Transform, style: Style, chains: Iterable[Chain]) -> tuple[Program, Chain]:
    """Of the programs that some chains make, that of fewest additions, then of fewest operations; and its chain."""
    programs = [(_by(chain, transform, style), chain) for chain in chains]
    return min(programs, key=lambda made: (cost(made[0]).sums, cost(made[0]).operations))


def _by(chain: Chain, transform: Transform, style: Style) -> Program:
    *_, (_, sums) = steps(transform, chain, style)
    return lower(sums, transform.matrix, transform.source, transform.target, style)


def lower(sums: Sums, matrix: Matrix, source: str, target: str, style: Style) -> Program:
    """Order the terms and choose operations."""
    ordered = ORDERS[style.order](sums)
    prove(matrix_of_sums(ordered), matrix, style.order)
    program = expand(ordered, source, target, fma=style.fma)
    prove(matrix_of(program), matrix, "expand")
    return program


def exact(matrix: sympy.ImmutableMatrix) -> Matrix:
    """Leave sympy: the same matrix in Python's fractions, or in real algebraic numbers.

    Raises:
        AlgorithmError: no matrix, or an entry that is no real number, or a symbol.
        NotationError: an entry in text that is no number.
    """
    matrix = exact_matrix("matrix", matrix)
    rows = matrix.tolist()
    if all(entry.is_Rational for row in rows for entry in row):
        return tuple(tuple(Fraction(int(entry.p), int(entry.q)) for entry in row) for row in rows)
    for entry in matrix:
        if entry.free_symbols:
            names = sorted(map(str, matrix.free_symbols))
            values = ",".join(f"{name}=1" for name in names)
            raise AlgorithmError(
                f"programs need exact real numbers, not {text(entry)}; symbols: {', '.join(names)}; at({names[0]}=1) "
                f"sets a symbol, --at {values} those of a command"
            )
        if not (entry.is_real and entry.is_algebraic):
            raise AlgorithmError(f"programs need exact real numbers, not {text(entry)}")
    field = in_one_field(matrix)[0].domain
    return tuple(tuple(number_of(entry, field) for entry in row) for row in rows)


def additions(programs: Programs) -> Additions:
    """The additions of one tile, each transform along its axes in the order that takes fewest.

    Raises:
        NotationError: no programs of an algorithm.
        LimitError: more axes than can be ordered in all ways.

    >>> from wincook.construct import algorithm
    >>> f43 = algorithm("F(4x4,3x3)", "0,±1,±2,∞")
    >>> additions(programs_of(f43)).total, additions(programs_of(f43, Style("additions"))).total
    (298, 289)
    """
    programs = instance("programs", programs, Programs, "make them with wincook.program.programs_of('F(2,3)')")
    axes = max(map(len, (programs.filter, programs.input, programs.output)))
    check_work(f"counting the additions of {axes} axes in each order", _PER_COUNT * axes * factorial(axes))
    counts = (
        min(additions_over_axes(stage, order) for order in permutations(range(len(stage))))
        for stage in (programs.filter, programs.input, programs.output)
    )
    return Additions(*counts)


def operations_per_tile(programs: tuple[Program, ...]) -> int:
    """Operations when the programs run along their axes in turn, the first axis first.

    Raises:
        NotationError: something else than programs.
    """
    programs = _several("programs", programs)
    return operations_over_axes(programs, range(len(programs)))


def _several(name: str, programs: object) -> tuple[Program, ...]:
    """Programs, one for each axis."""
    several = items(name, programs, "programs_of('F(2,3)').input", NotationError)
    return tuple(instance(f"{name}[{place}]", program, Program, MADE_BY) for place, program in enumerate(several))
