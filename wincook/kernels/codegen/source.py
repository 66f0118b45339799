"""Write a plan as one Python module that needs only numpy and numba.

The module is a header, the constants of the algorithm and the target, what makes machine code of functions, from
`wincook.to_llvm` to `wincook.machine_code`, and the files of `wincook.kernels.codegen.body`, joined with their imports
gathered at the top. It is what `wc.compile`
runs and what `wincook emit --kind module` gives away: one product, one test.
"""

from __future__ import annotations

import ast
import sys
from functools import lru_cache
from importlib import resources
from math import prod

from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.quantisation.of_law import FLOATS
from wincook.bilinear import BilinearAlgorithm
from wincook.digest import digest
from wincook.exact.number import Number, nearest
from wincook.exact.rounded_up import rounded_up
from wincook.formats import FLOAT32
from wincook.kernels.codegen.families import FAMILIES, files_of
from wincook.kernels.plans.depthwise import block_of
from wincook.kernels.plans.direct import group_of
from wincook.kernels.plans.formats import INSTRUCTIONS, ProductFormat
from wincook.kernels.plans.plan import Family, Plan, plan_of
from wincook.program.integer_shift import integer_shift
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub
from wincook.program.programs import programs_of
from wincook.quantisation.affine import KINDS
from wincook.quantisation.integers import integers_of, most_of_filter
from wincook.summation import CHAIN, ONE_CHAIN
from wincook.version import __version__

_WIDTH = 120
BODY = "kernels/codegen/body/{}"
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


def constants_of(plan: Plan) -> str:
    """The constants of a plan's module, as text."""
    isa = plan.target.isa
    sizes: dict[str, object] = {
        "LAYOUT": plan.layer.layout,
        "FORMAT": plan.format,
        "X_FORMAT": plan.input_format,
        "Y_FORMAT": plan.output_format,
        "RESIDUAL_FORMAT": plan.residual_format,
        "IN_WORD": plan.words.channels,
        "FEATURES": features_of(plan),
        "ISA": isa.name,
        "LANES": isa.lanes,
        "ROWS": plan.rows,
        "VECTORS": plan.vectors,
        "SCALED": plan.epilogue.scale,
        "RESIDUAL": plan.epilogue.residual,
        "ACTIVATION": plan.epilogue.steps,
        "POOLING": plan.epilogue.pooling,
    }
    if plan.tiled or plan.sums_terms:
        entries = _tile_constants(plan, sizes | {"HALF_FILTERS": plan.half_filters})
    elif plan.family == "depthwise":
        entries = sizes | _depthwise_constants(plan)
    else:
        entries = sizes | chain_constants(1) | {"GROUP": group_of(plan)}
    return constants_text(entries)


def constants_text(entries: dict[str, object]) -> str:
    """Assignments of literals to names."""
    return "\n".join(f"{name} = {_literal(value, 0, len(name) + 3)}" for name, value in entries.items())


def features_of(plan: Plan) -> tuple[str, ...]:
    """The features of the processor that a plan's module uses beside its vectors: none where all is float32."""
    isa, formats = plan.target.isa.name, (plan.format, plan.input_format, plan.output_format)
    used = {feature for format in formats for key, feature in INSTRUCTIONS.items() if key == (isa, format)}
    return tuple(feature for feature in plan.target.features if feature in used)


def chain_constants(inputs: int, format: ProductFormat = "float32") -> dict[str, int]:
    """How the channels are summed, of a tile of so many inputs: sums of narrow products are one chain."""
    return {"ONE_CHAIN": ONE_CHAIN, "CHAIN": 0 if inputs == 1 or format != "float32" else CHAIN}


def integer_shift_of(plan: Plan) -> int | None:
    """By how many bits inputs are shifted before they are transformed in 16 bits; None where they are floats."""
    in_8_bits = plan.tiled and plan.quantised and plan.input_format in KINDS
    return integer_shift(programs_of(plan.algorithm).input) if in_8_bits else None


def _depthwise_constants(plan: Plan) -> dict[str, object]:
    block = block_of(plan)
    return {
        "TAPS": plan.layer.kernel,
        "STRIDE": tuple(axis.stride for axis in plan.layer.axes),
        "DILATION": tuple(axis.dilation for axis in plan.layer.axes),
        "BLOCK": block.outputs,
        "CHUNK": block.taps,
        "RING": block.ring,
    }


