"""Plans of kernels whose products are whole numbers: a tile on a layer in one piece, or sums over all taps.

Sums have 32 bits. As many products are added as fit, whatever the data: the largest numbers of V times those of U, and
for each the most that is corrected.
"""

from __future__ import annotations

from math import prod

from wincook.construct.make.points_per_axis import Given
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import FormatError, NotationError, ShapeError
from wincook.kernels.plans.direct import plan_terms, with_axes, with_two_axes
from wincook.kernels.plans.formats import Formats
from wincook.kernels.plans.plan import AXES, Plan, plan
from wincook.kernels.target import Target
from wincook.layers import Layer
from wincook.quantisation.affine import KINDS
from wincook.quantisation.integers import INTEGERS, integers_of
from wincook.quantisation.subject import DIRECT, is_direct, subject_of

_LARGEST_SUM = 2**31 - 1


def is_quantised(formats: Formats) -> bool:
    """Whether products are of whole numbers."""
    return formats.format in INTEGERS


def plan_quantised(
    layer: Layer, algorithm: Subject, points: Given, target: Target, threads: int, formats: Formats
) -> Plan:
    """The plan of a layer by an algorithm, or by `direct`.

    Raises:
        FormatError: a layer that needs several kernels.
        ShapeError: more channels than can be summed; a tile that does not fit.
        NotationError: points without a tile.
        AlgorithmError: as `wincook.algorithm`.
    """
    if layer.dimension > AXES or layer.groups > 1 or layer.transposed:
        raise FormatError(
            f"kernels in {formats.format} are for layers with one axis or two and one group that are not transposed, "
            f"not for {layer}; float32 computes it"
        )
    if isinstance(algorithm, str) and algorithm == DIRECT:
        if points is not None:
            raise NotationError("points are for a tile, and direct kernels have none; leave them out")
        return _plan_terms(layer, target, threads, formats)
    exact = subject_of(algorithm) if points is None else algorithm_of(algorithm, points)
    if is_direct(exact):
        return _plan_terms(layer, target, threads, formats)
    if not layer.dense:
        raise FormatError(f"{exact.tile} in {formats.format} takes no dilation, which {layer} has; give 'direct'")
    _check_terms(layer, layer.channels, formats, integers_of(formats.format).highest)
    if exact.tile.dimension == layer.dimension < AXES:
        exact = with_axes(exact, AXES)
    exact.verify()
    return plan(with_two_axes(layer), exact, target, threads, formats)


def _plan_terms(layer: Layer, target: Target, threads: int, formats: Formats) -> Plan:
    """The plan of sums over all taps; to it a tile is an output, and the algorithm F(1x1,1x1)."""
    layer, reach = with_two_axes(layer), integers_of(formats.format).highest
    terms = layer.channels * prod(layer.kernel)
    if formats.input_format in KINDS:  # is not made larger
        reach = KINDS["uint8"][1]
    _check_terms(layer, terms, formats, reach)
    return plan_terms(layer, target, threads, formats)


def _check_terms(layer: Layer, terms: int, formats: Formats, reach: int) -> None:
    """See that sums of so many terms fit, of numbers of V that reach so far from their zero point.

    Raises:
        ShapeError: they do not.
    """
    integers = integers_of(formats.format)
    fit = _LARGEST_SUM // (reach * integers.most + integers.highest)
    if terms > fit:
        raise ShapeError(
            f"{layer} has sums of {terms} products in {formats.format}, and {fit} fit into 32 bits; take another format"
        )
