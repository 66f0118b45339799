"""Functions as machine code: those that C calls, written from their syntax, and those that numba compiles.

numba's own cache runs what it finds, believes damaged files, and fails where it cannot write; `kept_code` does not.
"""

from __future__ import annotations

import ctypes
import pickle
from collections.abc import Callable
from types import FunctionType
from typing import Any

from llvmlite import binding
from numba import config, types
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.core.serialize import dumps

from wincook.kept_code import Origin, found, keep
from wincook.to_llvm.module import written
from wincook.to_llvm.optimise import optimise

ENGINES: list[Any] = []  # with code that stays, as others may have its addresses


class DiskCache(NullCache):  # type: ignore[misc]  # numba has no types
    """What numba asks for the code of a function before it compiles, and gives the code to afterwards."""

    def __init__(self, function: Any, options: Any = ()) -> None:
        self.function, self.options = function, options

    def load_overload(self, signature: Any, context: Any) -> Any:
        """The code for a signature, or None.

        Raises:
            UntrustedFolderError: others own or can write to the cache folder.
        """
        context.refresh()
        origin = Origin(self.function, self.options, signature)
        return found(origin, lambda code: CompileResult._rebuild(context, *pickle.loads(code)))  # noqa: S301, SLF001

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep the code, or warn."""
        if not result.library.has_dynamic_globals:
            keep(Origin(self.function, self.options, signature), dumps(result._reduce()))  # noqa: SLF001 (numba too)


def kept(dispatcher: Any, cache: type[DiskCache] = DiskCache) -> Any:
    """A function that numba compiles at its first call, with its code kept on disk."""
    dispatcher._cache = cache(dispatcher.py_func, dispatcher.targetoptions)  # noqa: SLF001
    return dispatcher


def in_python(function: Any) -> Any:
    """A compiled function as plain Python, and all that it calls: to compile it for a few numbers takes too long."""
    plain = getattr(function, "py_func", None)
    if plain is None:
        return function
    seen = {name: in_python(plain.__globals__[name]) for name in plain.__code__.co_names if name in plain.__globals__}
    return FunctionType(plain.__code__, {**plain.__globals__, **seen}, plain.__name__, plain.__defaults__)


class CFunction:
    """A function of integers that returns nothing, as machine code that C can call, kept on disk.

    Raises:
        UntrustedFolderError: others own or can write to the cache folder.
        RuntimeError: numba is told not to compile.
    """

    def __init__(self, function: Any, arguments: tuple[Any, ...]) -> None:
        if config.DISABLE_JIT:
            raise RuntimeError("NUMBA_DISABLE_JIT is set, but kernels are machine code; unset it")
        self.__name__, self.function, self.arguments = function.__name__, function, arguments
        origin = Origin(function, CFunction, arguments)
        with global_compiler_lock:
            engine = found(origin, loaded_code)
            self.cache_hits = int(engine is not None)
            if engine is None:
                code = host_target().emit_object(self.optimised())
                keep(origin, code)
                engine = loaded_code(code)
        ENGINES.append(engine)
        self.address = engine.get_function_address(self.__name__)
        self.ctypes = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * len(arguments))(self.address)

    def optimised(self) -> Any:
        """Its LLVM after all passes."""
        module = written({self.__name__: (self.function, self.arguments, types.void)})
        return optimise(module, host_target())


def c_function(*arguments: Any) -> Callable[[Any], CFunction]:
    """As `numba.cfunc` of a function that returns nothing, with its code kept on disk."""
    return lambda function: CFunction(function, arguments)


def host_target() -> Any:
    """The processor that numba compiles for."""
    triple, processor, features = cpu_target.target_context.codegen().magic_tuple()
    target = binding.Target.from_triple(triple)
    model = "static" if target.name.startswith("x86") else "default"
    return target.create_target_machine(
        cpu=processor, features=features, opt=config.OPT, reloc=model, codemodel="jitdefault", jit=True
    )


def loaded_code(code: bytes) -> Any:
    """An engine with the code of an object file, which is there as long as the engine is."""
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), host_target())
    if config.ENABLE_PROFILING:
        engine.enable_jit_events()
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine
