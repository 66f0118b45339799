"""A layer computed by a library between forbidden pages, at which all that it writes begins or ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import wincook as wc
from tests.emit.library.called import OK, TOO_SMALL, Arguments, Called, arguments
from tests.kernels.guarded import walled


def compute(
    called: Called, dims: NDArray[np.int64], layer: wc.Layer, arrays: Mapping[str, Any], y: Any, side: str
) -> Arguments:
    """Pack the weights, and write y item by item, the last one first; what `run` is told.

    Of arrays there are x and weights, and bias, scale, shift and residual, which may be None.
    """
    _, sizes = called.sizes(dims)
    packed, workspace = (
        walled(-(-sizes[name] // 64) * 16, side).view(np.uint8)[: sizes[name]] for name in ("packed", "workspace")
    )
    numbers = (*(arrays[name] for name in ("weights", "bias", "scale", "shift")), packed)
    assert called.status("pack", dims, *numbers, sizes["packed"] - 1) == TOO_SMALL
    assert called.status("pack", dims, *numbers, sizes["packed"]) == OK
    residual = arrays["residual"]
    args = arguments(dims, arrays["x"], residual, y, packed, workspace)
    if residual is not None and residual.size != y.size:  # pooling drops a row, so that rows do not follow one another
        image, *rest = (stride // residual.itemsize for stride in residual.strides)
        row, column, channel = rest if layer.layout == "NHWC" else (*rest[1:], rest[0])
        args[dims.size + 6 : dims.size + 10] = [image, channel, row, column]
    for item in reversed(range(sizes["items"])):
        assert called.status("run", args, item, item + 1) == OK
    return args
