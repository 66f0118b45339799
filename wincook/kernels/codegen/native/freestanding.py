"""Functions as LLVM without numba's runtime: what numba writes before it makes anything of it, for any processor.

numba compiles for the processor that it runs on. Here it only writes LLVM, which `objects` optimises for another one.

Functions that others call are typed and written once each, by themselves, and LLVM puts them into their callers. numba
can do so too, as it does in modules for Python, but it copies them at each call, and most of its time then goes into
the copies.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextvars import ContextVar
from inspect import signature
from types import BuiltinFunctionType
from typing import Any, ClassVar

from llvmlite import binding
from numba import types
from numba.core import compiler, typed_passes, typing, untyped_passes
from numba.core.codegen import AOTCodeLibrary, AOTCPUCodegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import PassManager
from numba.core.registry import cpu_target
from numba.extending import typeof_impl

from wincook.kernels.codegen.body.exported.words import Exported

_OPERATORS = frozenset(function for function in vars(operator).values() if isinstance(function, BuiltinFunctionType))
_PASSES = (
    untyped_passes.TranslateByteCode,
    untyped_passes.FixupArgs,
    untyped_passes.IRProcessing,
    untyped_passes.RewriteSemanticConstants,
    untyped_passes.DeadBranchPrune,
    untyped_passes.GenericRewrites,
    untyped_passes.ReconstructSSA,
    typed_passes.NopythonTypeInference,
    typed_passes.PreLowerStripPhis,
    typed_passes.IRLegalization,
    typed_passes.NativeLowering,
    typed_passes.NoPythonBackend,
)


class Called:
    """A function that others call."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function


class _CalledType(types.Callable, types.Dummy):  # type: ignore[misc]  # numba has no types
    """The type of such a function; it is written when a call asks for it."""

    def __init__(self, called: Called) -> None:
        self.called = called
        super().__init__(f"{called.function.__name__} at {id(called)}")

    def get_call_type(self, _context: Any, args: Any, kws: Any) -> Any:
        """The signature for arguments of some types."""
        bound = signature(self.called.function).bind(*args, **kws)
        return _WRITER.get().signature_of(self.called, tuple(map(types.unliteral, bound.args)))

    def get_call_signatures(self) -> Any:
        """None: only messages of numba ask for them."""
        return [], True

    def get_impl_key(self, sig: Any) -> Any:
        """By what the target finds the function."""
        return self.called, sig.args


@typeof_impl.register(Called)
def _type_of_called(value: Called, _context: Any) -> Any:
    return _CalledType(value)


class _Typing(typing.Context):  # type: ignore[misc]
    """numba's types, where what an operator makes of numbers is looked up once: a third of the time goes into that."""

    operators: ClassVar[dict[Any, Any]] = {}

    def __init__(self, known: typing.Context) -> None:
        self.__dict__ |= vars(known)

    def resolve_function_type(self, func: Any, args: Any, kws: Any) -> Any:
        """The signature of a call."""
        is_operator = isinstance(func, types.Function) and func.typing_key in _OPERATORS
        if not is_operator or not all(isinstance(each, types.Number | types.Boolean) for each in args):
            return super().resolve_function_type(func, args, kws)
        key = func.typing_key, args
        if key not in self.operators:
            self.operators[key] = super().resolve_function_type(func, args, kws)
        return self.operators[key]


class _Unoptimised(AOTCodeLibrary):  # type: ignore[misc]
    """Functions as they are written."""

    def _optimize_functions(self, ll_module: Any) -> None:
        pass

    def _optimize_final_module(self) -> None:
        pass


class _Codegen(AOTCPUCodegen):  # type: ignore[misc]
    _library_class = _Unoptimised


class _Compiler(compiler.CompilerBase):  # type: ignore[misc]
    """The passes of numba that plain functions of numbers need."""

    def define_pipelines(self) -> list[PassManager]:
        """One pipeline, which starts from bytecode and ends with LLVM."""
        passes = PassManager("freestanding")
        for each in _PASSES:
            passes.add_pass(each, each.__name__)
        passes.finalize()
        return [passes]


class _Writer:
    """One LLVM module while functions are written to it."""

    def __init__(self) -> None:
        self.module = binding.parse_assembly("")
        context = cpu_target.target_context
        context.refresh()
        self._typing = _Typing(cpu_target.typing_context)
        self._context = context.subtarget(_internal_codegen=_Codegen("wincook"), aot_mode=True)
        self._signatures: dict[Any, Any] = {}

    def write(self, name: str, exported: Exported) -> None:
        """Add a function that can be seen from outside by its name, and what it calls."""
        compiled, module = self._written(exported.function, exported.arguments, exported.returns)
        module.get_function(compiled.fndesc.llvm_cfunc_wrapper_name).name = name
        self.module.link_in(module)

    def signature_of(self, called: Called, arguments: Any) -> Any:
        """The signature of a function that others call with arguments of some types."""
        key = called, arguments
        if key not in self._signatures:
            compiled, module = self._written(called.function, arguments, None, forceinline=True, no_cfunc_wrapper=True)
            self.module.link_in(module)
            self._context.insert_user_function(key, compiled.fndesc)
            self._signatures[key] = compiled.signature
        return self._signatures[key]

    def close(self) -> None:
        """Let numba forget the functions, which are written to this module alone."""
        for key in self._signatures:
            self._context.remove_user_function(key)

    def _written(self, function: Any, arguments: Any, returns: Any, **options: bool) -> tuple[Any, binding.ModuleRef]:
        flags = compiler.Flags()
        flags.no_cpython_wrapper = True
        flags.no_compile = True  # what C calls comes last
        flags.error_model = "numpy"
        for option, value in options.items():
            setattr(flags, option, value)
        compiled = compiler.compile_extra(
            self._typing, self._context, function, arguments, returns, flags, locals={}, pipeline_class=_Compiler
        )
        return compiled, binding.parse_bitcode(compiled.library.emit_bitcode())


_WRITER: ContextVar[_Writer] = ContextVar("_WRITER")


@global_compiler_lock
def written(functions: dict[str, Exported]) -> binding.ModuleRef:
    """One LLVM module of functions by their names, which alone can be seen from outside."""
    writer = _Writer()
    token = _WRITER.set(writer)
    try:
        for name, exported in functions.items():
            writer.write(name, exported)
    finally:
        _WRITER.reset(token)
        writer.close()
    for value in (*writer.module.functions, *writer.module.global_variables):
        if not value.is_declaration and value.name not in functions:
            value.linkage = binding.Linkage.internal
    return writer.module
