"""The text of a kernel in C: constants, transforms and what follows them, then files of `templates/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from math import prod

from wincook.emit.library.texts import title_of
from wincook.emit.plain_c.frame import constants_of_frame, declared, facts_of, part, text_of, vectors_of
from wincook.emit.plain_c.statements import transform
from wincook.emit.plain_c.tables import Calibrations, quantised_constants, tables
from wincook.kernels.codegen.constants import chain_constants
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.calibrated import NO_SCALES, Scales
from wincook.program.ir import Program
from wincook.program.programs import Programs, programs_of

_FILTERS = {"sparse": ("masks", "kept")}
_DOWN = {"filter": "down", "input": "columns", "output": "down"}
_ALONG = dict.fromkeys(_DOWN, "along")


def c_source(
    name: str,
    prefix: str,
    decided: LayerPlan,
    others: tuple[str, ...] = (),
    *,
    versioned: bool = True,
    in_header: bool = True,
    calibrations: Calibrations = (),
    scales: Scales = NO_SCALES,
) -> str:
    """The text of a plan.

    Args:
        name: of the header, and what its types start with.
        prefix: what functions start with.
        decided: a plan of a layer that one nested, sparse, direct or depthwise kernel computes.
        others: prefixes of functions that do the same.
        in_header: whether its functions are those of the header, or those that texts of layers call.
        versioned: whether the function that tells the version of the ABI is here.
        calibrations: of products of whole numbers, that of each turn.
        scales: of x, y and a residual, as far as they have 8 bits.
    """
    plan = decided.plans[0]
    facts = facts_of(name, prefix, title_of(decided), plan, _constants(plan, calibrations, scales))
    facts |= {"kept_places": ", ".join(map(str, _kept_places_of(plan)))}
    is_sparse, code = plan.family == "sparse", _code(plan, facts, calibrations)
    if not in_header:
        code = chain([declared(prefix, facts, is_sparse=is_sparse)], code)
    return text_of(facts, code, others, is_sparse=is_sparse, versioned=versioned)


def _code(plan: Plan, facts: dict[str, str], calibrations: Calibrations) -> Iterator[str]:
    """All between the constants and the functions of the header."""
    is_tiled = plan.loops in {"nested", "sparse"}
    yield from vectors_of(plan, facts, with_turn=is_tiled and plan.layer.layout == "NCHW")
    if calibrations:
        yield tables(plan, calibrations)
    if is_tiled:
        programs = _kept(programs_of(plan.algorithm))
        used = (*(() if plan.sums_terms else ("filter", "input")), "output")
        for axis, suffixes in enumerate((_DOWN, _ALONG)):
            for word in used:
                yield transform(f"{word}_{suffixes[word]}", getattr(programs, word)[axis])
    for template in _after_epilogue(plan):
        yield part(template, facts)


def _after_epilogue(plan: Plan) -> Iterator[str]:
    """What is written, what is multiplied, and the loops around it."""
    yield "call/outputs"
    yield "call/finish_pixels" if plan.layer.layout == "NHWC" else "call/finish_rows"
    if plan.family == "depthwise":
        yield "bands/depthwise"
        return
    sums = ("sums_whole",) if plan.quantised else ("chains", "kept" if plan.family == "sparse" else "sums")
    multiplied = "whole" if plan.quantised else plan.format
    yield from (f"products/{word}" for word in ("rows", multiplied, *sums, "micro_kernels"))
    if plan.loops == "direct":
        yield "bands/direct"
        return
    yield "tiles/turns"
    yield "tiles/terms" if plan.sums_terms else "tiles/channels"
    yield "filters/terms" if plan.sums_terms else "filters/taps"
    yield from (f"filters/{word}" for word in _FILTERS.get(plan.family, ("whole",) if plan.quantised else ("floats",)))
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


def _constants(plan: Plan, calibrations: Calibrations, scales: Scales) -> dict[str, object]:
    algorithm, layer = plan.algorithm, plan.layer
    constants = constants_of_frame(plan, scales, len(calibrations))
    if plan.family != "depthwise":
        constants |= chain_constants(prod(algorithm.tile.inputs), plan.format)
    pairs: dict[str, tuple[int, ...]] = {}
    if plan.family == "depthwise":
        steps = {word: tuple(getattr(axis, word) for axis in layer.axes) for word in ("kernel", "stride", "dilation")}
        pairs = {"TAPS": steps["kernel"], "STRIDE": steps["stride"], "DILATION": steps["dilation"]}
    elif plan.loops != "direct":
        constants["PRODUCTS"] = algorithm.multiplications
        none = {"CALIBRATED_CHANNELS": 0, "CALIBRATIONS": 1}
        constants |= quantised_constants(plan, calibrations) if calibrations else none
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
