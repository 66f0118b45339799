"""Machine code kept on disk: a file for each function, named by all that it was made from and sealed by a digest.

To load code is to run it: only what nobody but its user, or root, can have written is read. A damaged file is removed
and made again. Where nothing can be kept, code is compiled in each process, with one line of warning.
"""

from __future__ import annotations

import hashlib
import linecache
import os
import secrets
import shutil
import stat
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import llvmlite
import numba
import numpy as np
from numba import config
from numba.core.registry import cpu_target

SEAL_BYTES = 32  # of a file, before its code
VERSIONED = {"numba", "llvmlite", "numpy", *sys.stdlib_module_names}  # packages whose functions a version tells


class UntrustedFolderError(PermissionError):
    """A cache folder that others own or can write to."""


class Origin(NamedTuple):
    """What machine code was made from: a function, how it was compiled, and for arguments of which types."""

    function: Any
    options: Any
    signature: Any

    def file_name(self) -> str:
        """The name of the file that keeps it."""
        versions = (sys.version, numba.__version__, llvmlite.__version__, np.__version__)
        settings = (config.OPT, config.BOUNDSCHECK, _ingredients(self.options))
        name = f"{self.function.__module__}.{self.function.__name__}"  # numba looks for the module by its name
        processor = cpu_target.target_context.codegen().magic_tuple()
        made_from = (versions, settings, processor, str(self.signature), _ingredients(self.function))
        digest = hashlib.sha256(repr(made_from).encode()).hexdigest()[:24]
        return f"{name}-{digest}.nbc"


def found(origin: Origin, load: Callable[[bytes], Any]) -> Any:
    """What is loaded from code that was kept; None if there is none.

    Raises:
        UntrustedFolderError: others own or can write to the cache folder.
    """
    try:
        name = origin.file_name()
        with _opened(cache_folder()) as folder:
            return _read(folder, name, load)
    except UntrustedFolderError:
        raise
    except OSError:
        return None


def keep(origin: Origin, code: bytes) -> None:
    """Keep code, or warn."""
    path = cache_folder()
    try:
        name = origin.file_name()
        with _opened(path) as folder:
            _write(folder, name, _seal(name, code) + code)
    except OSError as error:
        why = error.strerror or error
        where = "" if path is None else f" in {path}"
        warn(f"machine code is not kept{where}: {why}; WINCOOK_CACHE_DIR names another folder for it")


def warn(message: str) -> None:
    """One line on standard error, once in a process, whichever modules have this code."""
    warned: set[str] = vars(numba).setdefault("_wincook_warned", set())
    if message not in warned:
        warned.add(message)
        warnings.warn_explicit(message, RuntimeWarning, "wincook", 1)


def cache_folder() -> Path | None:
    """WINCOOK_CACHE_DIR, or `wincook` in the user's cache folder; None if the user has no home."""
    chosen, caches = os.environ.get("WINCOOK_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME")
    if chosen:
        return Path(chosen)
    try:
        return Path(caches or Path.home() / ".cache") / "wincook"
    except RuntimeError:
        return None


@contextmanager
def _opened(path: Path | None) -> Iterator[int]:
    """The folder, made if need be. Files are reached through this handle alone: what replaces its path is not used."""
    if path is None:
        raise FileNotFoundError("the user has no home folder")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not _private(folder):
            raise UntrustedFolderError(
                f"others own or can write to the cache folder {path}, so its code may be theirs; remove it, or set "
                "WINCOOK_CACHE_DIR to a folder that is yours alone"
            )
        yield folder
    finally:
        os.close(folder)


def _private(handle: int) -> bool:
    """Whether nobody but this user and root can have written to an open file or folder."""
    status = os.fstat(handle)
    return status.st_uid in {0, os.geteuid()} and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _read(folder: int, name: str, load: Callable[[bytes], Any]) -> Any:
    """What is loaded from a file; None, and the file removed, if it is not as it was written."""
    try:
        with open(name, "rb", opener=_opener(folder)) as file:
            seal, code = file.read(SEAL_BYTES), file.read()
            if _private(file.fileno()) and seal == _seal(name, code):
                return load(code)
    except FileNotFoundError:
        return None
    except Exception:  # noqa: BLE001, S110 (whatever is wrong with the file, it can be made again)
        pass
    try:
        os.unlink(name, dir_fd=folder)
    except OSError:
        shutil.rmtree(name, ignore_errors=True, dir_fd=folder)
    return None


