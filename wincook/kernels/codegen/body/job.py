"""What the compiled code is told at each call: integers of 64 bits in memory, a `Job` and then its `Geometry`."""

from __future__ import annotations

from typing import NamedTuple


class Geometry(NamedTuple):
    """The sizes of a layer, the padding above and on the left, how many tiles make a panel, and how its taps step."""

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


class Job(NamedTuple):
    """Addresses of the arrays and of the workspaces, and the number of stripes that share the work."""

    x: int
    U: int
    bias: int
    y: int
    workspace: int
    stripes: int


class Floats(NamedTuple):
    """How many floats each part of one thread's workspace has: V, M, the input strip and the output strip."""

    V: int
    M: int
    strip: int
    out_strip: int
