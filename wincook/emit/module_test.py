"""The test that comes with a module: Python text that needs the module and numpy alone."""

from __future__ import annotations

from importlib import resources

from wincook.emit.library.accuracy import bound_of
from wincook.emit.library.trial import trial_layers
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.layers import Layer
from wincook.version import __version__


def module_test(plan: LayerPlan, stem: str) -> str:
    """The test of a plan's module, whose file has such a stem."""
    layers = "\n".join(f"    {_told(plan, layer)}," for layer in trial_layers(plan))
    return _filled("module_test.txt", {"stem": stem, "layers": f"[\n{layers}\n]"})


def layer_module_test(plan: LayerPlan, stem: str) -> str:
    """The test of the module of a layer of several kernels, whose file has such a stem."""
    bound = bound_of(plan, plan.layer.channels // plan.layer.groups)
    facts = {"stem": stem, "pads": repr(plan.layer.pads), "bound": f"{bound:.3g}"}
    return _filled("layer_module_test.txt", facts)


def _filled(template: str, facts: dict[str, str]) -> str:
    text = resources.files(__package__).joinpath("templates", template).read_text(encoding="utf-8")
    for name, fact in {"version": __version__, **facts}.items():
        text = text.replace(f"@{name}@", fact)
    return text


def _told(plan: LayerPlan, layer: Layer) -> str:
    stride, dilation = (tuple(getattr(axis, name) for axis in layer.axes) for name in ("stride", "dilation"))
    shape = (layer.batch, layer.channels, *layer.size)
    bound = float(f"{bound_of(plan, layer.channels // layer.groups):.3g}")
    return repr((shape, layer.weight_shape, layer.groups, layer.pads, stride, dilation, bound))
