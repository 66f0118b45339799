"""What the compiled code is told at each call: integers of 64 bits in memory.

They are a `Job`, the `Strides` of x, the residual and y, a `Geometry`, and the addresses of the micro-kernels.
"""

from __future__ import annotations

from typing import NamedTuple

EVERY_PANEL = 1 << 62  # more than there are


class Geometry(NamedTuple):
    """The sizes of a layer, the padding above and on the left, how many tiles make a panel, and how its taps step.

    Of few panels, each may be done in several shares of the filters, by as many threads.
    """

    batch: int
    channels: int
    height: int
    width: int
    filters: int
    top: int
    left: int
    out_height: int
    out_width: int
    panel: int
    groups: int = 1
    taps_down: int = 1
    taps_across: int = 1
    stride_down: int = 1
    stride_across: int = 1
    dilation_down: int = 1
    dilation_across: int = 1
    shares: int = 1


class Strides(NamedTuple):
    """How many floats lie between neighbours along each axis of an array."""

    image: int
    channel: int
    row: int
    column: int


class Job(NamedTuple):
    """Addresses of the arrays and of the workspaces, and how many panels the threads have taken.

    Panels from number `end` on are not computed: another call does them, or there are none. The bias may be followed by
    a scale and a shift for each filter, each `apart` floats after the one before.
    """

    x: int
    U: int
    bias: int
    residual: int
    y: int
    taken: int
    workspace: int
    apart: int
    end: int = EVERY_PANEL


class Floats(NamedTuple):
    """How many floats each part of one thread's workspace has.

    V, M, the strips of inputs and outputs, and what is transformed along one axis before it goes there.
    """

    V: int
    M: int
    strip: int
    out_strip: int
    half: int


TAKEN = Job._fields.index("taken")
# Words of a job before its strides, one after another of x, the residual and y, its geometry and its micro-kernels.
STRIDES = len(Job._fields)
GEOMETRY = STRIDES + 3 * len(Strides._fields)
MICRO_KERNELS = GEOMETRY + len(Geometry._fields)
