"""Functions as LLVM without numba's runtime: what numba writes before it makes anything of it, for any processor.

numba compiles for the processor that it runs on. Here it only writes LLVM, which `objects` optimises for another one.
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding
from numba.core import compiler
from numba.core.codegen import AOTCodeLibrary, AOTCPUCodegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

from wincook.kernels.codegen.body.exported.words import Exported


class _Unoptimised(AOTCodeLibrary):  # type: ignore[misc]  # numba has no types
    """Functions as they are written."""

    def _optimize_functions(self, ll_module: Any) -> None:
        pass

    def _optimize_final_module(self) -> None:
        pass


class _Writer(AOTCPUCodegen):  # type: ignore[misc]
    _library_class = _Unoptimised


def written(functions: dict[str, Exported]) -> binding.ModuleRef:
    """One LLVM module of functions by their names, which alone can be seen from outside."""
    module = binding.parse_assembly("")
    for name, function in functions.items():
        module.link_in(_written(name, function))
    return module


@global_compiler_lock
def _written(name: str, exported: Exported) -> binding.ModuleRef:
    flags = compiler.Flags()
    flags.no_cpython_wrapper = True
    flags.no_compile = True  # the function for C comes last
    flags.error_model = "numpy"
    typing, context = cpu_target.typing_context, cpu_target.target_context
    context.refresh()
    writer = context.subtarget(_internal_codegen=_Writer(name), aot_mode=True)
    compiled = compiler.compile_extra(
        typing, writer, exported.function, exported.arguments, exported.returns, flags, locals={}
    )
    module = binding.parse_bitcode(compiled.library.emit_bitcode())
    return _alone(module, compiled.fndesc.llvm_cfunc_wrapper_name, name)


def _alone(module: binding.ModuleRef, symbol: str, name: str) -> binding.ModuleRef:
    """The module with one function to be seen from outside, by its own name."""
    for value in (*module.functions, *module.global_variables):
        if not value.is_declaration:
            value.linkage = binding.Linkage.external if value.name == symbol else binding.Linkage.internal
    module.get_function(symbol).name = name
    return module
