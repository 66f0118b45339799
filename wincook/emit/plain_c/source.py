"""The text of a kernel in C: constants, transforms and what follows them, then files of `templates/`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from math import prod

from wincook.emit.library.texts import TYPES, filled_template, title_of
from wincook.emit.plain_c.statements import finished, pooled, transform
from wincook.emit.plain_c.tables import constants_of_elements, quantised_constants, tables
from wincook.kernels.codegen.constants import chain_constants
from wincook.kernels.plans.formats import ElementFormat
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.calibrated import NO_SCALES, Scales
from wincook.program.ir import Program
from wincook.program.programs import Programs, programs_of
from wincook.quantisation.calibration import Calibration
from wincook.version import __version__

_FILTERS = {"sparse": ("masks", "kept")}
_DOWN = {"filter": "down", "input": "columns", "output": "down"}
_ALONG = dict.fromkeys(_DOWN, "along")
_OF_8_BITS = "(floats_of(read + 0x4B400000u) - broadcast(WITHOUT_FRACTIONS + ZERO_OF_{WHAT}))"
_FLOATS: dict[ElementFormat, str] = {  # of the bits of elements
    "float32": "",
    "bfloat16": "floats_of(read << 16)",
    "float16": "floats_of_halves(read)",
    "uint8": _OF_8_BITS,
    "int8": _OF_8_BITS,
}
_DIGITS = 13  # hexadecimal, of the number that packed weights start with: there is room to add lanes and rows


def c_source(
    name: str,
    prefix: str,
    decided: LayerPlan,
    others: tuple[str, ...] = (),
    *,
    versioned: bool = True,
    calibration: Calibration | None = None,
    scales: Scales = NO_SCALES,
) -> str:
    """The text of a plan.

    Args:
        name: of the header, and what its types start with.
        prefix: what functions start with.
        decided: a plan of a layer that one nested, sparse, direct or depthwise kernel computes.
        others: prefixes of functions that do the same.
        versioned: whether the function that tells the version of the ABI is here.
        calibration: of products of whole numbers.
        scales: of x, y and a residual, as far as they have 8 bits.
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
        "constants": "\n".join(
            f"#define {constant} {value}" for constant, value in _constants(plan, calibration, scales).items()
        ),
        "x_type": TYPES[plan.input_format],
        "y_type": TYPES[plan.output_format],
        "residual_type": TYPES[plan.residual_format],
        "kept_places": ", ".join(map(str, _kept_places_of(plan))),
    }
    readers = (
        (name, _FLOATS[elements]) for name, elements in (("x", plan.input_format), ("residual", plan.residual_format))
    )
    facts["readers"] = "".join(_reader(name, floats) for name, floats in readers)
    is_sparse = plan.family == "sparse"
    facts["pack_sparse"] = _part("call/pack_sparse", facts) if is_sparse else ""
    code = "\n".join(_code(plan, facts, calibration))
    facts["code"] = hashlib.sha256(f"{facts['constants']}{code}".encode()).hexdigest()[:_DIGITS]
    same = ("call/same", "call/same_sparse") if is_sparse else ("call/same",)
    ends = [_part(template, facts | {"other": other}) for other in others for template in same]
    ends += [_part("call/version", facts)] if versioned else []
    text = "\n".join([_part("call/head", facts), code, _part("call/entry", facts), *ends])
    return re.sub(r"\n{3,}", "\n\n", text)


def _reader(name: str, floats: str) -> str:
    """The function that reads elements of an array as floats."""
    if not floats:
        return f"#define load_{name} load_first\n\n"
    facts = {"what": name, "WHAT": name.upper()}
    scale = " * broadcast(SCALE_OF_RESIDUAL)" if name == "residual" and "ZERO" in floats else ""
    return _part("vectors/reader", facts | {"floats": f"{floats.format(**facts)}{scale}"})


def _part(template: str, facts: dict[str, str]) -> str:
    return filled_template(__package__, f"{template}.c", facts)


def _code(plan: Plan, facts: dict[str, str], calibration: Calibration | None) -> Iterator[str]:
    """All between the constants and the functions of the header."""
    for template in _before_epilogue(plan):
        yield _part(template, facts)
    yield finished(plan.epilogue)
    if plan.layer.layout == "NHWC" or plan.epilogue.pool:
        yield pooled(plan.epilogue)
    if calibration is not None:
        yield tables(plan, calibration)
    if plan.loops in {"nested", "sparse"}:
        programs = _kept(programs_of(plan.algorithm))
        used = (*(() if plan.sums_terms else ("filter", "input")), "output")
        for axis, suffixes in enumerate((_DOWN, _ALONG)):
            for word in used:
                yield transform(f"{word}_{suffixes[word]}", getattr(programs, word)[axis])
    for template in _after_epilogue(plan):
        yield _part(template, facts)


