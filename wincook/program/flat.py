"""The transforms of all axes as one program, with what the axes share between them.

Along one axis after the other, T_1 ⊗ T_2 takes the additions of T_1 for every input of T_2, and those of T_2 for every
output of T_1; which axis goes first makes a difference if T is not square. The ± pairs of a matrix are a factor of
their own, T = P Q or Q P with P made of pairs. Since (P ⊗ P)(Q ⊗ Q) = P Q ⊗ P Q, the pairs of both axes can be made
to meet, where they are squares (`passes.squares`). So the count falls below that of the nested transforms.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from itertools import permutations

from wincook.arguments import instance
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, algorithm_of
from wincook.exact import matrix
from wincook.program.chain import Transform, dump_step
from wincook.program.compose import along_axes, then
from wincook.program.cost import additions_over_axes, cost
from wincook.program.ir import Program
from wincook.program.linear_forms import Matrix
from wincook.program.passes.columns import share_columns
from wincook.program.passes.rows import share_rows
from wincook.program.passes.squares import share_squares
from wincook.program.programs import Programs, exact, lower, program_of
from wincook.program.style import FEWEST_ADDITIONS, Style
from wincook.program.sums import Sums, depths, dot_products, matrix_of_sums, sums_of, without_copies


def flat_programs(algorithm: Subject, style: Style = FEWEST_ADDITIONS) -> Programs:
    """The proven programs of an algorithm, one for all axes of each transform; the last axis is numbered fastest.

    >>> from wincook.construct import algorithm
    >>> flat_programs(algorithm("F(4x4,3x3)", "0,±1,±2,∞")).input[0].inputs
    36
    """
    style = instance("style", style, Style, "make it with Style('additions')")
    return _flat_schedule(algorithm_of(algorithm), style)


@lru_cache(maxsize=64)
def _flat_schedule(algorithm: BilinearAlgorithm, style: Style) -> Programs:
    return Programs(
        filter=(flat_program([exact(axis.G) for axis in algorithm.axes], "g", "U", style),),
        input=(flat_program([exact(axis.BT) for axis in algorithm.axes], "d", "V", style),),
        output=(flat_program([exact(axis.AT) for axis in algorithm.axes], "M", "y", style),),
    )


def flat_program(matrices: Sequence[Matrix], source: str, target: str, style: Style = FEWEST_ADDITIONS) -> Program:
    """Straight-line code for the Kronecker product of one matrix per axis.

    Raises:
        AlgorithmError: the program does not apply the product (a defect of wincook; nothing wrong can run).
    """
    product = kronecker(matrices)
    ways = [[tuple(matrices)], list(zip(*map(stages, matrices), strict=True))]
    programs = [lower(_joined(way, source, target, style), product, source, target, style) for way in ways]
    program = min(programs, key=lambda program: (cost(program).sums, cost(program).operations))
    dump_step(Transform(product, source, target), style, "program", program)
    return program


def kronecker(matrices: Sequence[Matrix]) -> Matrix:
    """The Kronecker product, the last axis fastest."""
    product = reduce(matrix.kronecker, [list(map(list, factor)) for factor in matrices])
    return tuple(map(tuple, product))


def stages(T: Matrix) -> tuple[Matrix, Matrix]:
    """Two matrices, the first to be applied first, whose product is the matrix: its ± pairs, and the rest.

    >>> first, second = stages(((1, 2, 4), (1, -2, 4)))  # x0 + 4 x2 and 2 x1; their sum and difference
    >>> [list(map(int, row)) for row in first], [list(map(int, row)) for row in second]
    ([[0, 1, 0], [1, 0, 4]], [[2, 1], [-2, 1]])
    """
    sums = share_rows(share_columns(dot_products(T)))
    depth = depths(sums)
    later = [terms for name, terms in enumerate(sums.sums, start=sums.inputs) if depth[name] > 1]
    read = {value for terms in later for value, _ in terms} | set(sums.outputs)
    crossing = sorted(value for value in read if depth[value] <= 1)
    place = {value: index for index, value in enumerate(crossing)}
    names = [name for name, levels in enumerate(depth) if levels > 1]
    place |= {name: index for index, name in enumerate(names, start=len(crossing))}
    rest = tuple(tuple((place[value], c) for value, c in terms) for terms in later)
    first = matrix_of_sums(Sums(sums.inputs, sums.sums, tuple(crossing)))
    return first, matrix_of_sums(Sums(len(crossing), rest, tuple(place[output] for output in sums.outputs)))


def _joined(way: list[tuple[Matrix, ...]], source: str, target: str, style: Style) -> Sums:
    """Stage after stage, each along all axes in the better order, with squares shared."""
    programs = []
    for matrices in way:
        along = [program_of(factor, source, target, style) for factor in matrices]
        order = min(permutations(range(len(along))), key=lambda order: additions_over_axes(along, order))
        programs.append(along_axes(along, order))
    return share_squares(without_copies(sums_of(reduce(then, programs))))
