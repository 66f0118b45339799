"""The functions of a plan for C: the text of its module without what is for Python, and with what is for C.

Nothing is compiled yet: what would be compiled into this process is only noted down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

from numba import types

from wincook.kernels.codegen.body.exported.words import Exported
from wincook.kernels.codegen.families import FAMILIES
from wincook.kernels.codegen.source import body_of, constants_of
from wincook.kernels.plans.plan import Family, Plan

_FOR_PYTHON = "calls/"
ENTRIES = ("query", "shape", "pack", "run")
_DIGITS = 15  # hexadecimal: less than 64 bits, with a sign


def functions_of(plan: Plan) -> dict[str, Any]:
    """Each function by its name, as an `Exported` of the body: entry points, loops, micro-kernels."""
    names = _executed(code_of(plan))
    kernels = [names[name] for name in ("describe", *ENTRIES, "stripe")] + names["functions_of_family"]()
    return {kernel.function.__name__: kernel for kernel in kernels}


def level_function(part: str, plan: Plan) -> dict[str, Any]:
    """The function of a file of the body that asks a processor for its level; any plan of the library will do."""
    return {"level": _executed(_text(("lanes/vectors", "exported/words", part), constants_of(plan)))["level"]}


def code_of(plan: Plan) -> str:
    """The text of all that a plan's functions are made from: the same for layers of other sizes."""
    return _text(parts_for_c(plan.family), f"{constants_of(plan)}\nL2 = {plan.target.l2}")


def parts_for_c(family: Family) -> tuple[str, ...]:
    """The files of the body that make the text of a library: the loops of a family, and the functions for C."""
    loops = (part for part in FAMILIES[family] if not part.startswith(_FOR_PYTHON))
    of_family = f"exported/{family}"
    return (*loops, "exported/words", "exported/structures", of_family, "exported/sizes", "exported/entry")


def _text(parts: tuple[str, ...], constants: str) -> str:
    """Some files of the body after the constants."""
    imports, body = _body(parts)
    return f"{imports}\n{constants}\n{body}"


@cache
def _body(parts: tuple[str, ...]) -> tuple[str, str]:
    imports, (_, *bodies) = body_of(parts)  # without what keeps machine code
    return imports, "\n".join(bodies)


def _executed(text: str) -> dict[str, Any]:
    """What a text defines."""
    number = int(hashlib.sha256(text.encode()).hexdigest()[:_DIGITS], 16)
    names: dict[str, Any] = {"__name__": "wincook_exported", "c_function": _noted, "CODE_NUMBER": number}
    exec(f"from __future__ import annotations\n{text}", names)  # noqa: S102 (wincook wrote it)
    return names


def _noted(*arguments: Any) -> Callable[[Any], Exported]:
    """In place of what compiles a function that returns nothing."""
    return lambda function: Exported(function, arguments, types.void)
