"""The algorithm that a layer of a model has in a format of integers, and what its scales are made of."""

from __future__ import annotations

from collections.abc import Iterable

from wincook.arrays import Array
from wincook.construct.subject import Subject
from wincook.errors import FormatError
from wincook.kernels import make_plan
from wincook.layers import Layer
from wincook.quantisation.observed import Observed, observe

INTEGERS = frozenset({"int8", "int16"})
"""Formats of products that need scales."""


def observed(
    layer: Layer,
    images: Iterable[Array],
    format: str,
    algorithm: Subject | None = None,
    *,
    called: Layer | None = None,
    threads: int | None = None,
) -> tuple[str, Observed]:
    """The name of the algorithm, as `wincook.compile` takes it, and what images show of the layer with it.

    Args:
        layer: of the images.
        images: batches in the layer's layout, real numbers.
        format: int8 or int16.
        algorithm: as for `wincook.kernels.make_plan`; left out, what it chooses.
        called: the same layer on as many images, and in the layout, as it will be called with, which the choice depends
            on; left out, those of the calibration.
        threads: that it will be called with; left out, all.

    Raises:
        FormatError: the layer has no kernel in this format, or several, each with scales of its own.
        WincookError: as for `wincook.quantisation.calibrate`.
    """
    plan = make_plan(called or layer, algorithm, format=format, threads=threads)
    if not plan.whole:
        raise FormatError(f"{layer} takes several kernels, each with scales of its own")
    (single,) = plan.plans
    name = single.algorithm.name if single.tiled else single.family
    return name, observe(layer, name, images, format=format)
