"""Integer formats hold whole numbers as they are: which data and matrices they are for, and that others need scales.

A number in (-1, 1) put into int8 is -1, 0 or 1, so that nothing is left of it. Errors of that say nothing of int8 in
use, where U and V are divided by scales first (`wincook.analysis.quantisation.scheme`).
"""

from __future__ import annotations

import numpy as np

from wincook.analysis.data.draws import Draw, known
from wincook.analysis.problem import Problem
from wincook.errors import FormatError

_CHANNELS = 64  # drawn at most, of a law that only draws


def check_scaled(problem: Problem) -> None:
    """See that what is put into integer formats is whole.

    Raises:
        FormatError: data or a matrix with fractions, and an integer format for them.
    """
    algorithm, law, tile = problem.algorithm, problem.law, problem.algorithm.tile
    for stages, letter, name, draw, shape in (
        (("filter", "U"), "G", "filters", law.draw_tap, tile.taps),
        (("input", "V"), "BT", "inputs", law.draw_input, tile.inputs),
    ):
        formats = {stage: problem.precision[stage] for stage in stages}
        integer = [f"{stage}={fmt}" for stage, fmt in formats.items() if fmt.is_integer]
        if not integer:
            continue
        if any(not entry.is_Integer for axis in algorithm.axes for entry in getattr(axis, letter)):
            fault = f"{letter} has entries that are no integers"
        elif (name == "filters" and law.gain is not None) or not _is_whole(
            draw, (1, min(problem.channels, _CHANNELS), *shape)
        ):
            fault = f"{name} of law {law.name} are no integers"
        else:
            continue
        raise FormatError(
            f"{integer[0]} holds whole numbers, without a scale, and {fault}: errors in it mean nothing; take a float "
            "format, or scales: `wincook analyse -f int8`, `wincook int8 --calibrate`, analyse_quantisation"
        )


def _is_whole(draw: Draw, shape: tuple[int, ...]) -> bool:
    whole = known(draw).whole
    if whole is None:
        drawn = draw(np.random.default_rng(0), shape)
        return bool(np.array_equal(drawn, np.rint(drawn)))
    return whole
