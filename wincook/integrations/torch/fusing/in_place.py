"""A model that computes by its graph for as long as it may, and else as it always did.

The graph is what `fuse` makes; it belongs to a class that the model is given, derived from its own. So the parts of the
model, its state and its hooks are what they were. The graph is followed only if that cannot be told from the model's
own way but by time and rounding: where nothing is recorded for gradients, and every part is as it was when it was
traced. Changes of parameters are followed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial, wraps
from operator import is_
from typing import Any

import torch
from torch import Tensor, fx, nn

from wincook.errors import DataError
from wincook.integrations.torch.calls.watchers import is_watched
from wincook.integrations.torch.fusing.between import Seen, narrow_, widen_
from wincook.integrations.torch.fusing.chain import has_hooks
from wincook.integrations.torch.fusing.convolution import FusedConvolution
from wincook.integrations.torch.fusing.graph import fuse
from wincook.integrations.torch.fusing.passing import with_pooling
from wincook.kernels.measurement.interleaved import timings
from wincook.log import LOGGER

_SECONDS = 0.2  # of a model with narrow tensors, and as much with floats
_FORM = "winograd_form"  # of the classes that are made here


@dataclass(frozen=True, slots=True)
class _Form:
    """A model as it was when it was traced, and its graph.

    `parts` are the attributes of each module and the values they had; `children` and `hooks` are kept by torch in
    dictionaries of their own. `constants` are tensors that the graph reads by their names in the model.
    """

    of: type[nn.Module]
    graph: fx.GraphModule
    convolutions: tuple[FusedConvolution, ...]
    parts: tuple[tuple[dict[str, Any], tuple[Any, ...]], ...]
    children: tuple[tuple[dict[str, Any], tuple[Any, ...]], ...]
    hooks: tuple[dict[Any, Any], ...]
    constants: tuple[tuple[nn.Module, str, Any], ...]
    inputs: tuple[tuple[torch.dtype, int], ...]

    @classmethod
    def made(cls, model: nn.Module, graph: fx.GraphModule, inputs: tuple[Tensor, ...]) -> _Form:
        """The form of a model as it is now."""
        dictionaries = [vars(module) for module in model.modules()]
        reads = [str(node.target).rpartition(".") for node in graph.graph.nodes if node.op == "get_attr"]
        return cls(
            type(model),
            graph,
            _convolutions(graph),
            tuple((attributes, tuple(attributes.values())) for attributes in dictionaries),
            tuple((attributes["_modules"], tuple(attributes["_modules"].values())) for attributes in dictionaries),
            tuple(attributes[name] for attributes in dictionaries for name in ("_forward_hooks", "_forward_pre_hooks")),
            tuple(
                (owner, name, getattr(owner, name))
                for owner, name in ((model.get_submodule(path), name) for path, _, name in reads)
            ),
            tuple((x.dtype, x.dim()) for x in inputs),
        )

    def fits(self, model: nn.Module, inputs: tuple[Any, ...]) -> bool:
        """Whether the graph does what the model would do with these inputs."""
        return (
            not (torch.is_grad_enabled() or torch.is_autocast_enabled("cpu") or is_watched())
            and vars(model) is self.parts[0][0]
            and len(inputs) == len(self.inputs)
            and all(_is_like(x, *known) for x, known in zip(inputs, self.inputs, strict=True))
            and not any(self.hooks)
            and _are_same(self.parts)
            and _are_same(self.children)
            and all(getattr(owner, name, None) is known for owner, name, known in self.constants)
            and all(map(_follow, self.convolutions))
        )


def graph_of(model: nn.Module, inputs: tuple[Any, ...]) -> fx.GraphModule | None:
    """The graph of a model, if it is in evaluation mode, can be traced, and is given tensors of float32 on the CPU."""
    modules, known = list(model.modules()), [*model.parameters(), *model.buffers()]
    if any(module.training or "forward" in vars(module) or has_hooks(module) for module in modules):
        return None
    if any(map(_is_uncounted, known)) or not all(_is_like(x, torch.float32, getattr(x, "ndim", 0)) for x in inputs):
        return None
    try:
        graph = fuse(model, *inputs)
    except DataError as error:
        LOGGER.info("the model is not fused: %s", error)
        return None
    with_pooling(graph)
    for convolution in _convolutions(graph):
        convolution.run_directly()
    return graph


def choose(graph: fx.GraphModule, inputs: tuple[Tensor, ...], seen: Seen | None) -> None:
    """Leave to torch what it computes more quickly, and let the others hand on what is quickest.

    With what the model was calibrated with, nothing perhaps, that may be narrow tensors; for None it is floats.
    """
    if seen is not None:
        narrow_(graph, seen)
    _leave_to_torch(graph, inputs)
    run = [partial(graph, *copy.deepcopy(inputs))]
    with torch.no_grad():
        (in_floats,) = timings(run, _SECONDS)
        if seen is not None and narrow_(graph, seen):
            (narrow,) = timings(run, _SECONDS)
            if narrow.least > in_floats.least:
                widen_(graph)


def _leave_to_torch(graph: fx.GraphModule, inputs: tuple[Tensor, ...]) -> None:
    """Find the quickest way of each convolution, as it is called now; all hand on floats then."""
    chosen: dict[FusedConvolution, Any] = {}
    hooks = [
        convolution.register_forward_pre_hook(lambda module, given: chosen.update({module: module.quickest(*given)}))
        for convolution in _convolutions(graph)
    ]
    with torch.no_grad():
        graph(*copy.deepcopy(inputs))
    for hook in hooks:
        hook.remove()
    for convolution, settings in chosen.items():
        convolution.take(settings)


def follow_(model: nn.Module, graph: fx.GraphModule, inputs: tuple[Tensor, ...]) -> None:
    """Let a model compute by its graph from now on."""
    if _convolutions(graph):
        model.__class__ = _class_of(_Form.made(model, graph, inputs))


def _convolutions(graph: fx.GraphModule) -> tuple[FusedConvolution, ...]:
    return tuple(module for module in graph.modules() if isinstance(module, FusedConvolution))


def unfuse_(model: nn.Module) -> None:
    """Give all parts of a model their own classes back."""
    for module in model.modules():
        form = vars(type(module)).get(_FORM)
        if form is not None:
            module.__class__ = form.of


def _class_of(form: _Form) -> type[nn.Module]:
    """A class for one model; it is called as the model's own, and copies of the model are of that."""
    own: Any = form.of

    @wraps(own.forward)
    def forward(self: Any, *inputs: Any, **named: Any) -> Any:
        if not torch.compiler.is_compiling() and not named and form.fits(self, inputs):
            return form.graph(*inputs)
        return own.forward(self, *inputs, **named)

    def reduced(self: Any, _: Any) -> Any:
        return _new, (own,), self.__getstate__()

    names = {
        "forward": forward,
        "__reduce_ex__": reduced,
        "__module__": own.__module__,
        "__doc__": own.__doc__,
        _FORM: form,
    }
    derived: type[nn.Module] = type(own)(own.__name__, (own,), names)
    return derived


def _new(kind: Any) -> Any:
    """A module without its state, as copies and pickles begin."""
    return kind.__new__(kind)


def _is_like(x: Any, dtype: torch.dtype, axes: int) -> bool:
    """Whether it is a plain tensor on the CPU, of a type and a number of axes."""
    return type(x) in {Tensor, nn.Parameter} and x.device.type == "cpu" and x.dtype == dtype and x.dim() == axes


def _is_uncounted(tensor: Tensor) -> bool:
    """Whether torch counts no writes to it."""
    return tensor.is_inference() or isinstance(tensor, nn.parameter.UninitializedTensorMixin)


def _are_same(known: Iterable[tuple[dict[str, Any], tuple[Any, ...]]]) -> bool:
    """Whether dictionaries hold what they held."""
    return all(len(now) == len(then) and all(map(is_, now.values(), then)) for now, then in known)


def _follow(convolution: FusedConvolution) -> bool:
    """Whether the weights are those of now, or can be made so."""
    if not convolution.is_current:
        try:
            convolution.fold()
        except DataError:  # statistics without numbers, say: the model's own modules know what to make of them
            return False
    return True