def _seal(name: str, code: bytes) -> bytes:
    return hashlib.sha256(name.encode() + code).digest()


def _write(folder: int, name: str, contents: bytes) -> None:
    """Write a file whole, or not at all."""
    part = f".{name}.{secrets.token_hex(8)}"
    try:
        with open(part, "xb", opener=_opener(folder)) as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with suppress(OSError):
            os.unlink(part, dir_fd=folder)
        raise
    os.fsync(folder)


def _opener(folder: int) -> Callable[[str, int], int]:
    """Open files of a folder, but no links, and without waiting for the other end of a pipe."""
    return lambda name, flags: os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600, dir_fd=folder)


def _ingredients(function: Any) -> list[str]:
    """All that the machine code of a function depends on, for it and for all that it calls, however deep.

    The text of the file that holds each, since numba sees types and constants which that file makes. And the code and
    the globals as they are in this process: the file may have changed since it was read, and a constant may come from
    another one.

    Raises:
        FileNotFoundError: there is no text, as for a function typed in.
    """
    waiting, texts, parts, seen = [function], {}, [], set[int]()
    for value in waiting:  # which grows
        plain = getattr(value, "py_func", getattr(value, "_defn", value))  # of a compiled function, of an intrinsic
        if isinstance(value, tuple):
            parts.append(f"{len(value)} values")
            waiting += value
        elif not isinstance(plain, (FunctionType, type)) or _is_versioned(plain):
            parts.append(_words(plain))
        elif id(plain) not in seen:
            seen.add(id(plain))
            parts.append(f"{plain.__qualname__} {getattr(value, 'targetoptions', '')}")
            if isinstance(plain, type):
                waiting += [member for name, member in vars(plain).items() if not name.startswith("__")]
                continue
            texts[plain.__code__.co_filename] = text_of(plain)
            codes = _codes(plain.__code__)
            parts += [_words((code.co_code, code.co_names, code.co_varnames, code.co_consts)) for code in codes]
            waiting += _seen_by(plain, [name for code in codes for name in code.co_names])
    return [*sorted(texts.values()), *parts]


def _is_versioned(value: Any) -> bool:
    """Whether a function, class or module is of a package whose version stands for it."""
    module = value.__name__ if isinstance(value, ModuleType) else value.__module__
    return str(module).split(".")[0] in VERSIONED


def _codes(code: CodeType) -> list[CodeType]:
    """The code of a function, and of those that it defines."""
    return [code, *(inner for const in code.co_consts if isinstance(const, CodeType) for inner in _codes(const))]


def _seen_by(function: Any, names: list[str]) -> list[Any]:
    """The values that a function finds by name: its globals, what is in modules among them, and its closure."""
    values = [function.__globals__.get(name) for name in names]
    modules: list[ModuleType] = []
    for value in values:  # which grows
        if isinstance(value, ModuleType) and value not in modules and not _is_versioned(value):
            modules.append(value)
            values += [vars(value).get(name) for name in names]
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # it is empty yet
            values.append(cell.cell_contents)
    return [*values, function.__defaults__]


def _words(value: Any) -> str:
    """A value in words that are the same in each process."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {value.tobytes().hex()}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_words, value))})"
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(map(_words, value)))}}}"
    words = repr(value)
    if isinstance(value, ModuleType) or " at 0x" in words:
        return f"{type(value).__name__} {getattr(value, '__module__', '')} {getattr(value, '__name__', '')}"
    return words


def text_of(function: Any) -> str:
    """The file that holds a function."""
    path = function.__code__.co_filename
    linecache.checkcache(path)
    text = "".join(linecache.getlines(path, function.__globals__))
    if not text:
        raise FileNotFoundError(f"no source code of {function.__name__} in {path}")
    return text
