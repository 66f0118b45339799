"""The verdict on anybody's matrices, over all their sums, exactly.

The order of the products and the scaling of rows cannot matter: they leave the tensor as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy

from wincook.bilinear import BilinearAlgorithm
from wincook.errors import AlgorithmError, quoted
from wincook.judge.explain.explain import explain
from wincook.judge.explain.repair import Repair, repair_between
from wincook.judge.identify.gauge import Scaling, scalings
from wincook.judge.identify.nearby import nearby
from wincook.judge.identify.rounded import Rounding, rounding
from wincook.judge.tensor import Aim, Comparison, Tensor, aims_of_shape, compare, tensor
from wincook.points import Points
from wincook.proof import Kind, Place
from wincook.tile import Tile
from wincook.transforms import Transforms

_NEARLY = 1e-3  # how far sums may be off that are called inexact
_ROUNDED = 0.05  # and those of which it is asked whether they are an exact set, rounded, though repairs are known


@dataclass(frozen=True, slots=True)
class WrongSum:
    """One sum that is not what it should be."""

    place: Place
    value: sympy.Expr
    right: sympy.Expr

    def __str__(self) -> str:
        i, j, l = self.place
        return f"Σ_k AT[{i},k] G[k,{j}] BT[k,{l}] is {self.value}, not {self.right}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the matrices of one axis, or of one joint set, compute; modulo a prime if `modulus` is not 0.

    `kind` is None for matrices that are no convolution; then `wrong` has every sum that differs from `scale` times
    that of the `nearest` kind. `repairs` are alternative sets of entries to change, the least first; if several are
    equally small, the sums cannot tell which was meant. `products` are those that the first one changes. `rounding`
    says which exact set was rounded, and how, if that is all that is wrong. `inexact` is true in that case, and if no
    sum is off by more than a thousandth of its terms. `points` are those the matrices were made from, where they show;
    then `scalings` says which products of a right set are scaled otherwise than wincook scales them.
    """

    tile: Tile
    kind: Kind | None
    nearest: Kind
    scale: sympy.Expr
    points: Points | None
    sums: int
    wrong: tuple[WrongSum, ...]
    inexact: bool
    products: tuple[int, ...]
    repairs: tuple[Repair, ...]
    modulus: int
    rounding: Rounding | None
    scalings: tuple[Scaling, ...]


def judge(subject: Transforms | BilinearAlgorithm) -> Verdict:
    """Say what the matrices of one set compute, exactly.

    Args:
        subject: matrices of one axis, which may be any kind of convolution; or an algorithm of one set, joint or of one
            axis, which says what it is to compute, and modulo which prime.

    Raises:
        AlgorithmError: the shapes fit no convolution, or not that of the algorithm; the numbers are not exact; or an
            algorithm has more than one set.
    """
    if not isinstance(subject, (Transforms, BilinearAlgorithm)):
        raise AlgorithmError(
            f"subject = {quoted(subject)} has no matrices to judge; give Transforms(AT, G, BT), or an algorithm"
        )
    aims, axis, modulus = _aims(subject)
    sums = tensor(axis, modulus)
    against = min((compare(sums, aim) for aim in aims), key=lambda against: len(against.missing))
    against, repairs = _explained(sums, against) if against.missing else (against, ())
    to_sympy = sums.field.to_sympy
    scale = to_sympy(against.scale)
    ones = set(against.ones)
    wrong = tuple(
        WrongSum(place, to_sympy(sums.nonzero.get(place, sums.field.zero)), scale if place in ones else scale * 0)
        for place in against.missing
    )
    plain = bool(wrong) and not modulus and not axis.free_symbols
    near = plain and (not repairs or _nearly(axis, wrong, _ROUNDED))
    rounded = rounding(axis, against.aim, repairs) if near else None
    inexact = rounded is not None or (plain and _nearly(axis, wrong, _NEARLY))
    if rounded:
        repairs = (repair_between(axis, rounded.exact),)
    elif inexact and not repairs:
        meant = nearby(axis, against.aim)
        repairs = (meant,) if meant else ()
    kind, tile = against.aim
    points = None if modulus or tile.dimension > 1 else points_of(rounded.exact if rounded else axis, kind)
    return Verdict(
        tile=tile,
        kind=None if wrong else kind,
        nearest=kind,
        scale=scale,
        points=points,
        sums=axis.AT.rows * axis.G.cols * axis.BT.cols,
        wrong=wrong,
        inexact=inexact,
        products=repairs[0].products if repairs else (),
        repairs=repairs,
        modulus=modulus,
        rounding=rounded,
        scalings=scalings(axis, kind, points, scale) if points and not wrong else (),
    )


def _explained(sums: Tensor, against: Comparison) -> tuple[Comparison, tuple[Repair, ...]]:
    """Why sums are wrong; if most of them are scaled, the scale may be part of the mistake."""
    repairs = explain(sums, against)
    if against.scale - sums.field.one:
        unscaled = compare(sums, against.aim, scaled=False)
        others = explain(sums, unscaled)
        if others and (not repairs or len(others[0].mistakes) <= len(repairs[0].mistakes)):
            return unscaled, others
    return against, repairs


def _aims(subject: Transforms | BilinearAlgorithm) -> tuple[tuple[Aim, ...], Transforms, int]:
    """What the subject may compute, its matrices, and the modulus."""
    if isinstance(subject, Transforms):
        return aims_of_shape(subject), subject, 0
    if len(subject.axes) > 1:
        raise AlgorithmError(f"{subject.name} has {len(subject.axes)} sets of matrices; judge its axes one by one")
    (axis,) = subject.axes
    aim = Aim(subject.kind, subject.tile)
    sizes = axis.AT.rows, axis.G.cols, axis.BT.cols
    if sizes != aim.sizes:
        raise AlgorithmError(
            f"AT has {sizes[0]} rows, G {sizes[1]} columns and BT {sizes[2]}; "
            f"the {aim.kind} {aim.tile} needs {', '.join(map(str, aim.sizes))}"
        )
    return (aim,), axis, subject.modulus


def _nearly(axis: Transforms, wrong: tuple[WrongSum, ...], part: float) -> bool:
    """Whether no sum is off by more than a part of its terms or of itself; floats will do for a word."""
    AT, G, BT = (np.abs(np.array(matrix.tolist(), dtype=complex)) for matrix in (axis.AT, axis.G, axis.BT))
    sizes = np.einsum("ik,kj,kl->ijl", AT, G, BT)
    return all(
        abs(complex(entry.value - entry.right)) <= part * max(sizes[entry.place], abs(complex(entry.right)))
        for entry in wrong
    )


def points_of(axis: Transforms, kind: Kind) -> Points | None:
    """The points of a Toom-Cook algorithm, from the columns of AT, or the rows of BT: geometric series, or ∞."""
    rows, r = axis.BT if kind == "linear convolution" else axis.AT.T, axis.G.cols
    if rows.cols == 1 or rows.rows != rows.cols + r - 1:
        return None
    items: list[sympy.Expr] = []
    for k in range(rows.rows):
        first, *rest = rows[k, :]
        if first == 0:
            if any(rest[:-1]) or not rest[-1]:
                return None
            items.append(sympy.oo)
            continue
        a = sympy.radsimp(rest[0] / first)
        if any(sympy.expand(first * a ** (i + 1) - entry) != 0 for i, entry in enumerate(rest)):
            return None
        items.append(a)
    return Points(tuple(items)) if len(set(items)) == len(items) else None
