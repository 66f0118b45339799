"""Generated modules of this process: each is loaded once, and seen by others when it is whole."""

from __future__ import annotations

import gc
import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from types import ModuleType

from numba import config

from wincook.errors import OutputError, TargetError

_modules: dict[str, ModuleType] = {}
_loading = RLock()


def load_module(name: str, source: str) -> ModuleType:
    """Run generated source as a module of the given name, once.

    The name must tell the source, as a digest does.

    Raises:
        OutputError: others own or can write to the cache folder of machine code.
        TargetError: NUMBA_DISABLE_JIT is set.
    """
    with _loading:
        if name not in _modules:
            if config.DISABLE_JIT:
                raise TargetError("NUMBA_DISABLE_JIT is set, but kernels are machine code; unset it")
            _modules[name] = _run(name, source)
        return _modules[name]


def _run(name: str, source: str) -> ModuleType:
    path = f"{name}.py"  # that no file has: tracebacks, and the cache of machine code, read the source here
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    module = ModuleType(name)
    sys.modules[name] = module  # numba looks for it there
    try:
        with _without_collections():
            exec(compile(source, path, "exec"), vars(module))  # noqa: S102 (wincook wrote it)
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, PermissionError):
            raise OutputError(str(error)) from error
        raise
    return module


@contextmanager
def _without_collections() -> Iterator[None]:
    """No garbage collection inside: numba makes hundreds of thousands of lasting objects when it starts.

    Walking over them again and again is a fifth of the time to load a kernel from the cache.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
