"""Models whose convolutions are turned into wincook's, in place, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from torch import fx, nn

from wincook.arguments import choice, flag, function, instance
from wincook.errors import DataError
from wincook.formats import Format
from wincook.integrations.between import BETWEEN
from wincook.integrations.calibrated import INTEGERS
from wincook.integrations.torch.calls.packed import packed_weights
from wincook.integrations.torch.config import WinogradConfig, config_of
from wincook.integrations.torch.fusing.between import Seen
from wincook.integrations.torch.fusing.in_place import choose, follow_, graph_of, unfuse_
from wincook.integrations.torch.modules import FORMAT_WANTED, calibrate_by, turned
from wincook.integrations.torch.narrow.calibrated import calibrate_, calls_of, images_of
from wincook.integrations.torch.narrow.quantised import turned_quantised
from wincook.integrations.torch.plan import plan
from wincook.quantisation.observed import Observed

Filter = Callable[[nn.Module, str], bool]


def convert_(
    model: nn.Module,
    config: WinogradConfig | None = None,
    filter_fn: Filter | None = None,
    example_inputs: Any = None,
    *,
    format: Format | str | None = None,
    calibrate_with: Any = None,
    between: str = "narrow",
) -> nn.Module:
    """Turn the convolutions of a model into wincook's, in place.

    Each module stays the same object, with its parameters, hooks and name, so `state_dict` is what it was; only its
    class is another. What is turned already gets the new settings. Classes derived from torch's are left alone. Modules
    that torch quantised keep their scales.

    Args:
        model: any module, or a convolution itself.
        config: the settings; the default ones if left out.
        filter_fn: of a convolution and its name in the model, whether to turn it; all if left out.
        example_inputs: a tensor, or a tuple of the arguments of the model. With them each convolution is measured, as
            by `plan`, and those that wincook does not make quicker stay torch's; kernels are then compiled as well.
            A model in evaluation mode that torch.fx can trace moreover lets kernels do what follows their
            convolutions, wherever no gradients are recorded, as under `torch.no_grad()`.
        format: of the products, in place of that of the settings: float32, bfloat16, int8 or int16. Overrides keep
            theirs. A convolution that has no kernel in a narrow format stays in float32, which is told by a warning of
            the logger `wincook`.
        calibrate_with: for int8 and int16, images like those that the model will see, from which scales are taken: a
            tensor, a tuple of the arguments of the model, or several of them in turn. Eight images serve, and up to 32
            are looked at; a single one is too few. Algorithms are the quickest for so many images as `example_inputs`
            are, or, without them, as these.
        between: what convolutions hand on to one another, where kernels do what follows them: `narrow` elements,
            bfloat16 or integers of 8 bits, as their formats have them, or `float32`, more exact and slower.

    Returns:
        The model.

    Raises:
        DataError: no module, or a graph without modules, as torch.export makes it; it fails on the inputs; or nothing
            to calibrate with, for a format that needs it.
        FormatError: a format without kernels.
        NotationError: no settings; a filter that fails or gives something other than true or false; or something else
            between convolutions.
    """
    settings, is_narrow = config_of(config), choice("between", between, BETWEEN) == BETWEEN[0]
    settings = settings if format is None else replace(settings, format=format)
    calls = None if calibrate_with is None else calls_of(calibrate_with)
    wanted = None if filter_fn is None else function("filter_fn", filter_fn, "of a module and its name")
    unfuse_(_module(model))
    _check_has_modules(model)
    chosen = {name: module for name, module in model.named_modules() if _is_chosen(module, name, settings, wanted)}
    of_integers = [name for name in chosen if _format(settings, name) in INTEGERS]
    if of_integers and calls is None:
        raise DataError(
            f"{_format(settings, of_integers[0])} needs scales; give images like those that the model will see: "
            "convert_(model, format='int8', calibrate_with=images)"
        )
    for name in of_integers:
        _turn(chosen[name], None)  # images are those of torch's own way
    images = images_of(model, calls or [], {name: chosen[name] for name in of_integers})
    example = [example_inputs] if of_integers and example_inputs is not None else []
    called_with = images_of(model, example, {name: chosen[name] for name in of_integers})
    observed = dict[nn.Module, Observed]()
    for name in of_integers:
        _turn(chosen[name], settings.of(name))
        if (shown := calibrate_(name, chosen[name], images[name], called_with[name])) is not None:
            observed[chosen[name]] = shown
    table = None if example_inputs is None else plan(model, example_inputs, settings)
    for name in chosen.keys() - set(of_integers):
        _turn(chosen[name], settings.of(name))
    if table is not None:
        slower = [chosen[row.name] for row in table.modules if row.name in chosen and row.after > row.before]
        _fuse_and_turn_back(model, example_inputs, slower, Seen(calls or [], observed) if is_narrow else None)
    return model


def _check_has_modules(model: nn.Module) -> None:
    """See that the convolutions of a model are modules.

    Raises:
        DataError: all are calls in a graph.
    """
    graphs = [module.graph for module in model.modules() if isinstance(module, fx.GraphModule)]
    calls = [str(node.target) for graph in graphs for node in graph.nodes if str(node.target).startswith("aten.conv")]
    if calls and not any(map(_classes_of, model.modules())):
        raise DataError(
            f"this graph calls {calls[0]}, as torch.export writes it, and has no modules that could be turned; "
            "convert_ the model before it is exported, or write the graph by torch.onnx.export, for "
            "wincook.integrations.onnx.Runner, which also reads what pt2e and torchao quantised"
        )


def _is_chosen(module: nn.Module, name: str, settings: WinogradConfig, wanted: Filter | None) -> bool:
    """Whether a module is a convolution to be turned."""
    if _classes_of(module) is None or settings.of(name) is None:
        return False
    return wanted is None or flag("what filter_fn gives", wanted(module, name))


def _classes_of(module: nn.Module) -> tuple[type[nn.Module], type[nn.Module]] | None:
    """torch's class and wincook's of a convolution, quantised or not; None for all other modules."""
    return turned(module) or turned_quantised(module)


def _format(settings: WinogradConfig, name: str) -> Format | str:
    """That of the products of a module."""
    return (settings.of(name) or settings).format


def _turn(module: Any, config: WinogradConfig | None) -> None:
    """Make a convolution wincook's, or for no settings torch's."""
    classes = _classes_of(module)
    if classes is None:
        return
    calibrate_by(module, None)
    for name in ("scales", FORMAT_WANTED):  # of settings that it had before
        vars(module).pop(name, None)
    plain, by_wincook = classes
    if config is not None:
        module.__class__, module.winograd = by_wincook, config
    elif isinstance(module, by_wincook):
        module.__class__ = plain
        vars(module).pop("winograd", None)


def _fuse_and_turn_back(model: nn.Module, example_inputs: Any, slower: list[nn.Module], seen: Seen | None) -> None:
    """Fuse a model if that can be done; leave its slower convolutions to torch where they are not fused.

    With what it was calibrated with, nothing perhaps, its tensors are narrow where they can be; for None they stay
    floats.
    """
    inputs = example_inputs if isinstance(example_inputs, tuple) else (example_inputs,)
    graph = graph_of(model, inputs)
    if graph is not None:
        choose(graph, inputs, seen)
    for module in slower:
        _turn(module, None)
    if graph is not None:
        follow_(model, graph, inputs)
    packed_weights.clear()  # of what was measured, and perhaps is not used again


def unconvert_(model: nn.Module) -> nn.Module:
    """Turn wincook's convolutions of a model back into torch's, in place.

    Raises:
        DataError: no module.
    """
    unfuse_(_module(model))
    for module in model.modules():
        _turn(module, None)
    return model


def _module(model: object) -> nn.Module:
    return instance("model", model, nn.Module, "give a torch.nn.Module", DataError)
