"""What the compiled code is told at each call: integers of 64 bits in memory, a `Job` and then its `Geometry`."""

from __future__ import annotations

from typing import NamedTuple


class Geometry(NamedTuple):
    """The sizes of a layer, the padding above and on the left, and how many tiles make a panel."""

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


class Job(NamedTuple):
    """Addresses of the arrays, how many panels threads have taken, and the address of the workspaces."""

    x: int
    U: int
    bias: int
    y: int
    taken: int
    workspace: int


class Floats(NamedTuple):
    """How many floats each part of one thread's workspace has.

    V, M, the strips of inputs and outputs, and what is transformed along one axis before it goes there.
    """

    V: int
    M: int
    strip: int
    out_strip: int
    half: int
