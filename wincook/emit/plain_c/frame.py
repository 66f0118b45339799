"""What the text of any layer has: names, elements, what follows the convolution, and the functions of the header."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from wincook.emit.library.texts import TYPES, filled_template
from wincook.emit.plain_c.statements import finished, pooled
from wincook.emit.plain_c.tables import constants_of_elements
from wincook.kernels.plans.formats import ElementFormat
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.calibrated import Scales
from wincook.version import __version__

_OF_8_BITS = "(floats_of(read + 0x4B400000u) - broadcast(WITHOUT_FRACTIONS + ZERO_OF_{WHAT}))"
_FLOATS: dict[ElementFormat, str] = {  # of the bits of elements
    "float32": "",
    "bfloat16": "floats_of(read << 16)",
    "float16": "floats_of_halves(read)",
    "uint8": _OF_8_BITS,
    "int8": _OF_8_BITS,
}
_ANY_VARIANT = 2  # the best, and as the compiler was told, which are the same
_DIGITS = 13  # hexadecimal, of the number that packed weights start with: there is room to add lanes and rows


def part(template: str, facts: dict[str, str]) -> str:
    """A file of `templates/`."""
    return filled_template(__package__, f"{template}.c", facts)


def facts_of(name: str, prefix: str, title: str, plan: Plan, constants: dict[str, object]) -> dict[str, str]:
    """What stands between @ in the templates; x, y and a residual are as a plan has them."""
    facts = {
        "name": name,
        "NAME": name.upper(),
        "layer": prefix,
        "title": title,
        "version": __version__,
        "l2": str(plan.target.l2),
        "filters": str(plan.layer.filters),
        "constants": "\n".join(f"#define {constant} {value}" for constant, value in constants.items()),
        "x_type": TYPES[plan.input_format],
        "y_type": TYPES[plan.output_format],
        "residual_type": TYPES[plan.residual_format],
    }
    elements = (("x", plan.input_format), ("residual", plan.residual_format))
    return facts | {"readers": "".join(_reader(array, _FLOATS[format]) for array, format in elements)}


def declared(kernel: str, facts: dict[str, str], *, is_sparse: bool) -> str:
    """The functions of a kernel that texts of layers call, which are in no header."""
    facts = facts | {"kernel": kernel}
    facts |= {"kernel_pack_sparse": part("composed/kernel_sparse", facts) if is_sparse else ""}
    return part("composed/kernel", facts)


def constants_of_frame(plan: Plan, scales: Scales, turns: int = 1) -> dict[str, object]:
    """The constants of elements, and of what follows; several turns have a variant each."""
    epilogue = plan.epilogue
    return {
        "VARIANTS": turns if turns > 1 else _ANY_VARIANT,
        "CHANNELS_LAST": int(plan.layer.layout == "NHWC"),
        "X_ELEMENTS": plan.input_format.upper(),
        "Y_ELEMENTS": plan.output_format.upper(),
        **constants_of_elements(plan, scales),
        "SCALED": int(epilogue.scale),
        "RESIDUAL": int(epilogue.residual),
        "SIDE": epilogue.step,
        "FILTER_ROWS": 3 if epilogue.scale else 1,
    }


def vectors_of(plan: Plan, facts: dict[str, str], *, with_turn: bool) -> Iterator[str]:
    """Vectors, elements of x and y, and what follows the convolution, on vectors."""
    is_last, elements = plan.layer.layout == "NHWC", {plan.input_format, plan.output_format, plan.residual_format}
    templates = ["vectors/lanes", "vectors/choices"]
    templates += ["vectors/bfloat16"] * ("bfloat16" in {*elements, plan.format})
    templates += ["vectors/float16"] * ("float16" in elements)
    templates += ["vectors/elements"]
    templates += ["vectors/turn"] * with_turn
    templates += ["vectors/even"] * (plan.epilogue.pool is not None and not is_last)
    yield from (part(template, facts) for template in (*templates, "call/layer"))
    yield finished(plan.epilogue)
    if is_last or plan.epilogue.pool:
        yield pooled(plan.epilogue)


def text_of(
    facts: dict[str, str],
    code: Iterable[str],
    others: tuple[str, ...],
    *,
    is_sparse: bool,
    versioned: bool,
    called: tuple[str, ...] = (),
) -> str:
    """All of a text: what is `called` is part of what packed weights are for."""
    facts = facts | {"pack_sparse": part("call/pack_sparse", facts) if is_sparse else ""}
    joined = "\n".join(code)
    digested = "".join((facts["constants"], joined, *called))
    facts = facts | {"code": hashlib.sha256(digested.encode()).hexdigest()[:_DIGITS]}
    same = ("call/same", "call/same_sparse") if is_sparse else ("call/same",)
    ends = [part(template, facts | {"other": other}) for other in others for template in same]
    ends += [part("call/version", facts)] if versioned else []
    text = "\n".join([part("call/head", facts), joined, part("call/entry", facts), *ends])
    return re.sub(r"\n{3,}", "\n\n", text)


def _reader(name: str, floats: str) -> str:
    """The function that reads elements of an array as floats."""
    if not floats:
        return f"#define load_{name} load_first\n\n"
    facts = {"what": name, "WHAT": name.upper()}
    scale = " * broadcast(SCALE_OF_RESIDUAL)" if name == "residual" and "ZERO" in floats else ""
    return part("vectors/reader", facts | {"floats": f"{floats.format(**facts)}{scale}"})
