"""Which tensors of a model stay narrow from kernel to kernel, whatever the model is written in.

A tensor that kernels alone write and read, by way of what only picks numbers perhaps, has the elements that its readers
multiply: bfloat16, float16, or integers of 8 bits with one scale for the tensor, that of x in a reader's calibration.
One that is only ever added has those that its readers' formats go with. Whatever else reads or writes a tensor deals in
floats, and so does a kernel that would have to convert what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from wincook.quantisation import Affine
from wincook.quantisation.affine import KINDS

BETWEEN = ("narrow", "float32")
"""What convolutions hand on to one another."""

OF_FORMAT = {"bfloat16": "bfloat16", "int16": "float16", "int8": "uint8"}
"""By the format of products, elements of x that lose little beside what the products lose."""

FLOAT32 = "float32"

Tensor = TypeVar("Tensor", bound=Hashable)


class Formats(NamedTuple):
    """The elements of x, y and a residual."""

    x: str = FLOAT32
    y: str = FLOAT32
    residual: str = FLOAT32


FLOATS = Formats()


@dataclass(frozen=True, slots=True)
class Stage(Generic[Tensor]):
    """A convolution by a kernel, and the tensors that it reads and writes.

    `kind` are the elements that go with its format; None, where that is float32. `scale` is that of x in its
    calibration. `is_native` tells whether its kernel reads and writes elements as they are, and has none converted.
    """

    x: Tensor
    y: Tensor
    residual: Tensor | None
    kind: str | None
    scale: Affine | None
    is_native: Callable[[Formats], bool]

    def formats(self, kinds: Mapping[Tensor, str]) -> Formats:
        """The elements of its tensors, of which those that are narrow are known."""
        added = FLOAT32 if self.residual is None else kinds.get(self.residual, FLOAT32)
        return Formats(kinds.get(self.x, FLOAT32), kinds.get(self.y, FLOAT32), added)


def kinds_between(stages: Collection[Stage[Tensor]], closed: Collection[Tensor]) -> dict[Tensor, str]:
    """The elements of each tensor that is narrow.

    Args:
        stages: all convolutions by kernels.
        closed: the tensors that anything else writes or reads.
    """
    written = {stage.y for stage in stages} - set(closed)
    kinds = {tensor: kind for tensor in written if (kind := _kind(tensor, stages)) is not None}
    while refused := {tensor for stage in stages for tensor in _refused(stage, kinds)}:
        kinds = {tensor: kind for tensor, kind in kinds.items() if tensor not in refused}
    return kinds


def scales_between(stages: Collection[Stage[Tensor]], kinds: Mapping[Tensor, str]) -> dict[Tensor, Affine | None]:
    """Of each tensor of integers the scale that covers those of calibrations of what multiplies it; None without any.

    Of tensors that are joined some reader may have seen a part alone.
    """
    integers = [tensor for tensor, kind in kinds.items() if kind == "uint8"]
    return {tensor: _covering([each.scale for each in stages if each.x == tensor]) for tensor in integers}


def joined(pairs: Iterable[tuple[Tensor, Tensor]]) -> dict[Tensor, Tensor]:
    """One name for all that are joined by pairs: they have the same elements.

    >>> joined([("pooled", "y"), ("both", "pooled"), ("both", "z")])
    {'pooled': 'both', 'y': 'both', 'both': 'both', 'z': 'both'}
    """
    names: dict[Tensor, Tensor] = {}
    for one, other in pairs:
        kept, gone = names.setdefault(one, one), names.setdefault(other, other)
        if kept != gone:
            names |= {tensor: kept for tensor, name in names.items() if name == gone}
    return names


def _covering(scales: Iterable[Affine | None]) -> Affine | None:
    """One scale that reaches as far as any of these."""
    several = {scale for scale in scales if scale is not None}
    if len(several) < 2:  # noqa: PLR2004 (one is taken as it is)
        return several.pop() if several else None
    least, most = KINDS["uint8"]
    ends = [(each.scale * (least - each.zero_point), each.scale * (most - each.zero_point)) for each in several]
    return Affine.covering(min(low for low, _ in ends), max(high for _, high in ends))


def _kind(tensor: Tensor, stages: Iterable[Stage[Tensor]]) -> str | None:
    """The elements that those read that multiply a tensor, or else those that add it; None where they differ."""
    multiply = {stage.kind for stage in stages if stage.x == tensor}
    wanted = multiply or {stage.kind for stage in stages if stage.residual == tensor}
    return wanted.pop() if len(wanted) == 1 else None


def _refused(stage: Stage[Tensor], kinds: Mapping[Tensor, str]) -> set[Tensor]:
    """The tensors that a kernel does not write, multiply or add as they are."""
    formats = stage.formats(kinds)
    if formats == FLOATS or stage.is_native(formats):
        return set()
    about = zip(Formats._fields, (stage.x, stage.y, stage.residual), formats, strict=True)
    alone = ((tensor, Formats(**{name: kind})) for name, tensor, kind in about if tensor is not None)
    return {tensor for tensor, each in alone if each != FLOATS and not stage.is_native(each)}
