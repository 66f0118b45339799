"""Write a plan as one Python module that needs only numpy and numba.

The module is a header, the constants of the algorithm and the target, what makes machine code of functions, from
`wincook.to_llvm` to `wincook.machine_code`, and the files of `wincook.kernels.codegen.body`, joined with their imports
gathered at the top. It is what `wc.compile`
runs and what `wincook emit --kind module` gives away: one product, one test.
"""

from __future__ import annotations

from math import prod

from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.quantisation.of_law import FLOATS
from wincook.bilinear import BilinearAlgorithm
from wincook.digest import digest
from wincook.exact.rounded_up import rounded_up
from wincook.kernels.codegen.constants import constants_of
from wincook.kernels.codegen.families import files_of
from wincook.kernels.codegen.joined import BODY, text_of_files
from wincook.kernels.plans.direct import group_of
from wincook.kernels.plans.plan import Family, Plan, plan_of
from wincook.quantisation.affine import KINDS
from wincook.version import __version__

RUNTIME = (  # makes machine code of the body, and keeps it
    *("addresses", "kept_code", "to_llvm/values", "to_llvm/operators", "to_llvm/calls", "to_llvm/expressions"),
    *("to_llvm/statements", "to_llvm/module", "to_llvm/optimise", "machine_code"),
)
_BOUND_CHANNELS = (1, 64, 512)
_BOUND_TERMS = (9, 576, 4608)  # channels and taps of a group
_LEAST = 1e-12  # magnitude of data for which the header states a bound
_USE: dict[Family, str] = {
    "nested": "Needs only numpy and numba. `pack(weights, bias)` once, then `convolve(x, packed, padding)`.",
    "shallow": "Needs only numpy and numba. `pack(weights, bias)` once, then `convolve(x, packed, padding)`.",
    "sparse": "Needs only numpy and numba. `pack(weights, bias, extra=kept)` once, then "
    "`convolve(x, packed, padding)`.",
    "direct": "Needs only numpy and numba. `pack(weights, bias, groups)` once, then "
    "`convolve(x, packed, padding, stride=..., dilation=...)`.",
    "depthwise": "Needs only numpy and numba. `pack(weights, bias, groups)` once, then `convolve(x, packed, padding)`.",
}


def module_stem(plan: Plan) -> str:
    """The stable part of the module's name: tile or family, layout, formats, epilogue if any, and instruction set.

    Formats are named where they are not float32.

    Raises:
        NotationError: no plan.
    """
    plan = plan_of(plan)
    kind = f"f{plan.algorithm.tile.identifier}" if plan.tiled else _family_stem(plan)
    if plan.tiled and plan.family != "nested":
        kind += f"_{plan.family}"
    named = (("", plan.format), ("x", plan.input_format), ("y", plan.output_format), ("r", plan.residual_format))
    formats = [f"{what}{name}" for what, name in named if name != "float32"]
    return "_".join(["wincook", kind, plan.layer.layout.lower(), *formats, *plan.epilogue.names, plan.target.isa.name])


def _family_stem(plan: Plan) -> str:
    if plan.family == "direct":
        group = group_of(plan)
        return f"{plan.family}_g{group[0]}x{group[1]}" if any(group) else plan.family
    steps = {"s": [axis.stride for axis in plan.layer.axes], "d": [axis.dilation for axis in plan.layer.axes]}
    different = (f"{letter}{'x'.join(map(str, along))}" for letter, along in steps.items() if max(along) > 1)
    return "_".join([plan.family, "x".join(map(str, plan.layer.kernel)), *different])


def module_source(plan: Plan) -> str:
    """The source of a plan's module: the same for all layers that differ in sizes alone.

    Raises:
        NotationError: no plan.
    """
    plan = plan_of(plan)
    imports, bodies = text_of_files((*RUNTIME, *map(BODY.format, files_of(plan.family, plan.format))))
    constants = constants_of(plan)
    name = digest("".join([constants, *bodies]))
    head = "\n\n".join(["from __future__ import annotations", imports, f'{constants}\nCODE = "{name}"'])
    code = "\n\n\n".join(part.strip("\n") for part in [head, *bodies]) + "\n"
    return f"{_header(plan, digest(code))}\n\n{code}"


def _header(plan: Plan, name: str) -> str:
    return f'''"""{_title(plan)}
target          {plan.target.isa.name}: {plan.target.isa.lanes} float32 a vector
made by         wincook {__version__}
code            {name}, the first digits of the SHA-256 of all that follows this docstring and a blank line

{_use(plan)}
"""'''


def _use(plan: Plan) -> str:
    """How the module is used."""
    if not plan.quantised:
        return _USE[plan.family]
    steps = "" if plan.tiled else ", stride=..., dilation=..."
    return (
        "Needs only numpy and numba. `pack(weights, bias, extra=scales)` once, with the scales of a calibration in\n"
        f"the order that the code tells, then `convolve(x, packed, padding{steps})`."
    )


def _title(plan: Plan) -> str:
    """What the module computes, and how well."""
    algorithm, layer, strided = plan.algorithm, plan.layer, plan.algorithm.tile.strided
    after = f", then {plan.epilogue}" if plan.epilogue else ""
    formats = plan.formats or "float32"
    if plan.tiled:
        kept = " with blocks of filters left out" if plan.family == "sparse" else ""
        facts = f"""{algorithm.tile} convolution{kept} in {formats}, {layer.layout}{after}.

points          {algorithm.point_names if algorithm.points else "those of its phases" if strided else "unknown"}
multiplications {algorithm.multiplications} per tile; direct: {algorithm.tile.direct_multiplications}"""
        bound = _bound(plan, "C", _BOUND_CHANNELS)
    elif plan.family == "depthwise":
        facts = f"""Depthwise convolution in float32, {layer.layout}{after}.

taps            {" x ".join(map(str, layer.kernel))}, stride {layer.stride}, dilation {layer.dilation}"""
        bound = _bound(plan, "taps", (prod(layer.kernel),))
    else:
        channels, filters = group_of(plan)
        groups = f"of {channels} channels and {filters} filters" if channels else "of any size"
        groups = "one" if plan.quantised else groups
        facts = f"""Convolution in {formats} by sums of products, {layer.layout}{after}.

groups          {groups}"""
        bound = _bound(plan, "channels x taps of a group", _BOUND_TERMS)
    return f"{facts}\n{bound}"


def _bound(plan: Plan, counted: str, numbers: tuple[int, ...]) -> str:
    """What is known of the error of sums of so many terms."""
    if plan.quantised:
        return "error           that of the calibration with which weights are packed"
    policy = FLOATS[plan.format]
    bounds = (
        f"{rounded_up(relative_bound(plan.algorithm, number, policy))} for {counted} = {number}" for number in numbers
    )
    rounded = "" if plan.output_format == "float32" else f" and before y is rounded to {plan.output_format}"
    given = "float32 x and w" if plan.input_format == "float32" else f"{plan.input_format} x and float32 w"
    if plan.input_format in KINDS:
        given = f"{plan.input_format} x less its zero point, and float32 w times the scale of x,"
    return f"""error bound     |y - exact| <= e max|x| max|w| wherever y is finite, for {given} whose largest
                magnitudes are at least {_LEAST:g}, without bias{rounded},
                with e = {", ".join(bounds)}"""


def relative_bound(algorithm: BilinearAlgorithm, channels: int, policy: str = "float32") -> float:
    """The bound over max|x| max|w|: what may underflow counts most where both are least."""
    return error_bound(algorithm, policy, channels, d_max=_LEAST, g_max=_LEAST) / _LEAST**2
