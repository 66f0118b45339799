"""Generated modules of this process: each is loaded once, and seen by others when it is whole.

Where WINCOOK_DUMP names a folder, a module goes there as NAME.py, and each of its functions as
NAME.FUNCTION.ll, its LLVM after all passes, and NAME.FUNCTION.s, its assembly. NAME is that of the file which
`wincook emit` writes and the digest of the source.
"""

from __future__ import annotations

import gc
import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import ModuleType

from numba import config

from wincook.dump import dump, dump_folder
from wincook.errors import OutputError, TargetError
from wincook.kernels.run.listing import listings

_modules: dict[tuple[str, Path | None], ModuleType] = {}  # by name, and by the folder that it was dumped to
_loading = RLock()


def load_module(name: str, source: str) -> ModuleType:
    """Run generated source as a module of the given name, once.

    The name must tell the source, as a digest does.

    Raises:
        OutputError: others own or can write to the cache folder of machine code; what was made cannot be dumped.
        TargetError: NUMBA_DISABLE_JIT is set.
    """
    folder = dump_folder()
    with _loading:
        if (name, folder) not in _modules:
            if config.DISABLE_JIT:
                raise TargetError("NUMBA_DISABLE_JIT is set, but kernels are machine code; unset it")
            if folder:
                dump(folder, f"{name}.py", source)  # before it is compiled: what cannot be written is known at once
            module = _run(name, source)
            if folder:
                for part in listings(module):
                    dump(folder, f"{name}.{part.function}.ll", part.llvm)
                    dump(folder, f"{name}.{part.function}.s", part.assembly)
            _modules[name, folder] = module
        return _modules[name, folder]


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
