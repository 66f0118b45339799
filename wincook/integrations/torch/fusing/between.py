"""Which tensors of a model's graph stay narrow from convolution to convolution, and with which scales.

A tensor that one convolution writes, and that only others read, by way of max pooling perhaps, has the elements that
its readers multiply: bfloat16, or integers of 8 bits with one scale for the tensor, that of x in its readers'
calibrations. One that is only ever added has the scale of what it was on the images of the calibration. Whatever else
reads a tensor gets floats, and so does a convolution whose kernel would have to convert what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional

from wincook.errors import WincookError
from wincook.integrations.torch.fusing.convolution import FusedConvolution
from wincook.integrations.torch.fusing.elements import FLOATS, Elements
from wincook.integrations.torch.packed import calibration_in
from wincook.log import LOGGER
from wincook.quantisation import Affine

_MOST_IMAGES = 32  # that ranges are taken from


@dataclass(frozen=True, slots=True)
class _Reader:
    """A convolution that reads a tensor: as its x, or as the residual."""

    convolution: FusedConvolution
    node: fx.Node
    is_x: bool


@dataclass(frozen=True, slots=True)
class _Written:
    """What a convolution writes, and all that read it."""

    convolution: FusedConvolution
    node: fx.Node
    readers: tuple[_Reader, ...]


def narrow_(graph: fx.GraphModule, calls: Iterable[Any] = ()) -> bool:
    """Let convolutions hand on narrow tensors wherever they can; tells whether any does.

    Args:
        graph: of a model, with its poolings as `with_pooling` makes them.
        calls: what the model was calibrated with, tensors or tuples of arguments.
    """
    widen_(graph)
    written = {each.node: each for node in graph.graph.nodes if (each := _written(node)) is not None}
    kinds = {node: kind for node, each in written.items() if (kind := _kind(each)) is not None}
    while refused := _refused(graph, kinds):
        kinds = {node: kind for node, kind in kinds.items() if node not in refused}
    affines = _affines(graph, [written[node] for node, kind in kinds.items() if kind == torch.uint8], calls)
    known = {
        node: Elements(kind, affines.get(node))
        for node, kind in kinds.items()
        if kind != torch.uint8 or node in affines
    }
    for node, convolution in _convolutions(graph):
        convolution.read_and_write(*_elements(node, known))
    return bool(known)


def widen_(graph: fx.GraphModule) -> None:
    """Let convolutions hand on floats."""
    for _, convolution in _convolutions(graph):
        convolution.read_and_write(FLOATS, FLOATS, FLOATS)


def with_pooling(graph: fx.GraphModule) -> None:
    """Put a function that pools integers, too, in the place of max pooling."""
    for node in list(graph.graph.nodes):
        module: Any = _module(node)
        if type(module) is nn.MaxPool2d and not module.return_indices and len(node.args) == 1 and not node.kwargs:
            sizes = (module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode)
            with graph.graph.inserting_after(node):
                pooled = graph.graph.call_function(max_pool, (node.args[0], *sizes))
            pooled.meta = node.meta
            node.replace_all_uses_with(pooled)
            graph.graph.erase_node(node)
    graph.recompile()


def max_pool(x: Tensor, size: Any, step: Any, padding: Any, dilation: Any, ceil_mode: bool) -> Tensor:  # noqa: FBT001 (torch's order)
    """Max pooling of floats or of integers without a sign, beside which is the lowest number."""
    if x.dtype != torch.uint8:
        return functional.max_pool2d(x, size, step, padding, dilation, ceil_mode)
    pairs = ([n, n] if isinstance(n, int) else list(n) for n in (size, step, padding, dilation))
    pooled: Tensor = torch.ops.quantized.max_pool2d(x, *pairs, ceil_mode)
    return pooled


def _written(node: fx.Node) -> _Written | None:
    """What a node writes, if it is a convolution by a kernel, and only convolutions by kernels read it."""
    convolution = _module(node)
    if not isinstance(convolution, FusedConvolution) or convolution.settings is None:
        return None
    readers = []
    for user, source in _users(node):
        reader = _module(user)
        if not isinstance(reader, FusedConvolution) or reader.settings is None:
            return None
        readers += [_Reader(reader, user, number == 0) for number, given in enumerate(user.args) if given is source]
    return _Written(convolution, node, tuple(readers)) if readers else None


def _users(node: fx.Node) -> Iterator[tuple[fx.Node, fx.Node]]:
    """The nodes that read a tensor, and by what name: what pools it or passes it on stands for it."""
    for user in node.users:
        if _passes(user):
            yield from _users(user)
        else:
            yield user, node


def _kind(written: _Written) -> torch.dtype | None:
    """The type of a tensor between convolutions: what those that multiply it read, or else those that add it."""
    multiply = {reader.convolution.narrow_kind for reader in written.readers if reader.is_x}
    add = {reader.convolution.narrow_kind for reader in written.readers if not reader.is_x}
    wanted = multiply or add
    return wanted.pop() if len(wanted) == 1 else None


def _refused(graph: fx.GraphModule, kinds: dict[fx.Node, torch.dtype]) -> set[fx.Node]:
    """The tensors that some kernel does not write, multiply or add as they are."""
    known = {node: Elements(kind) for node, kind in kinds.items()}
    refused: set[fx.Node] = set()
    for node, convolution in _convolutions(graph):
        elements = _elements(node, known)
        is_plain = convolution.settings is None or elements == (FLOATS, FLOATS, FLOATS)
        if is_plain or _is_native(convolution, node, elements):
            continue
        x, residual = [*map(_source, node.args), None][:2]
        about = [(x, elements[0], 0), (node, elements[1], 1), (residual, elements[2], 2)]
        for tensor, each, place in about:
            alone = [FLOATS] * len(elements)
            alone[place] = each
            if each != FLOATS and not _is_native(convolution, node, tuple(alone)):
                refused.add(tensor)
    return refused


def _is_native(convolution: FusedConvolution, node: fx.Node, elements: Any) -> bool:
    """Whether a kernel reads and writes such elements, and does not have them converted."""
    about: Any = node.args[0].meta["tensor_meta"]
    x = torch.empty_strided(about.shape, about.stride, device="meta")
    try:
        return not convolution.plan(x, elements, residual=len(node.args) > 1).converts
    except WincookError:
        return False


def _affines(graph: fx.GraphModule, tensors: list[_Written], calls: Iterable[Any]) -> dict[fx.Node, Affine]:
    """The scale of each tensor: that of the calibration of what multiplies it, or else what its numbers ask for."""
    found, added = {}, []
    for written in tensors:
        calibrations = (reader.convolution.calibration for reader in written.readers if reader.is_x)
        calibration = next((each for each in calibrations if each is not None), None)
        if calibration is None:
            added.append(written)
        else:
            found[written.node] = calibration_in(calibration).x
    return found | _covering(graph, added, calls)


def _covering(graph: fx.GraphModule, tensors: list[_Written], calls: Iterable[Any]) -> dict[fx.Node, Affine]:
    """Scales that cover what convolutions write when the graph runs on some images, as long as it hands on floats."""
    ranges: dict[fx.Node, list[tuple[float, float, int]]] = {written.node: [] for written in tensors}
    hooks = [written.convolution.register_forward_hook(partial(_see, ranges[written.node])) for written in tensors]
    try:
        with torch.no_grad():
            for inputs in calls if tensors else ():
                graph(*inputs) if isinstance(inputs, tuple) else graph(inputs)
                if all(sum(number for _, _, number in seen) >= _MOST_IMAGES for seen in ranges.values()):
                    break
    except Exception as error:  # noqa: BLE001 (whatever the code of the model does with images of other sizes than the example)
        LOGGER.info("sums stay in float32 between convolutions: %s", error)
        return {}
    finally:
        for hook in hooks:
            hook.remove()
    ends = {
        node: (min(low for low, _, _ in seen), max(high for _, high, _ in seen))
        for node, seen in ranges.items()
        if seen
    }
    return {node: Affine.covering(*pair) for node, pair in ends.items() if any(pair) and all(map(isfinite, pair))}


def _see(seen: list[tuple[float, float, int]], _: Any, __: Any, y: Tensor) -> None:
    """Keep the ends of the range of a tensor, and of how many images it is."""
    seen.append((float(y.min()), float(y.max()), len(y)))


def _elements(node: fx.Node, known: dict[fx.Node, Elements]) -> tuple[Elements, Elements, Elements]:
    """Those of x, y and the residual of a convolution."""
    x, residual = [*(known.get(_source(given), FLOATS) for given in node.args), FLOATS][:2]
    return x, known.get(node, FLOATS), residual


def _source(node: Any) -> fx.Node:
    """The tensor that a node reads, by way of what pools it or passes it on."""
    while _passes(node):
        node = node.args[0]
    return node


def _passes(node: fx.Node) -> bool:
    """Whether a node gives integers that stand for what it makes of the numbers that they stood for."""
    return node.target is max_pool or type(_module(node)) in {nn.Identity, nn.Dropout}


def _module(node: fx.Node) -> nn.Module | None:
    """The module that a node calls."""
    owner: Any = node.graph.owning_module
    return owner.get_submodule(node.target) if node.op == "call_module" else None


def _convolutions(graph: fx.GraphModule) -> Iterator[tuple[fx.Node, FusedConvolution]]:
    """Those of a graph, with their nodes."""
    for node in graph.graph.nodes:
        if isinstance(module := _module(node), FusedConvolution):
            yield node, module
