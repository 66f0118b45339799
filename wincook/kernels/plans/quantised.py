"""Plans of kernels whose products are whole numbers: a tile on a layer of one group, or sums over all taps.

Sums have 32 bits, which filters are packed for: see `wincook.quantisation.integers`.
"""

from __future__ import annotations

from math import prod

from wincook.construct.make.points_per_axis import Given
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import FormatError, NotationError, ShapeError
from wincook.kernels.plans.direct import plan_terms, with_axes, with_two_axes
from wincook.kernels.plans.formats import Formats
from wincook.kernels.plans.one_group import one_group
from wincook.kernels.plans.plan import AXES, Plan
from wincook.kernels.plans.tiles.tiled import plan
from wincook.kernels.target import Target
from wincook.layers import Layer
from wincook.quantisation.integers import INTEGERS, MOST_TERMS
from wincook.quantisation.subject import DIRECT, is_direct, subject_of


def is_quantised(formats: Formats) -> bool:
    """Whether products are of whole numbers."""
    return formats.format in INTEGERS


def plan_quantised(
    layer: Layer, algorithm: Subject, points: Given, target: Target, threads: int, formats: Formats
) -> Plan:
    """The plan of each group of a layer by an algorithm, or by `direct`.

    Raises:
        FormatError: a layer that needs other kernels.
        ShapeError: more than 2^20 terms; a tile that does not fit.
        NotationError: points without a tile.
        AlgorithmError: as `wincook.algorithm`.
    """
    layer = one_group(layer, formats.format)
    if isinstance(algorithm, str) and algorithm == DIRECT:
        if points is not None:
            raise NotationError("points are for a tile, and direct kernels have none; leave them out")
        return _plan_terms(layer, target, threads, formats)
    exact = subject_of(algorithm) if points is None else algorithm_of(algorithm, points)
    if is_direct(exact):
        return _plan_terms(layer, target, threads, formats)
    if not layer.dense:
        raise FormatError(f"{exact.tile} in {formats.format} takes no dilation, which {layer} has; give 'direct'")
    _check_terms(layer, layer.channels, formats)
    if exact.tile.dimension == layer.dimension < AXES:
        exact = with_axes(exact, AXES)
    exact.verify()
    return plan(with_two_axes(layer), exact, target, threads, formats)


def _plan_terms(layer: Layer, target: Target, threads: int, formats: Formats) -> Plan:
    """The plan of sums over all taps; to it a tile is an output, and the algorithm F(1x1,1x1)."""
    layer = with_two_axes(layer)
    _check_terms(layer, layer.channels * prod(layer.kernel), formats)
    return plan_terms(layer, target, threads, formats)


def _check_terms(layer: Layer, terms: int, formats: Formats) -> None:
    """See that filters can be packed for sums of so many terms.

    Raises:
        ShapeError: they cannot.
    """
    if terms > MOST_TERMS:
        raise ShapeError(
            f"{layer} has sums of {terms} products in {formats.format}, and {MOST_TERMS} are the most; take float32"
        )
