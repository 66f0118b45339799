"""All that follows a convolution and its bias, as a value.

    y = pool(activation(scale · (conv(x, w) + bias) + shift + residual))

always in this order, and each operation is rounded to float32 by itself. The scale stays an operation and is not folded
into the filters: a kernel then has the bits of the layers one after another. To fold it, which saves two operations for
each output and rounds the filters anew, is the business of `wincook.layers.fold_batch_norm`.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from typing import Literal, get_args

from wincook.arguments import choice, flag
from wincook.epilogue.activation import Activation
from wincook.epilogue.steps import Steps
from wincook.errors import NotationError, ShapeError, quoted
from wincook.layers import Layer, layer_of

Pool = Literal["max", "average"]
SIDE = 2  # of the squares that are pooled
AXES = 2  # of the images that can be pooled

_POOLING: dict[Pool, Steps] = {
    "max": (("max", 0, 1), ("max", 2, 3), ("max", 4, 5)),
    "average": (("add", 0, 1), ("add", 2, 3), ("add", 4, 5), ("mul", 6, 0.25)),
}


@dataclass(frozen=True, slots=True)
class Epilogue:
    """What is done with each output after the bias: nothing, or any of these.

    `activation` is one of relu, relu6, leaky(slope), clamp(low, high), silu and gelu. With `scale`, one factor and one
    summand for each filter are given when weights are packed. With `residual`, an array of the layer's output shape is
    given at each call, and added. `pool` takes the largest or the average of squares of 2×2 outputs; a row or
    column that is left over is dropped, as by torch.

    >>> print(Epilogue("relu", residual=True, pool="max"))
    residual, relu, max pool
    >>> Epilogue.of("leaky(0.1)") == Epilogue(Activation("leaky", (0.1,))), bool(Epilogue())
    (True, False)

    Raises:
        NotationError: an unknown activation or pooling, or flags that are neither true nor false.
    """

    activation: Activation | str | None = None
    _: KW_ONLY
    scale: bool = False
    residual: bool = False
    pool: Pool | None = None

    def __post_init__(self) -> None:
        if self.activation is not None:
            object.__setattr__(self, "activation", Activation.of(self.activation))
        if self.pool is not None:
            object.__setattr__(self, "pool", choice("pool", self.pool, get_args(Pool)))
        for name in ("scale", "residual"):
            object.__setattr__(self, name, flag(name, getattr(self, name)))

    @classmethod
    def of(cls, epilogue: Epilogue | Activation | str | None) -> Epilogue:
        """The epilogue itself, one that is an activation alone, or one that does nothing for None.

        Raises:
            NotationError: none of these, or an unknown activation.
        """
        if isinstance(epilogue, Epilogue):
            return epilogue
        if epilogue is None or isinstance(epilogue, Activation | str):
            return cls(epilogue)
        raise NotationError(
            f"epilogue = {quoted(epilogue)} must be an activation such as 'relu', or a wincook.epilogue.Epilogue"
        )

    @property
    def steps(self) -> Steps:
        """Those of the activation, or none."""
        return self.activation.steps if isinstance(self.activation, Activation) else ()

    @property
    def pooling(self) -> Steps:
        """Steps from the four outputs of a square, row by row, or none."""
        return _POOLING[self.pool] if self.pool else ()

    @property
    def step(self) -> int:
        """How many outputs of the convolution make one, along each axis."""
        return SIDE if self.pool else 1

    def output_size(self, layer: Layer) -> tuple[int, ...]:
        """The image that comes out.

        Raises:
            ShapeError: no layer, or its output cannot be pooled: it has other than two axes, or one of less than 2.
        """
        layer = layer_of(layer)
        if self.pool and (layer.dimension != AXES or min(layer.output_size) < SIDE):
            raise ShapeError(
                f"the output {layer.output_size} of {layer} cannot be pooled: that takes two axes of at least {SIDE}"
            )
        return tuple(size // self.step for size in layer.output_size)

    def output_shape(self, layer: Layer) -> tuple[int, ...]:
        """The shape of y in the layer's layout; errors as `output_size`."""
        layer = layer_of(layer)
        size = self.output_size(layer)
        return (layer.batch, layer.filters, *size) if layer.layout == "NCHW" else (layer.batch, *size, layer.filters)

    @property
    def words(self) -> tuple[str, ...]:
        """What is done, in order."""
        done = ["scale"] * self.scale + ["residual"] * self.residual
        done += [str(self.activation)] if self.activation else []
        return (*done, *([f"{self.pool} pool"] if self.pool else []))

    @property
    def names(self) -> tuple[str, ...]:
        """The same in letters, digits and underscores, as names of modules have them: `leaky_0p1`, `max_pool`."""
        return tuple(re.sub(r"\W+", "_", word.replace(".", "p").replace("-", "m")).strip("_") for word in self.words)

    def __bool__(self) -> bool:
        return bool(self.words)

    def __str__(self) -> str:
        return ", ".join(self.words) or "nothing"


NOTHING = Epilogue()
