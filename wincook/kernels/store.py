"""Where generated modules live: files named by their digest, in the user's cache folder.

numba keeps machine code beside the module that it came from, so a module that stays in its place is compiled
once. `WINCOOK_CACHE_DIR` moves the folder.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from wincook.errors import OutputError
from wincook.files import write_atomically


def cache_folder() -> Path:
    """The folder of generated modules: WINCOOK_CACHE_DIR, or `wincook` in the user's cache folder."""
    chosen = os.environ.get("WINCOOK_CACHE_DIR")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wincook"


def load_module(name: str, source: str) -> ModuleType:
    """Import generated source from the file of that name in the cache, which is written first where it is missing.

    The name must tell the source, as a digest does.

    Raises:
        OutputError: the cache folder cannot be written.
    """
    if name in sys.modules:
        return sys.modules[name]
    path = cache_folder() / f"{name}.py"
    try:
        if not path.is_file() or path.read_text(encoding="utf-8") != source:
            write_atomically(path, source.encode())
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"{error}; WINCOOK_CACHE_DIR moves the folder of kernels") from error
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise OutputError(f"cannot import {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with _without_collections():
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
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
