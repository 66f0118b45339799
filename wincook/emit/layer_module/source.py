"""The text of the module of a layer that no module of a kernel computes by itself."""

from __future__ import annotations

from wincook.digest import digest
from wincook.emit.library.accuracy import bound_of
from wincook.exact.rounded_up import rounded_up
from wincook.kernels.codegen.constants import constants_text
from wincook.kernels.codegen.joined import text_of_files
from wincook.kernels.codegen.source import module_source, module_stem
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.kernels.plans.shares import beginnings
from wincook.version import __version__

_BODY = ("epilogue/steps", "emit/layer_module/body")
_KERNEL_MODULE = "kernel_{}"


def kernel_stems(decided: LayerPlan) -> dict[Plan, str]:
    """Each different kernel of a layer, and the name of its module, which tells its code."""
    return {single: f"{module_stem(single)}_{digest(module_source(single))}" for single in decided.plans}


def layer_stem(decided: LayerPlan) -> str:
    """The name of a layer's module: layout, instruction set, and what tells its code."""
    layout, isa = decided.layer.layout.lower(), decided.target.isa.name
    return f"wincook_layer_{layout}_{isa}_{digest(_code(decided))}"


def layer_module_source(decided: LayerPlan) -> str:
    """The source of a layer's module, for the sizes of the layer and any number of images."""
    code = _code(decided)
    return f"{_header(decided, digest(code))}\n\n{code}"


def _code(decided: LayerPlan) -> str:
    stems = dict.fromkeys(kernel_stems(decided).values())
    imports, bodies = text_of_files(_BODY)
    modules = [f"import {stem} as {_KERNEL_MODULE.format(number)}" for number, stem in enumerate(stems)]
    kernels = ", ".join(_KERNEL_MODULE.format(number) for number in range(len(stems)))
    constants = f"KERNELS = ({kernels},)\n{constants_text(_constants(decided, list(stems)))}"
    head = ["from __future__ import annotations", imports, "\n".join(modules), constants]
    return "\n\n\n".join(part.strip("\n") for part in ["\n\n".join(head), *bodies]) + "\n"


def _header(decided: LayerPlan, name: str) -> str:
    layer = decided.layer
    bound = rounded_up(bound_of(decided, layer.channels // layer.groups))
    after = f", then {decided.epilogue}" if decided.epilogue else ""
    return f'''"""{layer} in {decided.plans[0].format}, {layer.layout}{after}.

kernels         {decided.algorithms}
error bound     |y - exact| <= {bound} max|x| max|w| wherever y is finite, without bias
target          {decided.target.isa.name}
made by         wincook {__version__}
code            {name}, the first digits of the SHA-256 of all that follows this docstring and a blank line

Needs numpy, numba and the modules beside it. `pack(weights, bias)` once, then `convolve(x, packed)`, for images of the
size that the layer was planned for.
"""'''


def _constants(decided: LayerPlan, stems: list[str]) -> dict[str, object]:
    layer, epilogue = decided.layer, decided.epilogue
    pads_before = not decided.whole or decided.inner is not layer
    return {
        "LAYOUT": layer.layout,
        "CHANNELS": layer.channels,
        "FILTERS": layer.filters,
        "GROUPS": layer.groups,
        "SIZE": layer.size,
        "OUT_SIZE": layer.output_size,
        "WEIGHTS": layer.weight_shape,
        "STRIDE": tuple(axis.stride for axis in layer.axes),
        "DILATION": tuple(axis.dilation for axis in layer.axes),
        "TRANSPOSED": layer.transposed,
        "PADDING": decided.padding if pads_before else ((0, 0),) * layer.dimension,
        "PADDING_MODE": layer.padding_mode,
        "FUSED": decided.fused and decided.phases is None,
        "SCALED": epilogue.scale,
        "RESIDUAL": epilogue.residual,
        "ACTIVATION": epilogue.steps,
        "POOLING": epilogue.pooling,
        "ONE": _one(decided.plans[0]) if decided.whole else None,
        "PHASES": decided.phases.moves if decided.phases is not None else (),
        "JOINED": 0 if decided.whole else max(0, layer.dimension - len(decided.plans[0].layer.axes)),
        "PARTS": () if decided.whole else _parts(decided, stems),
    }


def _one(single: Plan) -> tuple[object, ...]:
    layer = single.layer
    steps = (tuple(axis.stride for axis in layer.axes), tuple(axis.dilation for axis in layer.axes))
    return (layer.input_shape[1:], layer.weight_shape, layer.pads, *steps)


def _parts(decided: LayerPlan, stems: list[str]) -> tuple[tuple[object, ...], ...]:
    of_plans, reduction = kernel_stems(decided), decided.reduction
    rows = zip(reduction.parts, decided.plans, beginnings(reduction), strict=True)
    return tuple(
        (
            *(stems.index(of_plans[single]), begins, part.x, part.w, part.y),
            *(part.layer.input_shape[1:], part.layer.weight_shape),
        )
        for part, single, begins in rows
    )
