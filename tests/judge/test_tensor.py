"""The tensor of a set, against sums written out, and against the convolutions of numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy

import wincook as wc
from tests.golden import Golden
from wincook.errors import AlgorithmError
from wincook.judge.tensor import Aim, Tensor, aims_of_shape, compare, least_wrong, places_of, tensor
from wincook.proof import Kind
from wincook.tile import Tile

F43 = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞")


def written_out(axis: wc.Transforms) -> dict[tuple[int, ...], sympy.Expr]:
    places = np.ndindex(axis.AT.rows, axis.G.cols, axis.BT.cols)
    sums = {(i, j, l): (axis.AT[i, :] * sympy.diag(*axis.G[:, j]) * axis.BT[:, l])[0] for i, j, l in places}
    simplest = {place: sympy.simplify(value) for place, value in sums.items()}
    return {place: value for place, value in simplest.items() if value}


def exactly(sums: Tensor) -> dict[tuple[int, ...], sympy.Expr]:
    return {place: sums.field.to_sympy(value) for place, value in sums.nonzero.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "points",
    ["0, ±1, ±2, ∞", "0, ±√2, 1, 3, ∞", "0, ±1, x^2+1, ∞", pytest.param("0, ±a, 1, 2, ∞", marks=pytest.mark.nightly)],
)
def test_all_sums_are_those_written_out(points: str) -> None:
    (axis,) = wc.algorithm("F(4,3)", points).axes
    assert exactly(tensor(axis)) == written_out(axis)
    sums = tensor(axis)
    for place in [(0, 0, 0), (3, 2, 5)]:
        total = sum(sums.field.to_sympy(sums.product(k, place)) for k in range(axis.multiplications))
        assert sympy.simplify(total - written_out(axis).get(place, 0)) == 0


def test_the_ones_are_where_a_convolution_has_them() -> None:
    kinds: list[tuple[Kind, Callable[[Any, Any], Any]]] = [
        ("correlation", lambda d, g: np.correlate(d, g, "valid")),
        ("true convolution", lambda d, g: np.convolve(d, g, "valid")),
        ("linear convolution", lambda d, g: np.convolve(d, g, "full")),
    ]
    for kind, by_numpy in kinds:
        aim = Aim(kind, Tile((4,), (3,)))
        I, J, L = aim.sizes
        wanted = [
            (i, j, l)
            for j, l in np.ndindex(J, L)
            for i in np.flatnonzero(by_numpy(np.eye(L)[l], np.eye(J)[j])).tolist()
        ]
        assert sorted(wanted) == list(aim.ones)
        assert len(list(places_of(aim.sizes))) == I * J * L


def test_joint_sets_have_ones_along_every_axis() -> None:
    aim = Aim("correlation", Tile((2, 1), (2, 2)))
    (joint,) = wc.algorithm("F(2x1,2x2)", ["0, 1, ∞", "0, ∞"], joint=True).axes
    assert set(tensor(joint).nonzero) == set(aim.ones)


@pytest.mark.slow
def test_what_is_missing_is_what_sums_lack() -> None:
    G = F43.axes[0].G.as_mutable()
    G[1, 1] += 1
    axis = wc.Transforms(F43.axes[0].AT, G, F43.axes[0].BT)
    against = compare(tensor(axis), Aim("correlation", F43.tile))
    changed = {place for place, value in written_out(axis).items() if value != written_out(F43.axes[0]).get(place, 0)}
    assert set(against.missing) == changed
    assert least_wrong(axis) == (len(changed), "correlation")


def test_a_common_scale_is_no_mistake() -> None:
    axis = wc.Transforms(3 * F43.axes[0].AT, F43.axes[0].G, F43.axes[0].BT)
    against = compare(tensor(axis), Aim("correlation", F43.tile))
    assert (against.scale, against.missing) == (3, {})
    assert len(compare(tensor(axis), Aim("correlation", F43.tile), scaled=False).missing) == 12


def test_shapes_say_what_may_be_meant(golden: Golden) -> None:
    assert [aim.kind for aim in aims_of_shape(F43.axes[0])] == ["correlation", "true convolution"]
    assert [aim.kind for aim in aims_of_shape(F43.transpose().axes[0])] == ["linear convolution"]
    with golden.raises(AlgorithmError, match=r"6.*5"):
        aims_of_shape(wc.Transforms(F43.axes[0].AT, F43.axes[0].G, F43.axes[0].BT[:, :5]))
    with golden.raises(AlgorithmError, match="modulus = 15"):
        tensor(F43.axes[0], 15)


@pytest.mark.parametrize("scale", ["1001/1000", "51/50", "26/25", "-1", "3/2"])
def test_a_scale_near_one_is_that_of_all_sums_or_of_none(scale: str) -> None:
    """Within a fiftieth of 1, a value that most sums have is what rounding made of 1."""
    (axis,) = F43.axes
    number = sympy.Rational(scale)
    aim = Aim("correlation", F43.tile)
    all_scaled = tensor(wc.Transforms(sympy.ImmutableMatrix(axis.AT * number), axis.G, axis.BT))
    found = compare(all_scaled, aim)
    assert (all_scaled.field.to_sympy(found.scale), found.missing) == (number, {})
    assert compare(all_scaled, aim, scaled=False).missing
    AT = axis.AT.as_mutable() * number
    AT[0, :] = axis.AT[0, :]  # three sums of twelve
    most_scaled = tensor(wc.Transforms(sympy.ImmutableMatrix(AT), axis.G, axis.BT))
    near = abs(number - 1) <= sympy.Rational(1, 50)
    assert most_scaled.field.to_sympy(compare(most_scaled, aim).scale) == (1 if near else number)
    assert len(compare(most_scaled, aim).missing) == (9 if near else 3)
