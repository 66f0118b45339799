"""Random layers of every kind, and how their kernels are called.

Layers of one `Kind` share generated code, whatever their sizes: few kinds in many sizes take little time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.epilogue import Epilogue
from wincook.errors import WincookError
from wincook.kernels.plans.formats import ElementFormat
from wincook.kernels.target import host_isa_names
from wincook.layers import Layout, PaddingMode

EACH = 0  # groups: every channel is one
ROOM = (0, 60, 20, 5)  # inputs beyond those that the taps span, by the number of axes


@dataclass(frozen=True, slots=True)
class Kind:
    """What generated code knows of a layer, or what chooses it."""

    kernel: tuple[int, ...]
    algorithm: str | None = None
    layout: Layout = "NCHW"
    target: str = "generic"
    stride: int | tuple[int, ...] = 1
    dilation: int | tuple[int, ...] = 1
    groups: int = 1
    transposed: bool = False
    channels: int = 0  # of a group, where the code knows them
    epilogue: Epilogue = field(default_factory=Epilogue)
    x: ElementFormat = "float32"
    y: ElementFormat = "float32"

    @property
    def settings(self) -> dict[str, Any]:
        """What `wc.compile` is told beside the layer, the algorithm and the threads."""
        formats = {"input_format": self.x, "output_format": self.y}
        return {"target": self.target, "epilogue": self.epilogue, **formats}

    def layer(self, **sizes: Any) -> wc.Layer:
        """A layer of this kind."""
        return wc.Layer(
            kernel=self.kernel,
            layout=self.layout,
            stride=self.stride,
            dilation=self.dilation,
            transposed=self.transposed,
            **sizes,
        )


FULL = Epilogue("relu6", scale=True, residual=True)
NARROW = (
    Kind((3, 3), "depthwise", groups=EACH, epilogue=FULL, x="uint8", y="int8"),
    Kind((3, 3), "depthwise", "NHWC", groups=EACH, stride=2, target=host_isa_names()[0], x="int8", y="uint8"),
    Kind((3, 3), "depthwise", groups=EACH, target=host_isa_names()[0], x="bfloat16", y="float16"),
    Kind((3, 3), "F(4x4,3x3)", target=host_isa_names()[0], x="uint8", y="bfloat16"),
    Kind((3, 3), "F(2x2,3x3)", "NHWC", x="float16", y="int8"),
    Kind((4,), "direct", transposed=True, stride=2, groups=2, x="int8", y="uint8"),
)
"""Kinds with narrow elements of x and y, whose products are of float32."""
KINDS = (
    Kind((3, 3), "F(2x2,3x3)"),
    Kind((3, 3), "F(2x2,3x3)", "NHWC"),
    Kind((3, 3), "F(2x2,3x3)", epilogue=FULL),
    Kind((3, 3), "F(2x2,3x3)", "NHWC", epilogue=Epilogue("gelu", residual=True, pool="max")),
    Kind((3, 3), "F(4x4,3x3)", target=host_isa_names()[0]),
    Kind((3, 3), "F(2x2,3x3)", dilation=(2, 3)),
    Kind((3, 3), "F(2x2,3x3)", "NHWC", groups=3, epilogue=FULL),
    Kind((3, 3), "F(4x4,3x3)/2", stride=2),
    Kind((3,), "F(4,3)", epilogue=Epilogue("silu")),
    Kind((2, 3, 3), "F(2x2,3x3)"),
    Kind((6, 6), "F(2x2,3x3)", stride=2, transposed=True, epilogue=Epilogue("relu", pool="average")),
    Kind((3, 3), "F(2x2,3x3)", "NHWC", groups=2, transposed=True),
    Kind((1, 1), "direct", epilogue=Epilogue("leaky(0.1)", scale=True)),
    Kind((3, 2), "direct", stride=(2, 1), dilation=(1, 2), groups=2),
    Kind((3, 2), "direct", "NHWC", stride=(1, 2), dilation=(2, 1), epilogue=FULL),
    Kind((3, 3), "direct", "NHWC", groups=5, channels=2),
    Kind((5,), "direct", "NHWC", stride=3, target=host_isa_names()[0]),
    Kind((4, 4), stride=3, transposed=True),
    Kind((3, 3), "depthwise", groups=EACH),
    Kind((3, 3), "depthwise", "NHWC", groups=EACH, stride=2, epilogue=Epilogue("clamp(-1, 2)")),
    Kind((2, 5), "depthwise", groups=EACH, stride=(1, 2), dilation=(2, 1), target=host_isa_names()[0]),
    *NARROW,
)


def random_kinds(number: int, seed: int) -> tuple[Kind, ...]:
    """Kinds of all families, layouts and targets; a few whose sizes choose the algorithm, and so their code."""
    return tuple(islice(filter(_possible, _drawn(Random(seed))), number))


def _drawn(random: Random) -> Iterator[Kind]:
    for family in cycle(("nested", "direct", "depthwise", "nested", "direct", "whatever is chosen")):
        axes = random.choice((1, 2, 2, 2, 3)) if family in {"nested", "whatever is chosen"} else random.choice((1, 2))
        taps = (2, 3, 4, 5) if family == "nested" else (1, 2, 3, 5, 7)
        kernel = tuple(random.choice(taps) for _ in range(axes))
        steps = {name: tuple(random.choice((1, 1, 2, 3)) for _ in range(axes)) for name in ("stride", "dilation")}
        algorithm: str | None = family
        if family == "nested":
            outputs = "x".join(str(random.choice((2, 3, 4))) for _ in kernel[-2:])
            algorithm = f"F({outputs},{'x'.join(map(str, kernel[-2:]))})"
            steps["stride"] = (1,) * axes
        kind = Kind(
            kernel,
            algorithm if family != "whatever is chosen" else None,
            random.choice(("NCHW", "NHWC")),
            random.choice(host_isa_names()),
            groups=EACH if family == "depthwise" else random.choice((1, 1, 2, 7)),
            channels=random.choice((0, 0, 1, 3)),
            transposed=family not in {"direct", "depthwise"} and random.random() < 0.25,
            epilogue=Epilogue(
                random.choice((None, "relu", "relu6", "leaky(0.1)", "clamp(-1, 2)", "silu", "gelu")),
                scale=random.random() < 0.25,
                residual=random.random() < 0.25,
                pool=random.choice(("max", "average")) if axes == 2 and random.random() < 0.25 else None,
            ),
            x=random.choice(("float32", "float32", "bfloat16", "uint8")),
            y=random.choice(("float32", "float32", "float16", "int8")),
            **steps,
        )
        yield kind


def _possible(kind: Kind) -> bool:
    """Whether there are kernels of this kind: parts of a transposed layer may have other filters than the tile."""
    groups = kind.groups or 2
    layer = kind.layer(channels=2 * groups, filters=2 * groups, size=(40,) * len(kind.kernel), groups=groups)
    if kind.groups == EACH:
        layer = replace(layer, channels=groups)
    try:
        wc.kernels.make_plan(layer, kind.algorithm, threads=1, **kind.settings)
    except WincookError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Case:
    """A layer, and how its kernel is called."""

    kind: Kind
    layer: wc.Layer
    threads: int
    seed: int
    dtype: str
    has_bias: bool
    x_is_part: bool  # of a larger array
    out_is_part: bool
    gives_workspace: bool


@st.composite
def cases(draw: st.DrawFn, kinds: tuple[Kind, ...]) -> Case:
    """Small layers, with sizes around those of tiles and vectors."""
    kind = draw(st.sampled_from(kinds))
    unit = kind.layer(channels=1, filters=1, size=(1000,) * len(kind.kernel))
    least = 2 if kind.epilogue.pool else 1
    padding, size, more = [], [], []
    for axis in unit.axes:
        before, after = draw(st.integers(0, 4)), draw(st.integers(0, 4))
        if kind.transposed:
            fewest = -(-max(0, before + after - axis.span + least) // axis.stride) + 1
            more.append(draw(st.integers(0, max(axis.stride, axis.dilation) - 1)))
        else:
            fewest = max(1, axis.span - before - after + (least - 1) * axis.stride)
            more.append(0)
        padding.append((before, after))
        size.append(draw(st.integers(fewest, fewest + ROOM[unit.dimension])))
    reflects = all(max(pads) < places for pads, places in zip(padding, size, strict=True))
    modes: list[PaddingMode] = ["zeros"]
    if not kind.transposed:
        modes += ["zeros", "replicate", *(["reflect"] if reflects else [])]  # type: ignore[list-item]
    groups = kind.groups or draw(st.integers(1, 37))
    channels, filters = draw(st.integers(1, 37)), draw(st.integers(1, 40))
    if kind.groups == EACH:
        channels, filters = 1, draw(st.integers(1, 3))
    elif kind.channels:
        channels = filters = kind.channels
    elif groups > 1:
        channels, filters = -(-channels // 4), -(-filters // 4)
    layer = kind.layer(
        channels=groups * channels,
        filters=groups * filters,
        size=tuple(size),
        padding=tuple(padding),
        output_padding=tuple(more),
        batch=draw(st.integers(1, 3)),
        groups=groups,
        padding_mode=draw(st.sampled_from(modes)),
    )
    return Case(
        kind,
        layer,
        threads=draw(st.integers(1, wc.kernels.Target.host().threads)),
        seed=draw(st.integers(0, 1 << 30)),
        dtype=draw(st.sampled_from(["float32", "float32", "float64", "int8"])),
        has_bias=draw(st.booleans()),
        x_is_part=draw(st.booleans()),
        out_is_part=draw(st.booleans()),
        gives_workspace=draw(st.booleans()),
    )


def drawn(kinds: tuple[Kind, ...], number: int) -> list[Case]:
    """So many cases, the same ones each time."""
    collected: list[Case] = []

    @settings(max_examples=number, phases=[Phase.generate], derandomize=True, deadline=None, database=None)
    @given(case=cases(kinds))
    def collect(case: Case) -> None:
        collected.append(case)

    collect()
    return collected
