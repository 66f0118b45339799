"""Which tensors of a model's graph stay narrow from convolution to convolution, and with which scales.

What decides is `wincook.integrations.between`. Tensors that are joined have one scale. A tensor that no convolution of
integers multiplies has a scale that covers what it was on the images of the calibration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isfinite
from typing import Any

import torch
from torch import Tensor, fx, nn

from wincook.errors import WincookError
from wincook.integrations.between import Formats, Stage, joined, kinds_between, scales_between
from wincook.integrations.torch.calls.kernels import Kinds
from wincook.integrations.torch.fusing.convolution import FusedConvolution
from wincook.integrations.torch.fusing.elements import FLOATS, Elements
from wincook.integrations.torch.fusing.passing import module_of, passed
from wincook.log import LOGGER
from wincook.quantisation import Affine, Calibration
from wincook.quantisation.observed import Observed

_MOST_IMAGES = 32  # that ranges are taken from


@dataclass(frozen=True, slots=True)
class Seen:
    """What a model was calibrated with, tensors or tuples of arguments, and what they showed of its convolutions."""

    calls: Sequence[Any] = ()
    of_convolutions: Mapping[nn.Module, Observed] = field(default_factory=dict)

    def calibration(self, convolution: FusedConvolution, x: Affine | None) -> Calibration | None:
        """That of a convolution for integers x with such a scale; None, if nothing was seen of it, or x is floats."""
        observed = self.of_convolutions.get(convolution.convolution)
        return None if observed is None or x is None else observed.calibration(x)


def narrow_(graph: fx.GraphModule, seen: Seen) -> bool:
    """Let convolutions hand on narrow tensors wherever they can; tells whether any does.

    Args:
        graph: of a model, with its poolings as `with_pooling` makes them.
        seen: of the model.
    """
    widen_(graph)
    tensors = _Tensors(graph)
    stages = {node: tensors.stage(node, convolution) for node, convolution in _kernels(graph)}
    kinds = kinds_between(stages.values(), tensors.closed(stages))
    scales = scales_between(stages.values(), kinds)
    without = {name for name, scale in scales.items() if scale is None}
    covering = _covering(graph, {node: stage.y for node, stage in stages.items() if stage.y in without}, seen.calls)
    kinds = {name: kind for name, kind in kinds.items() if name not in without or name in covering}
    known = {name: scale for name, each in scales.items() if (scale := each or covering.get(name)) is not None}
    for node, stage in stages.items():
        read_and_written = zip((stage.x, stage.y, stage.residual), stage.formats(kinds), strict=True)
        elements = [Elements(_dtype(kind), known.get(name)) for name, kind in read_and_written]
        convolution = module_of(node)
        convolution.read_and_write(*elements, seen.calibration(convolution, elements[0].affine))
    return bool(kinds)


def widen_(graph: fx.GraphModule) -> None:
    """Let convolutions hand on floats."""
    for node in graph.graph.nodes:
        if isinstance(convolution := module_of(node), FusedConvolution):
            convolution.read_and_write(FLOATS, FLOATS, FLOATS)


class _Tensors:
    """The tensors of a graph, each known by a node that makes it or passes it on."""

    def __init__(self, graph: fx.GraphModule) -> None:
        self._nodes = tuple(graph.graph.nodes)
        self._names = joined((node, source) for node in self._nodes for source in passed(node))

    def of(self, node: fx.Node) -> fx.Node:
        """The one that a node gives."""
        return self._names.get(node, node)

    def stage(self, node: fx.Node, convolution: FusedConvolution) -> Stage[fx.Node]:
        """A convolution by a kernel."""
        x, residual = [*map(self.of, node.args), None][:2]
        calibration = convolution.calibration
        return Stage(
            x,
            self.of(node),
            residual,
            convolution.narrow_kind,
            None if calibration is None else calibration.x,
            partial(_is_native, convolution, node),
        )

    def closed(self, stages: Iterable[fx.Node]) -> set[fx.Node]:
        """Those that anything else than these nodes writes or reads."""
        others = [node for node in self._nodes if node not in stages and not passed(node)]
        return {self.of(tensor) for node in others for tensor in (node, *node.all_input_nodes)}


def _is_native(convolution: FusedConvolution, node: fx.Node, formats: Formats) -> bool:
    """Whether a kernel reads and writes such elements, and does not have them converted."""
    about: Any = node.args[0].meta["tensor_meta"]
    x = torch.empty_strided(about.shape, about.stride, device="meta")
    try:
        return not convolution.plan(x, Kinds(*map(_dtype, formats)), residual=len(node.args) > 1).converts
    except WincookError:
        return False


def _covering(graph: fx.GraphModule, written: dict[fx.Node, fx.Node], calls: Iterable[Any]) -> dict[fx.Node, Affine]:
    """Scales of tensors that cover what convolutions write when the graph runs on some images.

    Args:
        graph: one that still hands on floats.
        written: the tensor that each of some nodes writes.
        calls: what the model is called with.
    """
    ranges: dict[fx.Node, list[tuple[float, float, int]]] = {node: [] for node in written}
    hooks = [module_of(node).register_forward_hook(partial(_see, seen)) for node, seen in ranges.items()]
    try:
        with torch.no_grad():
            for inputs in calls if written else ():
                graph(*inputs) if isinstance(inputs, tuple) else graph(inputs)
                if all(sum(number for _, _, number in seen) >= _MOST_IMAGES for seen in ranges.values()):
                    break
    except Exception as error:  # noqa: BLE001 (whatever the code of the model does with images of other sizes than the example)
        LOGGER.info("sums stay in float32 between convolutions: %s", error)
        return {}
    finally:
        for hook in hooks:
            hook.remove()
    ends: dict[fx.Node, list[float]] = {}
    for node, seen in ranges.items():
        ends.setdefault(written[node], []).extend(end for *pair, _ in seen for end in pair)
    known = {name: (min(met), max(met)) for name, met in ends.items() if met}
    return {name: Affine.covering(*pair) for name, pair in known.items() if any(pair) and all(map(isfinite, pair))}


def _see(seen: list[tuple[float, float, int]], _: Any, __: Any, y: Tensor) -> None:
    """Keep the ends of the range of a tensor, and of how many images it is."""
    seen.append((float(y.min()), float(y.max()), len(y)))


def _dtype(kind: str) -> torch.dtype:
    """The type of torch that has the name of elements."""
    dtype: torch.dtype = getattr(torch, kind)
    return dtype


def _kernels(graph: fx.GraphModule) -> Iterator[tuple[fx.Node, FusedConvolution]]:
    """The convolutions of a graph that kernels compute, with their nodes."""
    for node in graph.graph.nodes:
        if isinstance(module := module_of(node), FusedConvolution) and module.settings is not None:
            yield node, module
