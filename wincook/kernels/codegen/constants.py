"""The constants that a plan's module has before its body: sizes, formats, programs, steps, as literals of Python."""

from __future__ import annotations

from math import prod

from wincook.exact.number import Number, nearest
from wincook.formats import FLOAT32
from wincook.kernels.plans.depthwise import block_of
from wincook.kernels.plans.direct import group_of
from wincook.kernels.plans.formats import INSTRUCTIONS, ProductFormat
from wincook.kernels.plans.plan import Plan
from wincook.program.integer_shift import integer_shift
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub
from wincook.program.programs import programs_of
from wincook.quantisation.affine import KINDS
from wincook.quantisation.integers import integers_of, most_of_filter
from wincook.summation import CHAIN, ONE_CHAIN

_WIDTH = 120


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
