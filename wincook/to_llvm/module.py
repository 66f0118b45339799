"""One LLVM module of functions by their names, which alone can be seen from outside."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from llvmlite import binding, ir
from numba import types

from wincook.kept_code import text_of
from wincook.to_llvm.statements import Statements
from wincook.to_llvm.values import INTEGER, in_llvm

STATUS, NOTHING = ir.IntType(32), ir.PointerType()  # callers by address know what returns nothing as numba has it
TEXTS = 16  # whose definitions are remembered


def written(functions: Mapping[str, tuple[Any, tuple[Any, ...], Any]]) -> binding.ModuleRef:
    """Functions in one module, each told with the types of its arguments, integers, and what it returns: void or int32.

    The functions are told by the names that they get.

    Raises:
        FileNotFoundError: there is no text of a function, as of one typed in.
        NotImplementedError: compiled code has nothing like what a function does.
    """
    module, find = ir.Module(), cache(definition_of)
    headers = {}
    for name, (_, arguments, returns) in functions.items():
        returned = NOTHING if returns is types.void else STATUS
        headers[name] = ir.Function(module, ir.FunctionType(returned, [INTEGER] * len(arguments)), name)
    for name, (function, _, returns) in functions.items():
        builder = ir.IRBuilder(headers[name].append_basic_block())
        result = Statements(builder, function, find).result(list(headers[name].args), {})
        builder.ret(NOTHING(None) if returns is types.void else builder.trunc(in_llvm(result), STATUS))
    parsed = binding.parse_assembly(str(module))
    for value in (*parsed.functions, *parsed.global_variables):
        if not value.is_declaration and value.name not in functions:
            value.linkage = binding.Linkage.internal
    return parsed


def definition_of(function: Any) -> ast.FunctionDef:
    """The definition of a function in the text that holds it."""
    return definitions_in(text_of(function))[function.__code__.co_firstlineno]


@lru_cache(maxsize=TEXTS)
def definitions_in(text: str) -> dict[int, ast.FunctionDef]:
    """The functions of a text by their first lines, as Python counts them: decorators belong to them."""
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return {min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]): node for node in nodes}
