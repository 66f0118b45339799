"""The text of a layer of several kernels in C: which it calls, in which order, and what it does before and after.

The steps are those of a library (`codegen/native/composition`), and so are the bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from textwrap import fill
from typing import Any

from wincook.emit.library.contents import Member
from wincook.emit.library.texts import TYPES, title_of
from wincook.emit.plain_c.frame import constants_of_frame, declared, facts_of, part, text_of, vectors_of
from wincook.kernels.codegen.body.composed.tables import Call, OutputMove, WeightMove
from wincook.kernels.codegen.native.calibrated import Calibrated
from wincook.kernels.codegen.native.composition import constants_of_layer
from wincook.kernels.plans.direct import with_two_axes
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.calibrated import Scales

_FUNCTIONS = ("query", "shape", "pack", "run")
_WHOLE = ("BAND", "BAND_STEP", "BANDS", "OUT_ROWS", "IMAGE_FLOATS", "SHARE_FLOATS", "PART_FILTERS", "PART_WEIGHTS")
_PADS = {"zeros": "ZEROS", "replicate": "REPLICATES", "reflect": "REFLECTS"}
_COLUMNS = 116  # of a line


def composed_source(name: str, members: list[Member], kernels: dict[str, str], *, versioned: bool) -> str:
    """The text of a layer that takes several kernels.

    Args:
        name: of the header, and what its types start with.
        members: the layer, and others that the same code computes.
        kernels: the texts that it calls, by what their functions start with.
        versioned: whether the function that tells the version of the ABI is here.
    """
    decided, prefix, scales = members[0].plan, members[0].prefix, members[0].scales_of_elements
    plan, numbers = _frame(decided), members[0].kind.numbers
    said: dict[str, Any] = constants_of_layer(decided, numbers, Calibrated((), scales.x, scales.y, scales.residual))
    facts = facts_of(name, prefix, title_of(decided), plan, _constants(decided, plan, said, scales))
    facts |= {"inner_type": TYPES[decided.plans[0].input_format], "known": ", ".join(map(str, said["KNOWN"]))}
    facts |= {"of_call": _wrapped(f"int64_t {', '.join(Call._fields[len(_FUNCTIONS) :])};")}
    of_mask = {"mask_type": f"const {name}_mask *mask, ", "flag_type": ", int64_t is_transformed"}
    facts |= of_mask if decided.sparse else dict.fromkeys(of_mask, "")
    facts |= {"of_weight_move": ", ".join(WeightMove._fields), "of_output_move": ", ".join(OutputMove._fields)}
    facts |= {"calls": _rows(_calls(said["CALLS"], tuple(kernels), has_turns=plan.quantised))}
    facts |= {"weight_moves": _rows(said["WEIGHT_MOVES"]), "output_moves": _rows(said["OUTPUT_MOVES"])}
    code = _code(plan, facts, tuple(kernels))
    others, called = tuple(member.prefix for member in members[1:]), tuple(kernels.values())
    return text_of(facts, code, others, is_sparse=decided.sparse, versioned=versioned, called=called)


def _frame(decided: LayerPlan) -> Plan:
    """A plan that has the arrays of the layer, and what follows the convolution."""
    return replace(
        decided.plans[0],
        layer=with_two_axes(decided.layer),
        epilogue=decided.epilogue,
        input_format=decided.input_format,
        output_format=decided.output_format,
        residual_format=decided.residual_format,
    )


def _constants(decided: LayerPlan, plan: Plan, said: dict[str, Any], scales: Scales) -> dict[str, object]:
    converts = decided.plans[0].input_format != decided.input_format
    constants = constants_of_frame(plan, scales)
    if not converts:
        constants["SCALE_OF_X"] = "1.0f"  # which the kernels know
    height, width = said["OUT_SIZE"]
    return {
        **constants,
        "HEIGHT": plan.layer.size[0],
        "WIDTH": plan.layer.size[1],
        "FILTERS": plan.layer.filters,
        "OUT_HEIGHT": height,
        "OUT_WIDTH": width,
        **{name: number for number, name in enumerate(_PADS.values())},
        "PADS": _PADS[decided.layer.padding_mode],
        "CONVERTS": int(converts),
        "BESIDE": said["BESIDE"],
        "INNER_LAST": int(bool(said["INNER_LAST"])),
        "ADDS": int(bool(said["ADDS"])),
        **{word: said[word] for word in _WHOLE},
    }


def _calls(
    records: Iterable[tuple[Any, ...]], kernels: tuple[str, ...], *, has_turns: bool
) -> Iterator[tuple[object, ...]]:
    """The rows of calls; only kernels with a calibration for each turn tell these apart."""
    for record in records:
        call = Call(*record)
        functions = (_function(str(name), kernels) for name in record[: len(_FUNCTIONS)])
        yield *functions, *call._replace(turn=call.turn if has_turns else 0)[len(_FUNCTIONS) :]


def _function(name: str, kernels: tuple[str, ...]) -> str:
    """The name in a text of what is `kernel_NUMBER_FUNCTION` in records."""
    _, number, function = name.split("_", 2)
    return f"{kernels[int(number)]}_{function}"


def _rows(records: Iterable[Iterable[object]]) -> str:
    return ",\n".join(_wrapped(f"{{{', '.join(map(str, record))}}}") for record in records)


def _wrapped(text: str) -> str:
    return fill(text, _COLUMNS, initial_indent="  ", subsequent_indent="   ", break_on_hyphens=False)


def _code(plan: Plan, facts: dict[str, str], kernels: tuple[str, ...]) -> Iterator[str]:
    is_sparse = plan.family == "sparse"
    yield from (declared(kernel, facts, is_sparse=is_sparse) for kernel in kernels)
    yield from vectors_of(plan, facts, with_turn=False)
    yield part("call/finish_pixels" if plan.layer.layout == "NHWC" else "call/finish_rows", facts)
    yield from (part(f"composed/{word}", facts) for word in ("calls", "kept" if is_sparse else "packing", "bands"))