def _tile_constants(plan: Plan, sizes: dict[str, object]) -> dict[str, object]:
    algorithm, programs = plan.algorithm, programs_of(plan.algorithm)
    return {
        "TILE": str(algorithm.tile),
        "POINTS": tuple(map(str, algorithm.points)),
        **sizes,
        **chain_constants(prod(algorithm.tile.inputs), plan.format),
        "OUTPUTS": algorithm.tile.outputs,
        "TAPS": algorithm.tile.taps,
        "TILE_STRIDES": algorithm.tile.strides,
        "TILE_INPUTS": algorithm.tile.inputs,
        "RANKS": tuple(axis.multiplications for axis in algorithm.axes),
        "INTEGER_SHIFT": integer_shift_of(plan),
        **_quantised_constants(plan),
        "FILTER_PROGRAMS": tuple(map(_table, programs.filter)),
        "INPUT_PROGRAMS": tuple(map(_table, programs.input)),
        "OUTPUT_PROGRAMS": tuple(map(_table, programs.output)),
    }


def _quantised_constants(plan: Plan) -> dict[str, object]:
    """Whole numbers of V and of U, and how large filters of them may be together."""
    if not plan.quantised:
        return {}
    takes_x = plan.sums_terms and plan.input_format in KINDS
    integers = integers_of(plan.format, direct=plan.sums_terms)
    return {
        "LOWEST": integers.lowest,
        "HIGHEST": integers.highest,
        "MOST": integers.most,
        "MOST_OF_FILTER": most_of_filter(integers, takes_x=takes_x),
    }


def _literal(value: object, indent: int, before: int) -> str:
    """A literal as a formatter would leave it: on one line, or one element a line."""
    flat = repr(value).replace("'", '"')
    if not isinstance(value, tuple) or before + len(flat) <= _WIDTH:
        return flat
    inner = " " * (indent + 4)
    lines = [f"{inner}{_literal(element, indent + 4, indent + 5)},\n" for element in value]
    return f"(\n{''.join(lines)}{' ' * indent})"


def _table(program: Program) -> tuple[tuple[tuple[str | int | float, ...], ...], tuple[int, ...]]:
    """A program as the body reads it, constants rounded to float32."""
    return tuple(_entry(op) for op in program.ops), program.outputs


def _entry(op: Op) -> tuple[str | int | float, ...]:
    match op:
        case Add(a, b):
            return ("add", a, b)
        case Sub(a, b):
            return ("sub", a, b)
        case Neg(a):
            return ("neg", a)
        case Mul(a, constant):
            return ("mul", a, _rounded(constant))
        case Fma(a, constant, b):
            return ("fma", a, _rounded(constant), b)


def _rounded(constant: Number) -> float:
    return float(nearest(constant, FLOAT32))


def body_of(parts: tuple[str, ...]) -> tuple[str, list[str]]:
    """The gathered imports of files of the body, and each file without its docstring and imports."""
    return text_of_files(tuple(map(BODY.format, parts)))


@lru_cache(maxsize=8 * len(FAMILIES))  # of all formats
def text_of_files(parts: tuple[str, ...]) -> tuple[str, list[str]]:
    """The same of any files."""
    names: dict[str, set[str]] = {}
    bodies = []
    for part in parts:
        text = resources.files("wincook").joinpath(f"{part}.py").read_text(encoding="utf-8")
        tree = ast.parse(text)
        for node in tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    names[f"import {alias.name} as {alias.asname}" if alias.asname else f"import {alias.name}"] = set()
            elif isinstance(node, ast.ImportFrom) and not str(node.module).startswith(("wincook", "__future__")):
                names.setdefault(f"from {node.module} import ", set()).update(alias.name for alias in node.names)
        rest = [node for node in tree.body[1:] if not isinstance(node, ast.ImportFrom | ast.Import)]
        code = text.splitlines()[min(map(_first_line, rest)) - 1 :]
        space = [""] if isinstance(rest[0], ast.Assign) else ["", ""]
        bodies.append("\n".join([_comment(ast.get_docstring(tree) or ""), *space, *code]))
    return _import_block([head + ", ".join(sorted(imported)) for head, imported in names.items()]), bodies


def _import_block(lines: list[str]) -> str:
    """Imports in the usual order: the standard library, a blank line, the rest."""

    def module(line: str) -> str:
        return line.split()[1]

    ordered = sorted(lines, key=lambda line: (line.startswith("from"), module(line)))
    standard = [line for line in ordered if module(line).split(".")[0] in sys.stdlib_module_names]
    return "\n".join([*standard, "", *(line for line in ordered if line not in standard)])


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.strip().splitlines())
