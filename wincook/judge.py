"""What matrices compute: which convolution, on which points, or which entries are wrong.

The tensor T[i,j,l] = Σ_k AT[i,k] G[k,j] BT[k,l] says it all. It is a correlation F(m,r) if T = [l = i + j], a true
convolution if the filter is reversed, T = [l = i + r - 1 - j], either up to one common scale. The order of the products
and the scaling of rows cannot matter: they leave T as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sympy

from wincook.bilinear import Transforms
from wincook.errors import AlgorithmError
from wincook.points import Points

Tensor = list[list[list[Any]]]  # of sympy numbers, indexed [i][j][l]
Kind = Literal["correlation", "true convolution"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One entry which, if changed, makes all sums right."""

    matrix: str
    row: int
    column: int
    found: sympy.Expr
    right: sympy.Expr

    def __str__(self) -> str:
        return f"{self.matrix}[{self.row},{self.column}] is {self.found}; {self.right} would make it right"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is None for matrices that are no convolution; then `wrong` of the sums differ, and `mistakes` may say why.

    `scale` is the common factor of the sums; `points` are those the matrices were made from, where they show.
    """

    kind: Kind | None
    scale: sympy.Expr
    points: Points | None
    sums: int
    wrong: int
    mistakes: tuple[Mistake, ...]


def judge(axis: Transforms) -> Verdict:
    """Say what the matrices of one axis compute, exactly.

    Raises:
        AlgorithmError: BT does not have m + r - 1 columns.
    """
    m, r, n = axis.AT.rows, axis.G.cols, axis.BT.cols
    if n != m + r - 1:
        raise AlgorithmError(f"AT is for {m} outputs and G for {r} taps, so BT needs {m + r - 1} columns, not {n}")
    found = tensor(axis)
    kinds: tuple[Kind, ...] = ("correlation", "true convolution")
    return min((_verdict(axis, found, kind) for kind in kinds), key=lambda verdict: verdict.wrong)


def _verdict(axis: Transforms, found: Tensor, kind: Kind) -> Verdict:
    """The sums held against those of one kind of convolution."""
    m, r, n = axis.AT.rows, axis.G.cols, axis.BT.cols
    wanted = _wanted(m, r, kind)
    scale = _common_scale(found, wanted)
    scaled = [[[scale * value for value in row] for row in plane] for plane in wanted]
    missing = {
        (i, j, l): scaled[i][j][l] - found[i][j][l]
        for i in range(m)
        for j in range(r)
        for l in range(n)
        if scaled[i][j][l] != found[i][j][l]
    }
    return Verdict(
        kind=None if missing else kind,
        scale=scale,
        points=points_of(axis),
        sums=m * r * n,
        wrong=len(missing),
        mistakes=tuple(_mistakes(axis, missing)) if missing else (),
    )


def tensor(axis: Transforms) -> Tensor:
    """T[i][j][l] = Σ_k AT[i,k] G[k,j] BT[k,l], exactly."""
    AT, G, BT = (matrix.tolist() for matrix in (axis.AT, axis.G, axis.BT))
    rank = axis.multiplications
    return [
        [
            [sum(AT[i][k] * G[k][j] * BT[k][l] for k in range(rank)) for l in range(axis.BT.cols)]
            for j in range(axis.G.cols)
        ]
        for i in range(axis.AT.rows)
    ]


def points_of(axis: Transforms) -> Points | None:
    """The points of a Toom-Cook algorithm, read from the columns of AT: each is a geometric series, or ∞."""
    m = axis.AT.rows
    if m == 1 or axis.multiplications != m + axis.G.cols - 1:
        return None
    items = []
    for k in range(axis.multiplications):
        column = [axis.AT[i, k] for i in range(m)]
        if column[0] == 0:
            if any(column[:-1]) or not column[-1]:
                return None
            items.append(sympy.oo)
            continue
        a = column[1] / column[0]
        if any(entry != column[0] * a**i for i, entry in enumerate(column)):
            return None
        items.append(a)
    return Points(tuple(items)) if len(set(items)) == len(items) else None


def _wanted(m: int, r: int, kind: Kind) -> Tensor:
    def reads(i: int, j: int) -> int:
        return i + j if kind == "correlation" else i + r - 1 - j

    return [[[int(l == reads(i, j)) for l in range(m + r - 1)] for j in range(r)] for i in range(m)]


def _common_scale(found: Tensor, wanted: Tensor) -> sympy.Expr:
    """What most of the sums that should be 1 are; 1 if that is nothing."""
    values = [
        x
        for p, q in zip(found, wanted, strict=True)
        for u, v in zip(p, q, strict=True)
        for x, y in zip(u, v, strict=True)
        if y
    ]
    most = max(values, key=values.count)
    return most or sympy.Integer(1)


def _mistakes(axis: Transforms, missing: dict[tuple[int, int, int], Any]) -> list[Mistake]:
    """Single entries that explain every wrong sum: the differences must be one slice, of the shape of its product."""
    explained = []
    for name, axis_of in (("AT", 0), ("G", 1), ("BT", 2)):
        slices = {place[axis_of] for place in missing}
        if len(slices) != 1:
            continue
        (line,) = slices
        for k in range(axis.multiplications):
            factors = [axis.AT[:, k], axis.G[k, :], axis.BT[k, :]]
            others = [factor for number, factor in enumerate(factors) if number != axis_of]
            step = _step(missing, axis_of, others)
            if step is not None:
                row, column = (line, k) if name == "AT" else (k, line)
                old = getattr(axis, name)[row, column]
                explained.append(Mistake(name, row, column, old, old + step))
    return explained


def _step(missing: dict[tuple[int, int, int], Any], axis_of: int, others: list[Any]) -> sympy.Expr | None:
    """By how much to change the entry so that step · other · other gives every missing value; None if nothing does."""
    step = None
    places = {
        tuple(p for number, p in enumerate(place) if number != axis_of): value for place, value in missing.items()
    }
    for a, x in enumerate(others[0]):
        for b, y in enumerate(others[1]):
            value = places.get((a, b), 0)
            if not x * y:
                if value:
                    return None
                continue
            if step is None:
                step = value / (x * y)
            elif step * x * y != value:
                return None
    return step
