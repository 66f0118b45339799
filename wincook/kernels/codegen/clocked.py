"""The text of a module that reads a clock before and after each stage, to be measured and never shipped.

It is the module of a plan, to the letter, with a line around each call of a stage in `stripe`.
"""

from __future__ import annotations

import ast

from wincook.kernels.codegen.joined import body_of
from wincook.kernels.codegen.source import module_source
from wincook.kernels.plans.plan import Family, Plan

_NESTED = {
    "load_panel": "input transform",
    "multiply_panel": "products",
    "multiply_half": "products",
    "store_panel": "output transform",
}
STAGES: dict[Family, dict[str, str]] = {
    "nested": _NESTED,
    "sparse": _NESTED,
    "direct": {
        "gather_lines": "gathering",
        "gather_vectors": "gathering",
        "multiply_lines": "products and outputs",
        "multiply_groups": "products and outputs",
        "multiply_vectors": "products and outputs",
    },
    "shallow": {"call": "all but packing"},
    "depthwise": dict.fromkeys(
        ("strip_of_plane", "ring_of_plane", "block_of_rows", "strip_of_pixels"), "products and outputs"
    ),
}
"""The functions of each family that are called by `stripe`, and the stage that each one is."""

_PLACE = "work.workspace"


def stages_of(family: Family) -> tuple[str, ...]:
    """The stages, in their order."""
    return tuple(dict.fromkeys(STAGES[family].values()))


def clocked_source(plan: Plan) -> str:
    """The source of a plan's module with clocks, which lie as `body/clock` says.

    Raises:
        NotationError: no plan.
    """
    source, stages = module_source(plan), stages_of(plan.loops)
    _, (clock,) = body_of(("clock",))
    lines = source.splitlines()
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    (stripe,) = (function for function in functions if function.name == "stripe")
    calls = [node for node in ast.walk(stripe) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    for node in sorted(calls, key=lambda node: node.lineno, reverse=True):
        name = ast.unparse(node).partition("(")[0]
        if name in STAGES[plan.loops]:
            number, indent = stages.index(STAGES[plan.loops][name]), " " * node.col_offset
            lines.insert(node.end_lineno or node.lineno, f"{indent}stage_ends({_PLACE}, number, {number})")
            lines.insert(node.lineno - 1, f"{indent}stage_begins({_PLACE}, number)")
    lines.insert(stripe.decorator_list[0].lineno - 1, f"{clock}\n\n")
    return "\n".join(lines) + "\n"