def _before_epilogue(plan: Plan) -> Iterator[str]:
    """Vectors and elements of x and y."""
    is_last, elements = plan.layer.layout == "NHWC", {plan.input_format, plan.output_format, plan.residual_format}
    yield "vectors/lanes"
    yield "vectors/choices"
    if "bfloat16" in {*elements, plan.format}:
        yield "vectors/bfloat16"
    if "float16" in elements:
        yield "vectors/float16"
    yield "vectors/elements"
    if plan.loops in {"nested", "sparse"} and not is_last:
        yield "vectors/turn"
    if plan.epilogue.pool and not is_last:
        yield "vectors/even"
    yield "call/layer"


def _after_epilogue(plan: Plan) -> Iterator[str]:
    """What is written, what is multiplied, and the loops around it."""
    yield "call/finish_pixels" if plan.layer.layout == "NHWC" else "call/finish_rows"
    if plan.family == "depthwise":
        yield "bands/depthwise"
        return
    sums = ("sums_whole",) if plan.quantised else ("chains", "kept" if plan.family == "sparse" else "sums")
    multiplied = "whole" if plan.quantised else plan.format
    yield from (f"products/{part}" for part in ("rows", multiplied, *sums, "micro_kernels"))
    if plan.loops == "direct":
        yield "bands/direct"
        return
    yield "tiles/terms" if plan.sums_terms else "tiles/channels"
    yield "filters/terms" if plan.sums_terms else "filters/taps"
    yield from (f"filters/{part}" for part in _FILTERS.get(plan.family, ("whole",) if plan.quantised else ("floats",)))
    yield from ("tiles/panels", "tiles/gather" if plan.sums_terms else "tiles/inputs", "tiles/outputs")


def _kept(programs: Programs) -> Programs:
    """Rows of G that are equal, as those of a phase of one tap, are computed once."""
    kept = tuple(replace(program, outputs=tuple(dict.fromkeys(program.outputs))) for program in programs.filter)
    return replace(programs, filter=kept)


def _kept_places_of(plan: Plan) -> list[int]:
    """Of each product, the number of those that have filters of their own."""
    down, across = map(_kept_places, programs_of(plan.algorithm).filter)
    return [i * (max(across) + 1) + j for i in down for j in across]


def _kept_places(program: Program) -> list[int]:
    kept = list(dict.fromkeys(program.outputs))
    return [kept.index(value) for value in program.outputs]


def _constants(plan: Plan, calibration: Calibration | None, scales: Scales) -> dict[str, object]:
    epilogue, algorithm, layer = plan.epilogue, plan.algorithm, plan.layer
    constants: dict[str, object] = {
        "CHANNELS_LAST": int(layer.layout == "NHWC"),
        "X_ELEMENTS": plan.input_format.upper(),
        "Y_ELEMENTS": plan.output_format.upper(),
        **constants_of_elements(plan, scales),
        "SCALED": int(epilogue.scale),
        "RESIDUAL": int(epilogue.residual),
        "SIDE": epilogue.step,
        "FILTER_ROWS": 3 if epilogue.scale else 1,
    }
    if plan.family != "depthwise":
        constants |= chain_constants(prod(algorithm.tile.inputs), plan.format)
    pairs: dict[str, tuple[int, ...]] = {}
    if plan.family == "depthwise":
        steps = {word: tuple(getattr(axis, word) for axis in layer.axes) for word in ("kernel", "stride", "dilation")}
        pairs = {"TAPS": steps["kernel"], "STRIDE": steps["stride"], "DILATION": steps["dilation"]}
    elif plan.loops != "direct":
        constants["PRODUCTS"] = algorithm.multiplications
        constants |= {"CALIBRATED_CHANNELS": 0} if calibration is None else quantised_constants(plan, calibration)
        tile = algorithm.tile
        pairs = {
            "TAPS": tile.taps,
            "STRIDE": tile.strides,
            "OUTPUTS": tile.outputs,
            "STEP": tuple(m * s for m, s in zip(tile.outputs, tile.strides, strict=True)),
            "INPUTS": tile.inputs,
            "RANKS": tuple(axis.multiplications for axis in algorithm.axes),
            "KEPT": tuple(len(program.outputs) for program in _kept(programs_of(algorithm)).filter),
        }
    for word, (down, across) in pairs.items():
        constants |= {f"{word}_DOWN": down, f"{word}_ACROSS": across}
    return constants
