"""The text of a kernel in C: constants, transforms and what follows them, then files of `templates/`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from math import prod

from wincook.emit.library.texts import filled_template, title_of
from wincook.emit.plain_c.statements import finished, pooled, transform
from wincook.kernels.codegen.constants import chain_constants
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.program.ir import Program
from wincook.program.programs import Programs, programs_of
from wincook.version import __version__

_DIGITS = 13  # hexadecimal, of the number that packed weights start with: there is room to add lanes and rows


def c_source(
    name: str, prefix: str, decided: LayerPlan, others: tuple[str, ...] = (), *, versioned: bool = True
) -> str:
    """The text of a plan.

    Args:
        name: of the header, and what its types start with.
        prefix: what functions start with.
        decided: a plan of a layer that one nested, direct or depthwise kernel computes.
        others: prefixes of functions that do the same.
        versioned: whether the function that tells the version of the ABI is here.
    """
    plan = decided.plans[0]
    facts = {
        "name": name,
        "NAME": name.upper(),
        "layer": prefix,
        "title": title_of(decided),
        "version": __version__,
        "l2": str(plan.target.l2),
        "filters": str(plan.layer.filters),
        "constants": "\n".join(f"#define {constant} {value}" for constant, value in _constants(plan).items()),
    }
    code = "\n".join(_code(plan, facts))
    facts["code"] = hashlib.sha256(f"{facts['constants']}{code}".encode()).hexdigest()[:_DIGITS]
    ends = [_part("same", facts | {"other": other}) for other in others]
    ends += [_part("version", facts)] if versioned else []
    text = "\n".join([_part("head", facts), code, _part("entry", facts), *ends])
    return re.sub(r"\n{3,}", "\n\n", text)


def _part(template: str, facts: dict[str, str]) -> str:
    return filled_template(__package__, f"{template}.c", facts)


def _code(plan: Plan, facts: dict[str, str]) -> Iterator[str]:
    """All between the constants and the functions of the header."""
    is_last, epilogue = plan.layer.layout == "NHWC", plan.epilogue
    yield _part("lanes", facts)
    if plan.family == "nested" and not is_last:
        yield _part("turn", facts)
    yield _part("choices", facts)
    yield _part("layer", facts)
    yield finished(epilogue)
    if is_last or epilogue.pool:
        yield pooled(epilogue)
    if epilogue.pool and not is_last:
        yield _part("even", facts)
    yield _part("finish_pixels" if is_last else "finish_rows", facts)
    if plan.family != "depthwise":
        yield _part("gemm", facts)
    if plan.family == "nested":
        programs = _kept(programs_of(plan.algorithm))
        places = _places_in_U(programs_of(plan.algorithm))
        facts = facts | {"places_in_U": ", ".join(map(str, places))}
        down, across = zip(programs.filter, programs.input, programs.output, strict=True)
        for program, function in zip(down, ("filter_down", "input_columns", "output_down"), strict=True):
            yield transform(function, program)
        for program, function in zip(across, ("filter_along", "input_along", "output_along"), strict=True):
            yield transform(function, program)
    yield _part(plan.family, facts)


def _kept(programs: Programs) -> Programs:
    """Rows of G that are equal, as those of a phase of one tap, are computed once."""
    kept = tuple(replace(program, outputs=tuple(dict.fromkeys(program.outputs))) for program in programs.filter)
    return replace(programs, filter=kept)


def _places_in_U(programs: Programs) -> list[int]:
    """Of each product, the number of those that have filters of their own."""
    down, across = (_kept_places(program) for program in programs.filter)
    return [i * (max(across) + 1) + j for i in down for j in across]


def _kept_places(program: Program) -> list[int]:
    kept = list(dict.fromkeys(program.outputs))
    return [kept.index(value) for value in program.outputs]


def _constants(plan: Plan) -> dict[str, int]:
    epilogue, algorithm, layer = plan.epilogue, plan.algorithm, plan.layer
    constants = {
        "CHANNELS_LAST": int(layer.layout == "NHWC"),
        "SCALED": int(epilogue.scale),
        "RESIDUAL": int(epilogue.residual),
        "SIDE": epilogue.step,
        "FILTER_ROWS": 3 if epilogue.scale else 1,
    }
    if plan.family != "depthwise":
        constants |= chain_constants(prod(algorithm.tile.inputs))
    if plan.family == "nested":
        kept = tuple(len(program.outputs) for program in _kept(programs_of(algorithm)).filter)
        pairs = {
            "TAPS": algorithm.tile.taps,
            "STRIDE": algorithm.tile.strides,
            "OUTPUTS": algorithm.tile.outputs,
            "INPUTS": algorithm.tile.inputs,
            "RANKS": tuple(axis.multiplications for axis in algorithm.axes),
            "KEPT": kept,
        }
    elif plan.family == "depthwise":
        steps = {word: tuple(getattr(axis, word) for axis in layer.axes) for word in ("kernel", "stride", "dilation")}
        pairs = {"TAPS": steps["kernel"], "STRIDE": steps["stride"], "DILATION": steps["dilation"]}
    else:
        pairs = {}
    for word, (down, across) in pairs.items():
        constants |= {f"{word}_DOWN": down, f"{word}_ACROSS": across}
    return constants
