"""`algorithm`: from a tile and its points to an exact algorithm."""

from __future__ import annotations

from math import prod

from wincook.arguments import flag
from wincook.atlas.lookup import look_up
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.effort import check_joint
from wincook.construct.make.complex_points import real_factors, real_form
from wincook.construct.make.interleaved import strided
from wincook.construct.make.points_per_axis import Given, points_per_axis
from wincook.construct.make.product_rule import Rule, rule_of
from wincook.construct.make.toom_cook import joint_toom_cook, toom_cook
from wincook.formats import Format
from wincook.log import timed
from wincook.points import Points
from wincook.precision import Precision
from wincook.tile import Tile


def algorithm(
    tile: Tile | str,
    points: Given = None,
    rule: Rule = "toom-cook",
    *,
    format: Precision | Format | str = "float32",
    extra: int = 0,
    joint: bool = False,
) -> BilinearAlgorithm:
    """The algorithm of a tile on given points, one axis nested in the other.

    Args:
        tile: `F(m,r)` in one or more dimensions.
        points: points and polynomial factors of total degree m + r - 1 for every axis alike, as `Points`, in text, or
            in a list; or a sequence of sets, one per axis (in text, sets may be parted by `;`). Left out, they are the
            best known ones, by the atlas (docs/atlas.md), in the gauge that it has them in. Complex points stand in
            conjugate pairs, and take three real products each pair.
        rule: how to multiply modulo a factor of degree d: `toom-cook`, in 2d - 1 products (Karatsuba for d = 2);
            `schoolbook`, in d²; or any correlation F(d,d), for the factors of its degree.
        format: what the points of the atlas are to be the best for: a format of all stages, or a policy.
        extra: products that the points of the atlas may take beyond m + r - 1 on each axis, for less error.
            Those of a tile with strides are always these, for each phase.
        joint: one set of matrices for all axes, in which pairs of factors with a common field take fewer products.

    Raises:
        NotationError: the tile, a point or the rule cannot be read.
        PointsError: repeated or reducible factors, or degrees that do not fit an axis; a format or extra products
            beside points; more extra products than the atlas has points for.
        FormatError: an unknown format.
        LimitError: it would take too long; see `wincook.ceiling`.

    >>> f43 = algorithm("F(4x4,3x3)", points="0, ±1, ±2, ∞")
    >>> f43.multiplications, f43.least_multiplications, f43.tile.direct_multiplications
    (36, 36, 144)
    >>> print(f43.verify())
    F(4x4,3x3) with 36 multiplications: 144 identities hold exactly

    Symbols stay symbols until they take values:

    >>> family = algorithm("F(4,3)", "0, ±a, ±1/a, ∞")
    >>> family.axes[0].AT.row(3), family.at(a="√2").axes[0].AT.row(3)
    (Matrix([[0, a**3, -a**3, a**(-3), -1/a**3, 1]]), Matrix([[0, 2*sqrt(2), -2*sqrt(2), sqrt(2)/4, -sqrt(2)/4, 1]]))

    A tile with strides consists of one algorithm for each phase of its taps, and each has points of its own:

    >>> print(algorithm("F(4x4,3x3)/2"))
    F(4x4,3x3)/2, 81 multiplications

    With the factor x^2+1, more products and smaller numbers:

    >>> print(algorithm("F(4,3)", "0, ±1, x^2+1, ∞"))
    F(4,3) on {0, ±1, x^2+1, ∞}, 7 multiplications
    """
    tile = Tile.of(tile)
    joint = flag("joint", joint)
    rule = rule_of(rule)
    if tile.strided:
        _check_unit_stride(tile, points, joint=joint)
        return strided(tile, lambda phase: algorithm(phase, rule=rule, format=format, extra=extra))
    plain = _constructed(tile, points_per_axis(tile, points, format, extra), rule, joint)
    return plain if points is not None or joint else _as_in_the_atlas(plain, format, extra)


def _check_unit_stride(tile: Tile, points: Given, *, joint: bool) -> None:
    """See that a tile with strides is not asked for with points or as a joint set."""
    if points is not None:
        Tile.of_unit_stride(tile, "take points; construct.interleave joins phases on any points")
    if joint:
        Tile.of_unit_stride(tile, "have joint sets")


def _as_in_the_atlas(plain: BilinearAlgorithm, format: Precision | Format | str, extra: int) -> BilinearAlgorithm:
    """The algorithm in the gauge in which its points are the best, which formats of small range need."""
    from wincook.construct.rescale.named import gauge  # noqa: PLC0415 (gauges are made of algorithms)

    entry = look_up(plain.tile, format, extra).entry
    return plain if entry is None or entry.conditions.gauge is None else gauge(plain, entry.conditions.gauge)


@timed("construct")
def _constructed(
    tile: Tile,
    sets: tuple[Points, ...],
    rule: Rule,
    joint: bool,  # noqa: FBT001 (checked by the caller)
) -> BilinearAlgorithm:
    real = [*map(real_factors, sets)]  # also tells of complex points without their conjugates
    if joint and tile.dimension > 1:
        check_joint(tile, prod(points.degree for points in sets), max(points.weight for points in sets))
        return BilinearAlgorithm(tile, sets, (joint_toom_cook(tile, real, rule),))
    axes = (real_form(toom_cook(axis, chosen, rule=rule)) for axis, chosen in zip(tile.axes, sets, strict=True))
    return BilinearAlgorithm(tile, sets, tuple(axes))
