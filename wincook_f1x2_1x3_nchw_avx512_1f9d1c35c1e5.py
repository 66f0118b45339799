"""F(1x2,1x3) convolution in float32, NCHW.

points          ∞; 0, ±1, ∞
multiplications 4 per tile; direct: 6
error bound     |y - exact| <= e max|x| max|w| wherever y is finite, for float32 x and w whose largest
                magnitudes are at least 1e-12, without bias,
                with e = 0.0000019 for C = 1, 0.0011 for C = 64, 0.0068 for C = 512
target          avx512: 16 float32 a vector
made by         wincook 0.1.0
code            89dc327957dc, the first digits of the SHA-256 of all that follows this docstring and a blank line

Needs only numpy and numba. `pack(weights, bias)` once, then `convolve(x, packed, padding)`.
"""

from __future__ import annotations

import ast
import builtins
import ctypes
import hashlib
import linecache
import operator
import os
import pickle
import secrets
import shutil
import stat
import sys
import warnings
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from importlib import import_module
from inspect import signature
from itertools import chain
from math import prod
from operator import index
from pathlib import Path
from struct import Struct
from threading import Lock
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple, NoReturn

import llvmlite
import numba
import numpy as np
from llvmlite import binding, ir
from numba import config, get_num_threads, njit, prange, set_num_threads, threading_layer, types
from numba.core import cgutils
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.core.serialize import dumps
from numba.extending import intrinsic

TILE = "F(1x2,1x3)"
POINTS = ("∞", "0, ±1, ∞")
LAYOUT = "NCHW"
FORMAT = "float32"
X_FORMAT = "float32"
Y_FORMAT = "float32"
IN_WORD = 1
FEATURES = ()
ISA = "avx512"
LANES = 16
ROWS = 14
VECTORS = 2
SCALED = False
RESIDUAL = False
ACTIVATION = ()
POOLING = ()
HALF_FILTERS = False
ONE_CHAIN = 64
CHAIN = 32
OUTPUTS = (1, 2)
TAPS = (1, 3)
TILE_STRIDES = (1, 1)
TILE_INPUTS = (1, 4)
RANKS = (1, 4)
INTEGER_SHIFT = None
FILTER_PROGRAMS = (
    ((), (0,)),
    ((("neg", 0), ("add", 0, 2), ("add", 4, 1), ("mul", 5, 0.5), ("sub", 4, 1), ("mul", 7, 0.5)), (3, 6, 8, 2)),
)
INPUT_PROGRAMS = (((), (0,)), ((("sub", 2, 0), ("add", 1, 2), ("sub", 2, 1), ("sub", 3, 1)), (4, 5, 6, 7)))
OUTPUT_PROGRAMS = (((), (0,)), ((("add", 0, 1), ("add", 4, 2), ("sub", 1, 2), ("add", 6, 3)), (5, 7)))
CODE = "3819805eb231"


# Machine code kept on disk: a file for each function, named by all that it was made from and sealed by a digest.
#
# To load code is to run it: only what nobody but its user, or root, can have written is read. A damaged file is removed
# and made again. Where nothing can be kept, code is compiled in each process, with one line of warning.

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


# What an expression is while it is written: a Python value that is known, an LLVM value, or a tuple of such.

INTEGER, BOOLEAN, DOUBLE = ir.IntType(64), ir.IntType(1), ir.DoubleType()
NUMBA_TYPES = {INTEGER: types.int64, BOOLEAN: types.boolean, DOUBLE: types.float64}


@dataclass(frozen=True, slots=True)
class Several:
    """The items of a tuple, and the class of a named one. Those of a variable are places in memory."""

    items: tuple[Any, ...]
    kind: Any = None

    def field(self, name: str) -> Any:
        """An item by its name."""
        return self.items[self.kind._fields.index(name)]


def is_known(value: Any) -> bool:
    """Whether a value is one of Python."""
    return not isinstance(value, ir.Value | Several)


def items_of(value: Any) -> tuple[Any, ...]:
    """The items of a tuple."""
    return value.items if isinstance(value, Several) else tuple(value)


def in_llvm(value: Any) -> Any:
    """A value with all numbers as those of LLVM.

    Raises:
        NotImplementedError: LLVM has no such value.
    """
    match value:
        case ir.Value():
            return value
        case Several(items, kind):
            return Several(tuple(map(in_llvm, items)), kind)
        case tuple():
            return Several(tuple(map(in_llvm, value)))
        case bool():
            return BOOLEAN(value)
        case int():
            return INTEGER(value)
        case float():
            return DOUBLE(value)
    raise NotImplementedError(f"{value!r} is no value of compiled code")


def converted(builder: ir.IRBuilder, value: ir.Value, wanted: ir.Type) -> ir.Value:
    """A number or a truth value as one of another type.

    Raises:
        NotImplementedError: a float64 as an integer.
    """
    if value.type == wanted:
        return value
    if wanted == BOOLEAN:
        return is_true(builder, value)
    if value.type == DOUBLE and wanted == INTEGER:
        raise NotImplementedError("compiled code has no float64 as an integer")
    if value.type == DOUBLE:
        return builder.fptrunc(value, wanted)
    return builder.zext(value, wanted) if value.type == BOOLEAN else builder.sitofp(value, wanted)


def is_true(builder: ir.IRBuilder, value: Any) -> Any:
    """Whether a value counts as true: known, or of LLVM."""
    if not isinstance(value, ir.Value):
        return bool(value.items) if isinstance(value, Several) else bool(value)
    if value.type == BOOLEAN:
        return value
    is_other = builder.fcmp_unordered if value.type == DOUBLE else builder.icmp_signed
    return is_other("!=", value, value.type(0))


def place_for(builder: ir.IRBuilder, value: Any) -> Any:
    """Memory for a value and others like it."""
    value = in_llvm(value)
    if isinstance(value, Several):
        return Several(tuple(place_for(builder, item) for item in value.items), value.kind)
    return cgutils.alloca_once(builder, value.type)


def write_place(builder: ir.IRBuilder, place: Any, value: Any) -> None:
    """Put a value into memory that was made for one like it."""
    value = in_llvm(value)
    if not isinstance(place, Several):
        builder.store(converted(builder, value, place.allocated_type), place)
        return
    for item, inner in zip(value.items, place.items, strict=True):
        write_place(builder, inner, item)


def read_place(builder: ir.IRBuilder, place: Any) -> Any:
    """The value in memory."""
    if isinstance(place, Several):
        return Several(tuple(read_place(builder, item) for item in place.items), place.kind)
    return builder.load(place, typ=place.allocated_type)


def for_intrinsic(builder: ir.IRBuilder, value: Any) -> ir.Value:
    """A value as intrinsics take it: tuples as arrays where their items are alike, else as structures."""
    value = in_llvm(value)
    if not isinstance(value, Several):
        return value
    items = [for_intrinsic(builder, item) for item in value.items]
    kinds = [item.type for item in items]
    is_array = bool(kinds) and all(kind == kinds[0] for kind in kinds)
    whole = ir.ArrayType(kinds[0], len(kinds)) if is_array else ir.LiteralStructType(kinds)
    return cgutils.pack_struct(builder, items) if not is_array else cgutils.pack_array(builder, items, whole.element)


def from_intrinsic(builder: ir.IRBuilder, value: ir.Value, numba_type: Any) -> Any:
    """What an intrinsic gives: a tuple of numbers, or anything else."""
    if not isinstance(numba_type, types.BaseTuple):
        return value
    kind = getattr(numba_type, "instance_class", None)
    return Several(tuple(cgutils.unpack_tuple(builder, value, len(numba_type))), kind)


def numba_type_of(value: Any) -> Any:
    """What numba calls the type of a value."""
    value = in_llvm(value)
    if isinstance(value, Several):
        return types.Tuple(tuple(map(numba_type_of, value.items)))
    return NUMBA_TYPES[value.type]


# What Python's operators make of values: numbers round down when divided, as Python's do.


BINARY: dict[type[ast.AST], tuple[Callable[[Any, Any], Any], str, str]] = {  # of Python, of words, of reals
    ast.Add: (operator.add, "add", "fadd"),
    ast.Sub: (operator.sub, "sub", "fsub"),
    ast.Mult: (operator.mul, "mul", "fmul"),
    ast.Div: (operator.truediv, "", "fdiv"),
    ast.FloorDiv: (operator.floordiv, "", ""),
    ast.Mod: (operator.mod, "", ""),
    ast.BitAnd: (operator.and_, "and_", ""),
    ast.BitOr: (operator.or_, "or_", ""),
    ast.BitXor: (operator.xor, "xor", ""),
    ast.LShift: (operator.lshift, "shl", ""),
    ast.RShift: (operator.rshift, "ashr", ""),
}
COMPARED: dict[type[ast.AST], tuple[Callable[[Any, Any], Any], str]] = {
    ast.Eq: (operator.eq, "=="),
    ast.NotEq: (operator.ne, "!="),
    ast.Lt: (operator.lt, "<"),
    ast.LtE: (operator.le, "<="),
    ast.Gt: (operator.gt, ">"),
    ast.GtE: (operator.ge, ">="),
}


def binary(builder: ir.IRBuilder, kind: type[ast.AST], a: Any, b: Any) -> Any:
    """The value of an operation on two values.

    Raises:
        NotImplementedError: on values of such types.
    """
    if kind not in BINARY:
        raise NotImplementedError(f"compiled code has no {kind.__name__}")
    in_python, of_words, of_reals = BINARY[kind]
    if is_known(a) and is_known(b):
        return in_python(a, b)
    a, b = alike(builder, in_llvm(a), in_llvm(b))
    if a.type == DOUBLE and of_reals:
        return getattr(builder, of_reals)(a, b)
    if a.type == BOOLEAN and kind not in {ast.BitAnd, ast.BitOr, ast.BitXor}:
        a, b = converted(builder, a, INTEGER), converted(builder, b, INTEGER)
    if a.type in {INTEGER, BOOLEAN} and of_words:
        return getattr(builder, of_words)(a, b)
    if a.type == INTEGER and kind in {ast.FloorDiv, ast.Mod}:
        return _divided(builder, kind, a, b)
    raise NotImplementedError(f"compiled code has no {kind.__name__} of {a.type}")


def _divided(builder: ir.IRBuilder, kind: type[ast.AST], a: ir.Value, b: ir.Value) -> ir.Value:
    """Quotient or remainder, rounded down: LLVM rounds towards zero, so both change where the signs differ."""
    rest = builder.srem(a, b)
    is_inexact, differ = (
        builder.icmp_signed("!=", rest, INTEGER(0)),
        builder.icmp_signed("<", builder.xor(rest, b), INTEGER(0)),
    )
    is_above = builder.and_(is_inexact, differ)
    if kind is ast.Mod:
        return builder.add(rest, builder.select(is_above, b, INTEGER(0)))
    return builder.sub(builder.sdiv(a, b), builder.zext(is_above, INTEGER))


def compared(builder: ir.IRBuilder, kind: type[ast.AST], a: Any, b: Any) -> Any:
    """The truth value of a comparison of two values.

    Raises:
        NotImplementedError: of another kind than by size.
    """
    if kind not in COMPARED:
        raise NotImplementedError(f"compiled code has no comparison by {kind.__name__}")
    in_python, symbol = COMPARED[kind]
    if is_known(a) and is_known(b):
        return in_python(a, b)
    a, b = alike(builder, in_llvm(a), in_llvm(b))
    if a.type == DOUBLE:
        is_such = builder.fcmp_unordered if kind is ast.NotEq else builder.fcmp_ordered
        return is_such(symbol, a, b)
    return builder.icmp_unsigned(symbol, a, b) if a.type == BOOLEAN else builder.icmp_signed(symbol, a, b)


def unary(builder: ir.IRBuilder, kind: type[ast.AST], value: Any) -> Any:
    """The value of an operation on one value."""
    if kind is ast.Not:
        truth = is_true(builder, value)
        return builder.not_(truth) if isinstance(truth, ir.Value) else not truth
    if is_known(value):
        return -value if kind is ast.USub else ~value
    if kind is ast.USub and value.type == DOUBLE:
        return builder.fneg(value)
    number = converted(builder, value, INTEGER)
    return builder.neg(number) if kind is ast.USub else builder.not_(number)


def alike(builder: ir.IRBuilder, a: ir.Value, b: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Two numbers as such of the wider type of both."""
    wider = next(kind for kind in (DOUBLE, INTEGER, BOOLEAN) if kind in {a.type, b.type})
    return converted(builder, a, wider), converted(builder, b, wider)


# Calls of what is not written in Python: its own functions of numbers, named tuples, and intrinsics.


TYPES: dict[Any, ir.Type] = {bool: BOOLEAN, int: INTEGER, float: DOUBLE}


class Asked:
    """What intrinsics ask of numba while they write."""

    @staticmethod
    def get_dummy_value() -> None:
        """What stands for nothing."""

    @staticmethod
    def make_tuple(builder: ir.IRBuilder, _kind: Any, values: list[ir.Value]) -> ir.Value:
        """Numbers as one value."""
        return for_intrinsic(builder, Several(tuple(values)))


def inserted(builder: ir.IRBuilder, intrinsic: Callable[..., Any], arguments: list[Any]) -> Any:
    """The value of an intrinsic, as it is defined, which writes its LLVM here."""
    called, generate = intrinsic(None, *map(numba_type_of, arguments))
    values = [for_intrinsic(builder, value) for value in arguments]
    values = [
        converted(builder, value, ir.FloatType()) if kind is types.float32 else value
        for value, kind in zip(values, called.args, strict=True)
    ]
    return from_intrinsic(builder, generate(Asked, builder, called, values), called.return_type)


def named(kind: Any, arguments: list[Any], by_name: dict[str, Any]) -> Several:
    """A named tuple."""
    bound = signature(kind).bind(*arguments, **by_name)
    bound.apply_defaults()
    return Several(bound.args, kind)


def own(builder: ir.IRBuilder, function: Any, arguments: list[Any]) -> Any:
    """The value of one of Python's own functions.

    Raises:
        NotImplementedError: a function that compiled code has no use for.
    """
    if all(map(is_known, arguments)):
        return function(*arguments)
    if function in {min, max}:
        return reduce(lambda a, b: _extreme(builder, function, a, b), arguments)
    (value,) = arguments
    if function is len:
        return len(items_of(value))
    if function is sum:
        return reduce(lambda a, b: binary(builder, ast.Add, a, b), items_of(value), 0)
    if function in TYPES:
        return converted(builder, value, TYPES[function])
    raise NotImplementedError(f"compiled code has no {function!r}")


def _extreme(builder: ir.IRBuilder, function: Any, a: Any, b: Any) -> Any:
    """The smaller or the larger one of two numbers, the first where they are equal."""
    if is_known(a) and is_known(b):
        return function(a, b)
    a, b = alike(builder, in_llvm(a), in_llvm(b))
    return builder.select(compared(builder, ast.Lt if function is min else ast.Gt, b, a), b, a)


# The values of expressions.


class Expressions(ast.NodeVisitor):
    """Expressions of a function, by what its names stand for: variables in memory, and all that never changes.

    Visiting an expression gives its value.
    """

    def __init__(self, builder: ir.IRBuilder, names: dict[str, Any]) -> None:
        self.builder = builder
        self.names = names
        self.variables: dict[str, Any] = {}

    @abstractmethod
    def value_of_call(self, function: Any, arguments: list[Any], by_name: dict[str, Any]) -> Any:
        """What a function returns, after all that it does."""

    def generic_visit(self, node: ast.AST) -> Any:
        """Nothing that compiled code has.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(f"compiled code has nothing like: {ast.unparse(node)}")

    def visit_Constant(self, node: ast.Constant) -> Any:
        """What is written out."""
        return node.value

    def visit_Name(self, node: ast.Name) -> Any:
        """What a variable holds, or what else a name stands for."""
        if node.id in self.variables:
            return read_place(self.builder, self.variables[node.id])
        return self.names[node.id] if node.id in self.names else getattr(builtins, node.id)

    def visit_Tuple(self, node: ast.Tuple) -> Any:
        """A tuple."""
        return Several(tuple(self.values(node.elts)))

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        """An item of a named tuple."""
        return self.visit(node.value).field(node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        """An item of a tuple, or one of known numbers in memory that is never written."""
        owner, index = self.visit(node.value), self.visit(node.slice)
        if is_known(index):
            return items_of(owner)[index]
        numbers = [INTEGER(int(number)) for number in items_of(owner)]
        table = cgutils.global_constant(self.builder, "numbers", ir.ArrayType(INTEGER, len(numbers))(numbers))
        return self.builder.load(self.builder.gep(table, [index], source_etype=INTEGER), typ=INTEGER)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        """The value of an operation on one value."""
        return unary(self.builder, type(node.op), self.visit(node.operand))

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        """The value of an operation on two values."""
        return binary(self.builder, type(node.op), self.visit(node.left), self.visit(node.right))

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        """`and` or `or`."""
        return self._joined(node.values, is_and=isinstance(node.op, ast.And))

    def visit_Compare(self, node: ast.Compare) -> Any:
        """The truth of all comparisons of neighbours."""
        values = self.values([node.left, *node.comparators])
        pairs = zip(node.ops, values[:-1], values[1:], strict=True)
        total: Any = True
        for truth in [compared(self.builder, type(op), a, b) for op, a, b in pairs]:
            total = truth if total is True else binary(self.builder, ast.BitAnd, total, truth)
        return total

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        """One of two values."""
        truth = is_true(self.builder, self.visit(node.test))
        if is_known(truth):
            return self.visit(node.body if truth else node.orelse)
        with self.builder.if_else(truth) as (if_true, if_false):
            with if_true:
                value = self.visit(node.body)
                place = place_for(self.builder, value)
                write_place(self.builder, place, value)
            with if_false:
                write_place(self.builder, place, self.visit(node.orelse))
        return read_place(self.builder, place)

    def visit_Call(self, node: ast.Call) -> Any:
        """The value of a call: of a function that numba would compile, of an intrinsic, of a class of named tuples."""
        function, arguments = self.visit(node.func), self.values(node.args)
        by_name = {str(keyword.arg): self.visit(keyword.value) for keyword in node.keywords}
        if hasattr(function, "py_func"):
            return self.value_of_call(function.py_func, arguments, by_name)
        if hasattr(function, "_defn"):
            return inserted(self.builder, function._defn, arguments)  # noqa: SLF001 (numba has no other way)
        if hasattr(function, "_fields"):
            return named(function, arguments, by_name)
        return own(self.builder, function, arguments)

    def values(self, nodes: Iterable[ast.expr]) -> list[Any]:
        """The values of several expressions, and of all items of those with a star."""
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                values += items_of(self.visit(node.value))
            else:
                values.append(self.visit(node))
        return values

    def _joined(self, nodes: list[ast.expr], *, is_and: bool) -> Any:
        """What follows the first value is computed only if that does not decide; the result is of its type."""
        first, rest = self.visit(nodes[0]), nodes[1:]
        if not rest:
            return first
        truth = is_true(self.builder, first)
        if is_known(truth):
            return self._joined(rest, is_and=is_and) if truth == is_and else first
        place = place_for(self.builder, first)
        write_place(self.builder, place, first)
        with self.builder.if_then(truth if is_and else self.builder.not_(truth)):
            write_place(self.builder, place, self._joined(rest, is_and=is_and))
        return read_place(self.builder, place)


# The statements of a function, which becomes part of the one that calls it.


class Loop(NamedTuple):
    """Where the next turn of a loop begins, and what follows the loop."""

    again: ir.Block
    behind: ir.Block


class Statements(Expressions):
    """The statements of one call of a function.

    `find` finds the definition of a function.
    """

    def __init__(self, builder: ir.IRBuilder, function: Any, find: Callable[[Any], ast.FunctionDef]) -> None:
        code = function.__code__
        closure = (cell.cell_contents for cell in function.__closure__ or ())
        super().__init__(builder, {**function.__globals__, **dict(zip(code.co_freevars, closure, strict=True))})
        self._function, self._find, self._node = function, find, find(function)
        self._loops: list[Loop] = []
        self._end: ir.Block | None = None
        self._result: Any = None  # or the place of it, where there is an end to go to

    def result(self, arguments: list[Any], by_name: dict[str, Any]) -> Any:
        """What the function returns, after all that it does."""
        bound = signature(self._function).bind(*arguments, **by_name)
        bound.apply_defaults()
        stored = names_stored(self._node)
        for name, value in bound.arguments.items():
            if name in stored:
                self._assign_name(name, value)
            else:
                self.names[name] = value
        self._run(self._node.body)
        if self._end is None:
            return self._result
        if not self.builder.block.is_terminated:
            self.builder.branch(self._end)
        self.builder.position_at_end(self._end)
        return None if self._result is None else read_place(self.builder, self._result)

    def value_of_call(self, function: Any, arguments: list[Any], by_name: dict[str, Any]) -> Any:
        """What a function returns, whose statements stand here."""
        return Statements(self.builder, function, self._find).result(arguments, by_name)

    def visit_Expr(self, node: ast.Expr) -> None:
        """A call for what it does, or words about the function."""
        self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        """A value to names, or to tuples of them."""
        value = self.visit(node.value)
        for target in node.targets:
            self._assign(target, value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """A value to a name, whatever its annotation says."""
        if node.value is not None:
            self._assign(node.target, self.visit(node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """What an operation makes of a variable, to the variable."""
        self._assign(node.target, self.visit(ast.BinOp(node.target, node.op, node.value)))

    def visit_If(self, node: ast.If) -> None:
        """One of two lists of statements."""
        truth = is_true(self.builder, self.visit(node.test))
        if is_known(truth):
            self._run(node.body if truth else node.orelse)
            return
        with self.builder.if_else(truth) as (if_true, if_false):
            with if_true:
                self._run(node.body)
            with if_false:
                self._run(node.orelse)

    def visit_While(self, node: ast.While) -> None:
        """A loop on a condition."""
        test, inside, behind = (self.builder.append_basic_block() for _ in range(3))
        self._go_on_at(test)
        truth = in_llvm(is_true(self.builder, self.visit(node.test)))
        self.builder.cbranch(truth, inside, behind)
        self.builder.position_at_end(inside)
        self._turn(Loop(test, behind), node.body)

    def visit_For(self, node: ast.For) -> None:
        """A loop over a range that counts up: what is not known of its step is taken to be so.

        Raises:
            NotImplementedError: it counts down, or it is a loop over something else.
        """
        if not isinstance(node.iter, ast.Call) or self.visit(node.iter.func) is not range:
            raise NotImplementedError(f"compiled code has no loop over {ast.unparse(node.iter)}")
        limits = self.values(node.iter.args)
        start, stop, step = {1: (0, *limits, 1), 2: (*limits, 1), 3: limits}[len(limits)]
        if is_known(step) and step < 1:
            raise NotImplementedError(f"compiled code has no loop that counts by {step}")
        builder, last, step = self.builder, in_llvm(stop), in_llvm(step)
        place = place_for(builder, start)
        write_place(builder, place, start)
        test, inside, again, behind = (builder.append_basic_block() for _ in range(4))
        self._go_on_at(test)
        number = read_place(builder, place)
        builder.cbranch(builder.icmp_signed("<", number, last), inside, behind)
        builder.position_at_end(again)
        builder.store(builder.add(number, step, flags=["nsw"]), place)
        builder.branch(test)
        builder.position_at_end(inside)
        self._assign(node.target, number)
        self._turn(Loop(again, behind), node.body)

    def visit_Continue(self, _node: ast.Continue) -> None:
        """The next turn of the innermost loop."""
        self.builder.branch(self._loops[-1].again)

    def visit_Break(self, _node: ast.Break) -> None:
        """The end of the innermost loop."""
        self.builder.branch(self._loops[-1].behind)

    def visit_Return(self, node: ast.Return) -> None:
        """The end of the function, with a value; its last statement is there unless others go there, too."""
        value = None if node.value is None else self.visit(node.value)
        if self._end is None and node is self._node.body[-1]:
            self._result = value
            return
        if self._end is None:
            self._end = self.builder.append_basic_block()
        if value is not None:
            if self._result is None:
                self._result = place_for(self.builder, value)
            write_place(self.builder, self._result, value)
        self.builder.branch(self._end)

    def _run(self, nodes: list[ast.stmt]) -> None:
        for node in nodes:
            if not self.builder.block.is_terminated:
                self.visit(node)

    def _assign(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Tuple):
            for part, item in zip(target.elts, items_of(value), strict=True):
                self._assign(part, item)
        elif isinstance(target, ast.Name):
            self._assign_name(target.id, value)
        else:
            self.generic_visit(target)

    def _assign_name(self, name: str, value: Any) -> None:
        if name not in self.variables:
            self.variables[name] = place_for(self.builder, value)
        write_place(self.builder, self.variables[name], value)

    def _go_on_at(self, block: ir.Block) -> None:
        self.builder.branch(block)
        self.builder.position_at_end(block)

    def _turn(self, loop: Loop, body: list[ast.stmt]) -> None:
        """One turn of a loop, and on to what follows it."""
        self._loops.append(loop)
        self._run(body)
        self._loops.pop()
        if not self.builder.block.is_terminated:
            self.builder.branch(loop.again)
        self.builder.position_at_end(loop.behind)


@lru_cache(maxsize=512)
def names_stored(node: ast.FunctionDef) -> frozenset[str]:
    """The variables that a function assigns to."""
    names = (name for name in ast.walk(node) if isinstance(name, ast.Name))
    return frozenset(name.id for name in names if isinstance(name.ctx, ast.Store))


# One LLVM module of functions by their names, which alone can be seen from outside.

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


# LLVM after all of its passes.

HARDEST = 3  # of the levels of optimisation


def optimise(module: binding.ModuleRef, target: Any) -> binding.ModuleRef:
    """A module after all passes of LLVM, for a target machine."""
    module.triple, module.data_layout = target.triple, str(target.target_data)
    options = binding.create_pipeline_tuning_options(HARDEST)
    options.loop_vectorization = options.slp_vectorization = True
    passes = binding.create_pass_builder(target, options)
    passes.getModulePassManager().run(module, passes)
    return module


# Functions as machine code: those that C calls, written from their syntax, and those that numba compiles.
#
# numba's own cache runs what it finds, believes damaged files, and fails where it cannot write; `kept_code` does not.


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


# What the compiled code is told at each call: integers of 64 bits in memory.
#
# They are a `Job`, the `Strides` of x, the residual and y, a `Geometry`, and the addresses of the micro-kernels.

EVERY_PANEL = 1 << 62  # more than there are


class Geometry(NamedTuple):
    """The sizes of a layer, the padding above and on the left, how many tiles make a panel, and how its taps step.

    Of few panels, each may be done in several shares of the filters, by as many threads.
    """

    batch: int
    channels: int
    height: int
    width: int
    filters: int
    top: int
    left: int
    out_height: int
    out_width: int
    panel: int
    groups: int = 1
    taps_down: int = 1
    taps_across: int = 1
    stride_down: int = 1
    stride_across: int = 1
    dilation_down: int = 1
    dilation_across: int = 1
    shares: int = 1


class Strides(NamedTuple):
    """How many floats lie between neighbours along each axis of an array."""

    image: int
    channel: int
    row: int
    column: int


class Job(NamedTuple):
    """Addresses of the arrays and of the workspaces, and how many panels the threads have taken.

    Panels from number `end` on are not computed: another call does them, or there are none. The bias may be followed by
    a scale and a shift for each filter, each `apart` floats after the one before.
    """

    x: int
    U: int
    bias: int
    residual: int
    y: int
    taken: int
    workspace: int
    apart: int
    end: int = EVERY_PANEL


class Floats(NamedTuple):
    """How many floats each part of one thread's workspace has.

    V, M, the strips of inputs and outputs, and what is transformed along one axis before it goes there.
    """

    V: int
    M: int
    strip: int
    out_strip: int
    half: int


TAKEN = Job._fields.index("taken")
# Words of a job before its strides, one after another of x, the residual and y, its geometry and its micro-kernels.
STRIDES = len(Job._fields)
GEOMETRY = STRIDES + 3 * len(Strides._fields)
MICRO_KERNELS = GEOMETRY + len(Geometry._fields)


# Vectors of float32 in LLVM IR: loads, stores, fma, transposition, and programs over them.
#
# All addresses are integers, so that one compiled signature serves every array.

I1, I8, I32, I64 = ir.IntType(1), ir.IntType(8), ir.IntType(32), ir.IntType(64)
F32 = ir.FloatType()
VECTOR = ir.VectorType(F32, LANES)
MASK = ir.VectorType(I1, LANES)
INTEGERS = ir.VectorType(I32, LANES)
BYTES = 4  # of one float32
QUAD = 4  # floats of 128 bits


def pointer(builder: ir.IRBuilder, address: ir.Value) -> ir.Value:
    """An integer address as a pointer."""
    return builder.inttoptr(address, ir.PointerType())


def at(builder: ir.IRBuilder, base: ir.Value, number: ir.Value | int, size: int = BYTES) -> ir.Value:
    """The pointer so many floats, or elements of another size, after `base`."""
    offset = ir.Constant(I64, number * size) if isinstance(number, int) else builder.mul(number, I64(size))
    return builder.gep(base, [offset], source_etype=I8)


def load(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """LANES floats from any address."""
    return builder.load(place, typ=VECTOR, align=BYTES)


def store(builder: ir.IRBuilder, vector: ir.Value, place: ir.Value) -> None:
    """LANES floats to any address."""
    builder.store(vector, place, align=BYTES)


def broadcast(builder: ir.IRBuilder, scalar: ir.Value) -> ir.Value:
    """One number in every lane."""
    undefined = ir.Constant(ir.VectorType(scalar.type, LANES), ir.Undefined)
    first = builder.insert_element(undefined, scalar, I32(0))
    return builder.shuffle_vector(first, first, _indices([0] * LANES))


def constant(value: float) -> ir.Constant:
    """A float32 constant in every lane."""
    return ir.Constant(VECTOR, [value] * LANES)


def fma(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
    """a · b + c in every lane, rounded once."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.fma.v{LANES}f32"), (a, b, c))


def prefetch(builder: ir.IRBuilder, place: ir.Value, *, to_write: bool = False) -> None:
    """Ask for the cache line at a place, to be read from L2 later, or to be written soon."""
    kind = ir.FunctionType(ir.VoidType(), [ir.PointerType(), I32, I32, I32])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    builder.call(function, (place, I32(1), I32(3), I32(1)) if to_write else (place, I32(0), I32(2), I32(1)))


def first_lanes(builder: ir.IRBuilder, number: ir.Value) -> ir.Value:
    """A mask of the first `number` lanes, of those that there are."""
    limit = broadcast(builder, builder.trunc(number, I32))
    return builder.icmp_signed("<", _indices(list(range(LANES))), limit)


def masked_load(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value) -> ir.Value:
    """Floats where the mask is set, zero elsewhere; nothing else is read."""
    kind = ir.FunctionType(VECTOR, [ir.PointerType(), I32, MASK, VECTOR])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.load.v{LANES}f32.p0")
    return builder.call(function, (place, I32(BYTES), mask, constant(0.0)))


def masked_store(builder: ir.IRBuilder, vector: ir.Value, place: ir.Value, mask: ir.Value) -> None:
    """Write the floats where the mask is set; nothing else is touched."""
    kind = ir.FunctionType(ir.VoidType(), [VECTOR, ir.PointerType(), I32, MASK])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.store.v{LANES}f32.p0")
    builder.call(function, (vector, place, I32(BYTES), mask))


def transposed(builder: ir.IRBuilder, base: ir.Value) -> list[ir.Value]:
    """The columns of a square of LANES lines of LANES floats, one after another in memory.

    Quads of floats from every fourth line are read into one vector, so that no float leaves its 128 bits afterwards:
    two shuffles for each column, and the cheapest there are.
    """
    low, high = _in_each_quad([0, LANES, 1, LANES + 1]), _in_each_quad([2, LANES + 2, 3, LANES + 3])
    low_pairs, high_pairs = _in_each_quad([0, 1, LANES, LANES + 1]), _in_each_quad([2, 3, LANES + 2, LANES + 3])
    columns = []
    for first in range(0, LANES, QUAD):
        a, b, c, d = (_quads(builder, base, line, first) for line in range(QUAD))
        for shuffle in (low, high):
            ab, cd = builder.shuffle_vector(a, b, shuffle), builder.shuffle_vector(c, d, shuffle)
            columns += [builder.shuffle_vector(ab, cd, pairs) for pairs in (low_pairs, high_pairs)]
    return columns


def _quads(builder: ir.IRBuilder, base: ir.Value, line: int, first: int) -> ir.Value:
    """A vector of the quads at column `first` of a line and of every fourth one after it."""
    lanes = list(range(LANES))
    vector = ir.Constant(VECTOR, ir.Undefined)
    for start in range(0, LANES, QUAD):
        quad = builder.load(
            at(builder, base, (line + start) * LANES + first), typ=ir.VectorType(F32, QUAD), align=BYTES
        )
        whole = builder.shuffle_vector(quad, quad, _indices([lane % QUAD for lane in lanes]))
        chosen = [LANES + lane if start <= lane < start + QUAD else lane for lane in lanes]
        vector = builder.shuffle_vector(vector, whole, _indices(chosen))
    return vector


def _in_each_quad(indices: list[int]) -> ir.Constant:
    return _indices([quad + index for quad in range(0, LANES, QUAD) for index in indices])


def _indices(indices: list[int]) -> ir.Constant:
    return ir.Constant(ir.VectorType(I32, len(indices)), indices)


def run_program(builder: ir.IRBuilder, program: Any, inputs: list[ir.Value]) -> list[ir.Value]:
    """The operations of one straight-line program `(ops, outputs)`, in order, on vectors."""
    ops, outputs = program
    values = list(inputs)
    for op in ops:
        match op:
            case ("add", a, b):
                value = builder.fadd(values[a], values[b])
            case ("sub", a, b):
                value = builder.fsub(values[a], values[b])
            case ("neg", a):
                value = builder.fneg(values[a])
            case ("mul", a, factor):
                value = builder.fmul(values[a], constant(factor))
            case ("fma", a, factor, b):
                value = fma(builder, values[a], constant(factor), values[b])
            case _:
                raise ValueError(f"no operation of a program: {op}")
        values.append(value)
    return [values[output] for output in outputs]


def words_as(kind: Any, first: int) -> Any:
    """The intrinsic that reads integers of an array of int64, from number `first` on, as a named tuple."""

    @intrinsic
    def read(typingctx: Any, address: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            base = pointer(builder, arguments[0])
            places = [builder.gep(base, [I64(first + i)], source_etype=I64) for i in range(len(kind._fields))]
            words = [builder.load(place, typ=I64) for place in places]
            return context.make_tuple(builder, signature.return_type, words)

        return types.NamedUniTuple(types.int64, len(kind._fields), kind)(types.int64), generate

    return read


@intrinsic
def word(typingctx: Any, address: Any, number: Any) -> Any:
    """The integer of that number in an array of int64."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        address, number = arguments
        return builder.load(builder.gep(pointer(builder, address), [number], source_etype=I64), typ=I64)

    return types.int64(types.int64, types.int64), generate


@intrinsic
def take(typingctx: Any, address: Any, number: Any) -> Any:
    """The integer of that number in an array of int64, which grows by one for all threads at once."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        address, number = arguments
        place = builder.gep(pointer(builder, address), [number], source_etype=I64)
        return builder.atomic_rmw("add", place, I64(1), "monotonic")

    return types.int64(types.int64, types.int64), generate


@intrinsic
def call(typingctx: Any, function: Any, arguments: Any) -> Any:
    """Call a C function of integers by its address; they are given as a tuple.

    To numba, a C function that returns nothing returns a null pointer; some machines see to it that callers know that.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, values: Any) -> ir.Value:
        function, packed = values
        numbers = cgutils.unpack_tuple(builder, packed)
        kind = ir.FunctionType(ir.PointerType(), [I64] * len(numbers))
        builder.call(builder.inttoptr(function, kind.as_pointer()), numbers)
        return context.get_dummy_value()

    return types.void(types.int64, arguments), generate


# Elements of x and y: read as vectors of float32, and written as what they are.
#
# Numbers become bfloat16 as the processor's own instruction makes it: rounded to nearest, ties to even; what is smaller
# than all normal numbers becomes zero.

I16 = ir.IntType(16)
ELEMENTS = {"float32": F32, "float16": ir.HalfType(), "bfloat16": I16, "uint8": I8, "int8": I8}
ELEMENT_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2, "uint8": 1, "int8": 1}  # bytes
X_BYTES, Y_BYTES = ELEMENT_BYTES[X_FORMAT], ELEMENT_BYTES[Y_FORMAT]
STRIP_FORMAT = Y_FORMAT if LAYOUT == "NHWC" else "float32"  # of outputs in a strip: floats, where they are turned
STRIP_BYTES = ELEMENT_BYTES[STRIP_FORMAT]
ROUNDS_TO_BFLOAT16 = LANES == 16 and "avx512bf16" in FEATURES  # noqa: PLR2004 (a vector of AVX-512)
EXPONENT, SIGN, QUIET, HALF_OF_LAST = 0x7F800000, -0x80000000, 0x40, 0x7FFF  # bits of float32 and of bfloat16


class BFloat(ir.types._BaseFloatType):  # type: ignore[misc]  # noqa: SLF001 (llvmlite has no type for it)
    """LLVM's bfloat."""

    null = "0.0"
    intrinsic_name = "bf16"

    def __str__(self) -> str:
        return "bfloat"

    def format_constant(self, value: Any) -> str:
        """A number as LLVM reads it."""
        return str(value)


BFloat._create_instance()  # noqa: SLF001 (as llvmlite does for its own)


def vector_of(name: str) -> ir.VectorType:
    """A vector of LANES elements."""
    return ir.VectorType(ELEMENTS[name], LANES)


def read(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value, name: str) -> ir.Value:
    """Elements as floats where the mask is set, zero elsewhere; nothing else is read."""
    if name == "float32":
        return masked_load(builder, place, mask)
    kind = vector_of(name)
    signature = ir.FunctionType(kind, [ir.PointerType(), I32, MASK, kind])
    function = cgutils.get_or_insert_function(builder.module, signature, f"llvm.masked.load.v{LANES}{_suffix(name)}.p0")
    nothing = ir.Constant(kind, None)
    return widened(builder, builder.call(function, (place, I32(ELEMENT_BYTES[name]), mask, nothing)), name)


def write(builder: ir.IRBuilder, vector: ir.Value, place: ir.Value, name: str) -> None:
    """LANES floats to any address, as elements."""
    builder.store(narrowed(builder, vector, name), place, align=ELEMENT_BYTES[name])


def write_masked(builder: ir.IRBuilder, elements: ir.Value, place: ir.Value, mask: ir.Value, name: str) -> None:
    """Write elements where the mask is set; nothing else is touched."""
    kind = ir.FunctionType(ir.VoidType(), [vector_of(name), ir.PointerType(), I32, MASK])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.store.v{LANES}{_suffix(name)}.p0")
    builder.call(function, (elements, place, I32(ELEMENT_BYTES[name]), mask))


def widened(builder: ir.IRBuilder, elements: ir.Value, name: str) -> ir.Value:
    """Elements as floats, which hold them all."""
    match name:
        case "float16":
            return builder.fpext(elements, VECTOR)
        case "bfloat16":
            return builder.bitcast(builder.shl(builder.zext(elements, INTEGERS), _all(16)), VECTOR)
        case "uint8":
            return builder.uitofp(elements, VECTOR)
        case "int8":
            return builder.sitofp(elements, VECTOR)
    return elements


def narrowed(builder: ir.IRBuilder, vector: ir.Value, name: str) -> ir.Value:
    """Floats as elements: rounded, or whole numbers that the elements hold."""
    match name:
        case "float16":
            return builder.fptrunc(vector, vector_of(name))
        case "bfloat16":
            return rounded_to_bfloat16(builder, vector)
        case "uint8":
            return builder.fptoui(vector, vector_of(name))
        case "int8":
            return builder.fptosi(vector, vector_of(name))
    return vector


def rounded_to_bfloat16(builder: ir.IRBuilder, vector: ir.Value) -> ir.Value:
    """The bits of bfloat16 numbers: by one instruction, or with its results."""
    if ROUNDS_TO_BFLOAT16:
        kind = ir.FunctionType(ir.VectorType(BFloat(), LANES), [VECTOR])
        name = "llvm.x86.avx512bf16.cvtneps2bf16.512"
        rounded = builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [vector])
        return builder.bitcast(rounded, vector_of("bfloat16"))
    bits = flushed(builder, builder.bitcast(vector, INTEGERS))
    is_odd = builder.and_(builder.lshr(bits, _all(16)), _all(1))
    nearest = builder.lshr(builder.add(bits, builder.add(is_odd, _all(HALF_OF_LAST))), _all(16))
    quiet = builder.or_(builder.lshr(bits, _all(16)), _all(QUIET))
    is_nan = builder.fcmp_unordered("uno", vector, vector)
    return builder.trunc(builder.select(is_nan, quiet, nearest), vector_of("bfloat16"))


def flushed(builder: ir.IRBuilder, bits: ir.Value) -> ir.Value:
    """Bits of floats, zeros with their sign in place of numbers smaller than all normal ones."""
    is_tiny = builder.icmp_unsigned("==", builder.and_(bits, _all(EXPONENT)), _all(0))
    return builder.select(is_tiny, builder.and_(bits, _all(SIGN)), bits)


def _suffix(name: str) -> str:
    """The type of an element in the name of an intrinsic."""
    return {"float16": "f16", "bfloat16": "i16", "uint8": "i8", "int8": "i8"}.get(name, "f32")


def _all(number: int) -> ir.Constant:
    return ir.Constant(INTEGERS, [number] * LANES)


# What follows the output transform, on vectors: bias, scale, residual, activation, pooling, in this order.
#
# Where y has 8 bits, it is multiplied by the inverse of its scale in the end, and its zero point is added: floats of a
# size at which there are no fractions round the sum once, ties to even. It stays a float, a whole number within the
# range of y.
#
# The steps of the activation and of the pooling are those of `wincook.epilogue`, which also says what each kind means.

Read = Callable[[ir.IRBuilder, ir.Value], ir.Value]

SIDE = 2 if POOLING else 1  # of the squares of outputs that become one
FRACTION_BITS, BITS_OF_ONE = 23, 0x3F800000  # of float32
LIMITS = {"uint8": (0, 255), "int8": (-128, 127)}.get(Y_FORMAT)  # of y, if it has 8 bits
WITHOUT_FRACTIONS = 3 << 22  # a float of this size, and its neighbours
GIVEN_ROWS = 3 if SCALED else 1  # for each filter: its bias, its scale and its shift
FILTER_ROWS = GIVEN_ROWS + 2 if LIMITS else GIVEN_ROWS  # and 1 / scale of y, and its zero point, with WITHOUT_FRACTIONS


def numbers_of_filters(builder: ir.IRBuilder, bias: ir.Value, apart: ir.Value, read: Read) -> list[ir.Value]:
    """The bias, and the scale and shift if there are any, whose rows are so many floats apart.

    `read` reads what stands at a place as a vector: one number for each lane, or one for all.
    """
    return [read(builder, at(builder, bias, builder.mul(apart, apart.type(row)))) for row in range(FILTER_ROWS)]


def finished(
    builder: ir.IRBuilder, vector: ir.Value, of_filters: list[ir.Value], residual: ir.Value | None = None
) -> ir.Value:
    """One vector of outputs, all but pooled."""
    vector = builder.fadd(vector, of_filters[0])
    if SCALED:
        vector = builder.fadd(builder.fmul(vector, of_filters[1]), of_filters[2])
    if residual is not None:
        vector = builder.fadd(vector, residual)
    return run_steps(builder, ACTIVATION, [vector])


def requantised(builder: ir.IRBuilder, vector: ir.Value, of_filters: list[ir.Value]) -> ir.Value:
    """Outputs, pooled and all, as the whole numbers that y is to have; as they are where y has floats."""
    if LIMITS is None:
        return vector
    lifted = fma(builder, vector, *of_filters[GIVEN_ROWS:])
    low, high = (constant(WITHOUT_FRACTIONS + limit) for limit in LIMITS)
    lifted = builder.select(builder.fcmp_ordered(">", lifted, low), lifted, low)
    lifted = builder.select(builder.fcmp_ordered("<", lifted, high), lifted, high)
    return builder.fsub(lifted, constant(WITHOUT_FRACTIONS))


def pooled(builder: ir.IRBuilder, rows: list[list[ir.Value]]) -> list[ir.Value]:
    """SIDE rows of outputs as one."""
    if not POOLING:
        return rows[0]
    return [
        run_steps(builder, POOLING, [row[j + k] for row in rows for k in range(SIDE)])
        for j in range(0, len(rows[0]), SIDE)
    ]


def run_steps(builder: ir.IRBuilder, steps: Any, inputs: list[ir.Value]) -> ir.Value:
    """The last value of a list of steps."""
    values = list(inputs)
    for kind, *operands in steps:
        vectors = [values[a] if isinstance(a, int) else constant(a) for a in operands]
        values.append(_step(builder, kind, operands, vectors))
    return values[-1]


def _step(builder: ir.IRBuilder, kind: str, operands: Any, vectors: list[ir.Value]) -> ir.Value:
    if kind in {"add", "sub", "mul", "div"}:
        return getattr(builder, f"f{kind}")(*vectors)
    if kind == "where":
        return builder.select(builder.fcmp_ordered("<", *vectors[:2]), *vectors[2:])
    if kind == "power":
        shifted = builder.shl(builder.bitcast(vectors[0], INTEGERS), INTEGERS([FRACTION_BITS] * LANES))
        return builder.bitcast(builder.add(shifted, INTEGERS([BITS_OF_ONE] * LANES)), VECTOR)
    a, b = vectors
    is_beyond = builder.fcmp_ordered({"max": "<", "min": ">"}[kind], a, b)
    if isinstance(operands[1], int):  # a constant is no NaN
        is_beyond = builder.or_(is_beyond, builder.fcmp_unordered("uno", b, b))
    return builder.select(is_beyond, b, a)


# The transforms, one axis at a time: each program is an intrinsic on LANES columns, channels or filters at once.
#
# A program of one axis keeps its values in registers, which both programs of a large tile together do not. Where the
# values between them are few, the outputs go through both at once.

PRODUCTS = RANKS[0] * RANKS[1]
STEPS = (OUTPUTS[0] * TILE_STRIDES[0], OUTPUTS[1] * TILE_STRIDES[1])  # inputs from one tile to the next
FILTERS = VECTORS * LANES  # of one block
# Rows of G that are equal, as those of a phase of one tap, have one program between them: U holds what differs.
KEPT_PROGRAMS = tuple((ops, tuple(dict.fromkeys(outputs))) for ops, outputs in FILTER_PROGRAMS)
KEPT = (len(KEPT_PROGRAMS[0][1]), len(KEPT_PROGRAMS[1][1]))  # products along each axis that have filters of their own
DOWN, ACROSS = (
    [kept.index(value) for value in outputs]
    for (_, kept), (_, outputs) in zip(KEPT_PROGRAMS, FILTER_PROGRAMS, strict=True)
)
REGISTERS = max(16, 2 * LANES)  # of the processors with vectors of so many lanes
STORED = (OUTPUTS[0] // SIDE, OUTPUTS[1] // SIDE)  # outputs of a tile that are left of pooling
OUTPUTS_IN_REGISTERS = OUTPUTS[0] * RANKS[1] <= REGISTERS


def _places(builder: ir.IRBuilder, base: ir.Value, step: ir.Value, number: int, size: int = BYTES) -> list[ir.Value]:
    """So many pointers, `step` floats apart, or elements of another size."""
    return [at(builder, base, builder.mul(step, step.type(i)), size) for i in range(number)]


def transform_of(program: Any, inputs: int, put: Callable[[ir.IRBuilder, ir.Value, ir.Value], None] = store) -> Any:
    """The intrinsic of a program: vectors `step` floats apart in, vectors put `target_step` floats apart."""

    @intrinsic
    def transform(typingctx: Any, source: Any, step: Any, target: Any, target_step: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            source, step, target, target_step = arguments
            values = [load(builder, place) for place in _places(builder, pointer(builder, source), step, inputs)]
            results = run_program(builder, program, values)
            places = _places(builder, pointer(builder, target), target_step, len(results))
            for vector, place in zip(results, places, strict=True):
                put(builder, vector, place)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 4), generate

    return transform


output_down = transform_of(OUTPUT_PROGRAMS[0], RANKS[0])
filter_down = transform_of(KEPT_PROGRAMS[0], TAPS[0])
filter_along = transform_of(KEPT_PROGRAMS[1], TAPS[1])


@intrinsic
def input_down(
    typingctx: Any, source: Any, row: Any, top: Any, bottom: Any, number: Any, target: Any, target_step: Any
) -> Any:
    """The first program of the inputs, from TILE_INPUTS[0] rows of x that are `row` elements apart.

    Of the rows top..bottom-1 the first `number` lanes are read; all else is zero.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, row, top, bottom, number, target, target_step = arguments
        lanes, nothing = first_lanes(builder, number), ir.Constant(MASK, [I1(0)] * MASK.count)
        values = []
        for i, place in enumerate(_places(builder, pointer(builder, source), row, TILE_INPUTS[0], X_BYTES)):
            below, above = builder.icmp_signed("<=", top, row.type(i)), builder.icmp_signed("<", row.type(i), bottom)
            mask = builder.select(builder.and_(below, above), lanes, nothing)
            values.append(read(builder, place, mask, X_FORMAT))
        places = _places(builder, pointer(builder, target), target_step, RANKS[0])
        for vector, place in zip(run_program(builder, INPUT_PROGRAMS[0], values), places, strict=True):
            store(builder, vector, place)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 7), generate


@intrinsic
def output_tile(typingctx: Any, source: Any, stride: Any, bias: Any, apart: Any, residual: Any, target: Any) -> Any:
    """y = AT M A, and what follows, for LANES filters: from products `stride` floats apart to a grid of outputs.

    The residual, a grid of floats as large as AT M A, and the target, of elements of STRIP_FORMAT, are told as
    (address, elements to the next row, elements to the next column). A row of the residual is read before any place of
    it is written, as they may lie in one strip.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, stride, *others = arguments
        products = _places(builder, pointer(builder, source), stride, RANKS[0] * RANKS[1])
        columns = [
            run_program(builder, OUTPUT_PROGRAMS[0], [load(builder, place) for place in products[j :: RANKS[1]]])
            for j in range(RANKS[1])
        ]
        finish_rows(builder, [list(row) for row in zip(*columns, strict=True)], others)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4, residual, target), generate


@intrinsic
def output_rows(typingctx: Any, source: Any, bias: Any, apart: Any, residual: Any, target: Any) -> Any:
    """The second half of `output_tile`, for as many rows, one after another, as become one row of the target."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, *others = arguments
        values = [load(builder, at(builder, pointer(builder, source), i * LANES)) for i in range(SIDE * RANKS[1])]
        finish_rows(builder, [values[i : i + RANKS[1]] for i in range(0, len(values), RANKS[1])], others)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3, residual, target), generate


def finish_rows(builder: ir.IRBuilder, rows: list[list[ir.Value]], arguments: Any) -> None:
    """The second program of the outputs and what follows, for rows that are transformed down the columns."""
    bias, apart, residual, target = arguments
    of_filters = numbers_of_filters(builder, pointer(builder, bias), apart, load)
    residual_rows, residual_step = _rows(builder, residual, len(rows))
    target_rows, step = _rows(builder, target, len(rows) // SIDE, STRIP_BYTES)
    for i, start in enumerate(target_rows):
        outputs = []
        for k in range(i * SIDE, (i + 1) * SIDE):
            added = _places(builder, residual_rows[k], residual_step, OUTPUTS[1])
            vectors = run_program(builder, OUTPUT_PROGRAMS[1], rows[k])
            outputs.append(
                [
                    finished(builder, vector, of_filters, load(builder, place) if RESIDUAL else None)
                    for vector, place in zip(vectors, added, strict=True)
                ]
            )
        places = _places(builder, start, step, STORED[1], STRIP_BYTES)
        for vector, place in zip(pooled(builder, outputs), places, strict=True):
            write(builder, requantised(builder, vector, of_filters), place, STRIP_FORMAT)


def _rows(builder: ir.IRBuilder, grid: ir.Value, number: int, size: int = BYTES) -> tuple[list[ir.Value], ir.Value]:
    """Pointers to the rows of a grid, told as (address, elements to the next row, to the next column), and the last."""
    address, row, column = cgutils.unpack_tuple(builder, grid)
    return _places(builder, pointer(builder, address), row, number, size), column


# Products of float32: a word is one channel, and each step of a sum is one fma.

SUM = VECTOR


def word_everywhere(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """One word of V in every lane."""
    return broadcast(builder, builder.load(place, typ=F32, align=BYTES))


def words_at(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """LANES words of U."""
    return load(builder, place)


def dot(builder: ir.IRBuilder, word: ir.Value, weights: ir.Value, total: ir.Value) -> ir.Value:
    """The sums with the products of one more word."""
    return fma(builder, word, weights, total)


def put_in_V(builder: ir.IRBuilder, vector: ir.Value, place: ir.Value) -> None:
    """LANES channels of one tile."""
    store(builder, vector, place)


# The products: for each of the RANKS product positions, M = V U over the channels.
#
# A micro-kernel holds some tiles × VECTORS vectors of filters in registers and walks the words of the channels; chains
# of sums are added up in M. There is one for each number of tiles up to ROWS, compiled when it is first needed; a panel
# is split evenly among the fewest of them, as small ones wait for their own results. What a word is, and what is done
# with it, `products` says.


@njit(inline="always", error_model="numpy")
def tallest(tiles: int) -> int:
    """The most tiles that a micro-kernel takes of so many in a panel."""
    return -(-tiles // -(-tiles // ROWS))


@njit(inline="always", error_model="numpy")
def number_of_tallest(tiles: int) -> int:
    """How many take as many; all others take one less."""
    groups = -(-tiles // ROWS)
    return tiles - groups * (-(-tiles // groups) - 1)


def for_chains(builder: ir.IRBuilder, words: ir.Value, add: Callable[[ir.Value, ir.Value], None]) -> None:
    """For each chain in which words are summed, add it, told its first word and how many it has."""
    number = words.type
    if not CHAIN:
        add(number(0), words)
        return
    length = builder.select(builder.icmp_signed(">", words, number(ONE_CHAIN)), number(CHAIN), words)
    with cgutils.for_range_slice(builder, number(0), words, length, number) as (first, _):
        left = builder.sub(words, first)
        add(first, builder.select(builder.icmp_signed("<", left, length), left, length))


def add_chain(builder: ir.IRBuilder, first: ir.Value, sums: list[list[ir.Value]], grid: list[list[ir.Value]]) -> None:
    """Write sums to their places, added to what earlier chains left there."""
    is_first = builder.icmp_signed("==", first, first.type(0))
    with builder.if_then(builder.not_(is_first)):
        for total, place in zip(chain.from_iterable(sums), chain.from_iterable(grid), strict=True):
            builder.store(builder.fadd(load(builder, place), builder.load(total, typ=VECTOR)), total)
    for total, place in zip(chain.from_iterable(sums), chain.from_iterable(grid), strict=True):
        store(builder, builder.load(total, typ=VECTOR), place)


def walk_words(
    builder: ir.IRBuilder, places: tuple[ir.Value, ...], words: ir.Value, sums: list[list[ir.Value]]
) -> None:
    """One step of every sum for each word; the filters that come next are fetched on the way.

    The places are V, the lines of a block of it, U, and what comes next.
    """
    number, (V, lines, U, U_next) = words.type, places
    with cgutils.for_range_slice(builder, number(0), words, number(LANES), number) as (first, _):
        block = at(builder, V, builder.mul(first, lines))
        left = builder.sub(words, first)
        here = builder.select(builder.icmp_signed("<", left, number(LANES)), left, number(LANES))
        with cgutils.for_range(builder, here) as loop:
            offset = builder.mul(builder.add(first, loop.index), number(VECTORS * LANES))
            row, row_next = at(builder, U, offset), at(builder, U_next, offset)
            for j in range(VECTORS):
                prefetch(builder, at(builder, row_next, j * LANES))
            weights = [words_at(builder, at(builder, row, j * LANES)) for j in range(VECTORS)]
            word = at(builder, block, loop.index)
            for i, totals in enumerate(sums):
                value = word_everywhere(builder, at(builder, word, i * LANES))
                for total, weight in zip(totals, weights, strict=True):
                    builder.store(dot(builder, value, weight, builder.load(total, typ=SUM)), total)


# The micro-kernel, for sums that are floats: each is one chain of steps in the order of the words, from zero.


@lru_cache(maxsize=ROWS)
def micro_kernel(rows: int) -> Any:
    """The C function for so many tiles at once, of V, lines a block, U, words, M and its stride.

    V stands in blocks of LANES words, of as many lines of LANES words as are told. U has VECTORS vectors per word. The
    results go to lines `stride` floats apart.
    """
    multiply = _multiply(rows)

    def micro_kernel(V: int, lines: int, U: int, words: int, M: int, stride: int) -> None:
        multiply(V, lines, U, words, M, stride)

    micro_kernel.__name__ = micro_kernel.__qualname__ = f"micro_kernel_{rows}"
    return c_function(*[types.int64] * 6)(micro_kernel)


def _multiply(rows: int) -> Any:
    @intrinsic
    def multiply(typingctx: Any, V: Any, lines: Any, U: Any, words: Any, M: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, lines, U, words, M, stride = arguments
            number = words.type
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(VECTORS)] for _ in range(rows)]
            places = [at(builder, pointer(builder, M), builder.mul(stride, number(i))) for i in range(rows)]
            grid = [[at(builder, place, j * LANES) for j in range(VECTORS)] for place in places]

            def add(first: ir.Value, here: ir.Value) -> None:
                for total in chain.from_iterable(sums):
                    builder.store(constant(0.0), total)
                values = at(builder, pointer(builder, V), builder.mul(first, lines))
                weights = at(builder, pointer(builder, U), builder.mul(first, number(VECTORS * LANES)))
                ahead = at(builder, weights, builder.mul(words, number(VECTORS * LANES)))
                walk_words(builder, (values, lines, weights, ahead), here, sums)
                add_chain(builder, first, sums, grid)

            for_chains(builder, words, add)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6), generate

    return multiply


# How many channels each sum has.


@njit(inline="always", error_model="numpy")
def terms_of(geometry: Geometry) -> int:
    """The channels of x."""
    return geometry.channels


# Moves between arrays and strips of whole vectors: squares turned, parts of vectors copied.


@intrinsic
def turn(typingctx: Any, source: Any, target: Any) -> Any:
    """Transpose a square of LANES × LANES floats, lines one after another in both."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        read, written = (pointer(builder, address) for address in arguments)
        for i, vector in enumerate(transposed(builder, read)):
            store(builder, vector, at(builder, written, i * LANES))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@intrinsic
def turn_back(typingctx: Any, source: Any, rows: Any, columns: Any, target: Any, target_row: Any) -> Any:
    """Transpose a square of LANES × LANES floats, and write the first `rows` × `columns` to y, each at least 1."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, rows, columns, target, target_row = arguments
        written, last = pointer(builder, target), builder.sub(rows, I64(1))
        mask = first_lanes(builder, columns)
        # Rows beyond the last go where the last goes, and before it, so that it has the last word.
        for i, vector in reversed(list(enumerate(transposed(builder, pointer(builder, source))))):
            row = builder.select(builder.icmp_signed("<", I64(i), rows), I64(i), last)
            place = at(builder, written, builder.mul(target_row, row), Y_BYTES)
            write_masked(builder, narrowed(builder, vector, Y_FORMAT), place, mask, Y_FORMAT)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), generate


@intrinsic
def copy(typingctx: Any, source: Any, number: Any, target: Any) -> Any:
    """Read `number` floats, write LANES: the rest zero."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, number, target = arguments
        vector = masked_load(builder, pointer(builder, source), first_lanes(builder, number))
        store(builder, vector, pointer(builder, target))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate


@intrinsic
def copy_back(typingctx: Any, source: Any, number: Any, target: Any) -> Any:
    """Read LANES elements of a strip, write the first `number`."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, number, target = arguments
        elements = builder.load(pointer(builder, source), typ=vector_of(STRIP_FORMAT), align=STRIP_BYTES)
        write_masked(builder, elements, pointer(builder, target), first_lanes(builder, number), STRIP_FORMAT)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate


# How a panel of tiles lies in the workspace of its thread: V, M, and strips of one row of tiles.
#
# V  [product][group of tiles][block of LANES words][tile][word], a word being IN_WORD channels
# M  [tile][block of filters][product][filter]

LINE = 64 // BYTES  # floats of a cache line: strides are offset by one, lest all products fall into one cache set
CHANNELS_LAST = LAYOUT == "NHWC"
STRIDED = True  # of x, the residual and y, only channels (NHWC) or columns (NCHW) must be neighbours


@njit(inline="always", error_model="numpy")
def words_of(geometry: Geometry) -> int:
    """Words of all that is summed; what is left of the last one holds zeros."""
    words: int = -(-terms_of(geometry) // IN_WORD)
    return words


@njit(inline="always", error_model="numpy")
def word_blocks_of(geometry: Geometry) -> int:
    """Blocks of LANES words."""
    blocks: int = -(-words_of(geometry) // LANES)
    return blocks


@njit(inline="always", error_model="numpy")
def product_stride(geometry: Geometry) -> int:
    """Words from one product of V to the next."""
    groups = -(-geometry.panel // ROWS)
    words: int = groups * word_blocks_of(geometry) * min(ROWS, geometry.panel) * LANES + LINE
    return words


@njit(inline="always", error_model="numpy")
def group_of(tile: int, lines: int, tall: int) -> tuple[int, int]:
    """The group of a tile, and its place there: `tall` groups have as many lines as are told, the others one less."""
    if tile < tall * lines:
        return tile // lines, tile % lines
    rest = tile - tall * lines
    return tall + rest // (lines - 1), rest % (lines - 1)


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> Floats:
    """The sizes of the parts of one thread's workspace, each a multiple of a line."""
    filters, out_width, panel = geometry.filters, geometry.out_width, geometry.panel
    across = min(panel, -(-out_width // OUTPUTS[1]))
    V = PRODUCTS * product_stride(geometry)
    M = panel * -(-filters // FILTERS) * PRODUCTS * FILTERS + LINE
    strip = RANKS[0] * ((across - 1) * STEPS[1] + TILE_INPUTS[1] + LANES) * LANES
    out_strip = OUTPUTS[0] * (across * OUTPUTS[1] + LANES) * LANES
    half = max(RANKS[0] * LANES, OUTPUTS[0] * RANKS[1]) * LANES
    return Floats(V, M, strip, out_strip, half)


# What the next panel reads, fetched while the present one is multiplied: its rows of x that nobody has read before.
#
# On large images they would come from memory, many short runs of it, just when the transform waits for them. A hint for
# a line may be wrong or late; it reads nothing by itself.

FETCHED = 64  # bytes at once: a cache line
WORTH_FETCHING = 1 << 23  # bytes of x: less of it is in some cache anyway, and hints take their time


class Ahead(NamedTuple):
    """Rows to fetch: `lines` cache lines from `place` on, and in all so many planes, `plane` bytes apart."""

    place: int
    planes: int
    plane: int
    lines: int


@njit(inline="always", error_model="numpy")
def rows_ahead(x: int, strides: Strides, geometry: Geometry, last: int, next_first: int, next_last: int) -> Ahead:
    """The rows of x for tiles next_first..next_last-1 that a panel which ended before tile `last` has not read."""
    channels, height, width = geometry.channels, geometry.height, geometry.width
    across = -(-geometry.out_width // OUTPUTS[1])
    down = -(-geometry.out_height // OUTPUTS[0])
    tile_row, next_row = (last - 1) // across, (next_last - 1) // across
    image = next_row // down
    begin = max(0, max(next_first // across - image * down, 0) * STEPS[0] - geometry.top)
    if tile_row // down == image:
        begin = max(begin, tile_row % down * STEPS[0] - geometry.top + TILE_INPUTS[0])
    end = min(height, next_row % down * STEPS[0] - geometry.top + TILE_INPUTS[0])
    is_large = geometry.batch * channels * height * width * X_BYTES > WORTH_FETCHING
    rows = max(0, end - begin) if is_large and next_first < next_last else 0
    lines = -(-rows * strides.row * X_BYTES // FETCHED)
    place = x + (image * strides.image + begin * strides.row) * X_BYTES
    if LAYOUT == "NHWC":
        return Ahead(place, 1, 0, lines)
    return Ahead(place, channels, strides.channel * X_BYTES, lines)


@njit(inline="always", error_model="numpy")
def fetch_share(ahead: Ahead, plane: int, line: int, share: int) -> tuple[int, int]:
    """Fetch the next `share` lines after (plane, line), as far as there are any; returns where to go on."""
    for _ in range(share):
        if plane < ahead.planes and line < ahead.lines:
            fetch(ahead.place + plane * ahead.plane + line * FETCHED)
            line += 1
            if line == ahead.lines:
                plane, line = plane + 1, 0
    return plane, line


@intrinsic
def fetch(typingctx: Any, address: Any) -> Any:
    """Ask for the cache line at an address."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        prefetch(builder, pointer(builder, arguments[0]))
        return context.get_dummy_value()

    return types.void(types.int64), generate


# Products with half-transformed filters, where tiles are few and filters many.
#
# So few tiles leave the processor waiting for U. Filters that are transformed down the columns alone have TAPS / RANKS
# of its floats; the program along the rows runs in registers, once for each channel and row of products, just before
# the products. Operations are those of whole filters, in the same order.
#
#     U  [block of LANES filters][row of products, those with equal filters once][channel][tap along the row][filter]

CHANNEL_FLOATS = TAPS[1] * LANES  # of U
ROWS_IN_U = np.array(DOWN)  # of each row of products
FETCHED_AHEAD = 64  # channels


@njit(inline="always", error_model="numpy")
def multiply_half(job: int, V: int, U: int, M: int, geometry: Geometry, share: tuple[int, int], tiles: int) -> None:
    """All products of a panel and a share of the blocks of filters: M = V U, LANES filters and a row at a time."""
    channels = geometry.channels
    blocks = -(-channels // LANES)
    filter_blocks = -(-geometry.filters // FILTERS)
    tile_floats = filter_blocks * PRODUCTS * FILTERS
    stride = product_stride(geometry)
    groups, lines, tall = -(-tiles // ROWS), tallest(tiles), number_of_tallest(tiles)
    for lane in range(share[0] * FILTERS, share[1] * FILTERS, LANES):
        for i in range(RANKS[0]):
            product = lane // FILTERS * PRODUCTS + i * RANKS[1]
            target = M + (product * FILTERS + lane % FILTERS) * BYTES
            weights = U + (lane // LANES * KEPT[0] + ROWS_IN_U[i]) * channels * CHANNEL_FLOATS * BYTES
            for group in range(groups):
                rows = lines if group < tall else lines - 1
                values = V + (i * RANKS[1] * stride + group * blocks * lines * LANES) * BYTES
                kernel = word(job, MICRO_KERNELS + rows - 1)
                call(kernel, (values, stride, lines, weights, channels, target, tile_floats))
                target += rows * tile_floats * BYTES


@lru_cache(maxsize=ROWS)
def half_kernel(rows: int) -> Any:
    """The C function for so many tiles and one row of products.

    It takes V and the floats between its products, the lines of a block of channels, U, channels, M and the floats
    between its tiles.
    """
    multiply = _finish_and_multiply(rows)

    def half_kernel(V: int, apart: int, lines: int, U: int, channels: int, M: int, stride: int) -> None:
        multiply(V, apart, lines, U, channels, M, stride)

    half_kernel.__name__ = half_kernel.__qualname__ = f"half_kernel_{rows}"
    return c_function(*[types.int64] * 7)(half_kernel)


def _finish_and_multiply(rows: int) -> Any:
    @intrinsic
    def multiply(typingctx: Any, V: Any, apart: Any, lines: Any, U: Any, channels: Any, M: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, apart, lines, U, channels, M, stride = arguments
            number = channels.type
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(rows)] for _ in range(RANKS[1])]
            results = [at(builder, pointer(builder, M), j * FILTERS) for j in range(RANKS[1])]
            steps = [builder.mul(stride, number(i)) for i in range(rows)]
            grid = [[at(builder, place, step) for step in steps] for place in results]

            def add(first: ir.Value, here: ir.Value) -> None:
                for totals in sums:
                    for total in totals:
                        builder.store(constant(0.0), total)
                values = at(builder, pointer(builder, V), builder.mul(first, lines))
                filters = at(builder, pointer(builder, U), builder.mul(first, number(CHANNEL_FLOATS)))
                _finish_filters(builder, values, apart, lines, filters, here, sums)
                add_chain(builder, first, sums, grid)

            for_chains(builder, channels, add)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 7), generate

    return multiply


def _finish_filters(
    builder: ir.IRBuilder,
    V: ir.Value,
    apart: ir.Value,
    lines: ir.Value,
    U: ir.Value,
    channels: ir.Value,
    sums: list[list[ir.Value]],
) -> None:
    """Finish the filters of each channel, and add an fma to every sum."""
    number = channels.type
    with cgutils.for_range_slice(builder, number(0), channels, number(LANES), number) as (first, _):
        block = at(builder, V, builder.mul(first, lines))
        left = builder.sub(channels, first)
        here = builder.select(builder.icmp_signed("<", left, number(LANES)), left, number(LANES))
        with cgutils.for_range(builder, here) as loop:
            taps = at(builder, U, builder.mul(builder.add(first, loop.index), number(CHANNEL_FLOATS)))
            for k in range(TAPS[1]):
                prefetch(builder, at(builder, taps, FETCHED_AHEAD * CHANNEL_FLOATS + k * LANES))
            half = [load(builder, at(builder, taps, k * LANES)) for k in range(TAPS[1])]
            channel = at(builder, block, loop.index)
            for j, (weight, totals) in enumerate(
                zip(run_program(builder, FILTER_PROGRAMS[1], half), sums, strict=True)
            ):
                product = at(builder, channel, builder.mul(apart, number(j)))
                for i, total in enumerate(totals):
                    value = broadcast(builder, builder.load(at(builder, product, i * LANES), typ=F32, align=BYTES))
                    builder.store(fma(builder, value, weight, builder.load(total, typ=VECTOR)), total)


# How large U is: lines of words, for each product that has filters of its own and each block of them.

PLACES_IN_U = np.array([i * KEPT[1] + j for i in DOWN for j in ACROSS])  # of each product


@njit(inline="always", error_model="numpy")
def block_floats(words: int) -> int:
    """How many words a product and a block of filters have, of so many words of channels."""
    return words * FILTERS


@njit(inline="always", error_model="numpy")
def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many words U has, of weights of such sizes, as `packed_sizes` tells them."""
    products = KEPT[0] * TAPS[1] if HALF_FILTERS else KEPT[0] * KEPT[1]
    floats: int = products * -(-sizes[0] // FILTERS) * block_floats(-(-sizes[1] // IN_WORD))
    return floats


# The steps of the inputs: down the columns into the strip, and along the rows from the strip into V.

AT_ONCE = LANES  # channels that are transformed at once
PLANES = AT_ONCE // LANES  # of channels that are transformed at once if lanes are pixels

input_along = transform_of(INPUT_PROGRAMS[1], TILE_INPUTS[1], put_in_V)


@njit(inline="always", error_model="numpy")
def columns_into_strip(
    work: Job,
    geometry: Geometry,
    source: int,
    strides: Strides,
    rows: tuple[int, int],
    numbers: tuple[int, int],
    target: int,
    step: int,
) -> None:
    """Transform TILE_INPUTS[0] rows from address `source` on: those from rows[0] to before rows[1] are in the image.

    `numbers` tells how many lanes of a row are read, and how many channels there are if lanes are pixels.
    """
    input_down(source, strides.row, *rows, numbers[0], target, step)


@njit(inline="always", error_model="numpy")
def row_into_V(work: Job, geometry: Geometry, source: int, target: int, stride: int, block: int, row: int) -> None:
    """Transform a row of inputs of a block of AT_ONCE channels into a row of products, `stride` words apart."""
    input_along(source, LANES, target, stride)


# x into V: inputs of a row of tiles go down the columns into a strip, and from there along the rows.
#
# Tiles that overlap share what is transformed down the columns. What lies outside the image counts as zeros.

PARTS = IN_WORD * LANES // AT_ONCE  # of LANES words of one tile in V: AT_ONCE channels each
PART_BYTES = LANES * BYTES // PARTS


@njit(inline="always", error_model="numpy")
def load_panel(
    work: Job, strides: Strides, V: int, strip: int, half: int, geometry: Geometry, first: int, last: int
) -> None:
    """Input transforms of the tiles first..last-1 into V."""
    across = -(-geometry.out_width // OUTPUTS[1])
    down = -(-geometry.out_height // OUTPUTS[0])
    blocks, word_blocks = -(-geometry.channels // AT_ONCE), word_blocks_of(geometry)
    stride = product_stride(geometry)
    lines, tall = tallest(last - first), number_of_tallest(last - first)
    tile = first
    while tile < last:
        tile_row, start = tile // across, tile % across
        number = min(across - start, last - tile)
        width = (number - 1) * STEPS[1] + TILE_INPUTS[1]
        image = work.x + tile_row // down * strides.image * X_BYTES
        row, column = (tile_row % down) * STEPS[0] - geometry.top, start * STEPS[1] - geometry.left
        for block in range(blocks):
            fill_strip(work, image, strides, strip, width, half, geometry, block * AT_ONCE, (row, column))
            for j in range(number):
                group, line_of_tile = group_of(tile - first + j, lines, tall)
                line_in_V = (group * word_blocks + block // PARTS) * lines + line_of_tile
                target = V + (line_in_V * PARTS + block % PARTS) * PART_BYTES
                for i in range(RANKS[0]):
                    source = strip + (i * (width + LANES) + j * STEPS[1]) * LANES * BYTES
                    row_into_V(work, geometry, source, target + i * RANKS[1] * stride * BYTES, stride, block, i)
        tile += number


@njit(inline="always", error_model="numpy")
def fill_strip(
    work: Job,
    image: int,
    strides: Strides,
    strip: int,
    width: int,
    half: int,
    geometry: Geometry,
    block: int,
    corner: tuple[int, int],
) -> None:
    """Transform inputs down the columns, from a corner (row, column) on, `width` columns wide."""
    row, column = corner
    line = (width + LANES) * LANES
    valid = min(AT_ONCE, geometry.channels - block)
    rows = (-row, geometry.height - row)
    left = min(width, max(0, -column))
    right = max(left, min(width, geometry.width - column))
    source = image + (block * strides.channel + row * strides.row + column * strides.column) * X_BYTES
    if CHANNELS_LAST:
        for j in range(left, right):
            place = source + j * strides.column * X_BYTES
            target = strip + j * LANES * BYTES
            columns_into_strip(work, geometry, place, strides, rows, (valid, 0), target, line)
    else:
        for j in range(left, right, LANES):
            for channel in range(0, valid, PLANES):
                place = source + (channel * strides.channel + j) * X_BYTES
                square = half + channel // PLANES * LANES * BYTES
                for i in range(TILE_INPUTS[0]):  # of the next block of channels
                    fetch(place + (AT_ONCE * strides.channel + i * strides.row) * X_BYTES)
                numbers = (right - j, valid - channel)
                columns_into_strip(work, geometry, place, strides, rows, numbers, square, LANES * LANES)
            for i in range(RANKS[0]):
                turn(half + i * LANES * LANES * BYTES, strip + (i * line + j * LANES) * BYTES)
    for j in range(left + width - right):  # of zeros
        place = strip + (j if j < left else j - left + right) * LANES * BYTES
        columns_into_strip(work, geometry, image, strides, rows, (0, 0), place, line)


# M into y: tiles go down the columns and along the rows, through what follows, and by way of a strip into y.
#
# Whole tiles of images with the channels last go there directly.


@njit(inline="always", error_model="numpy")
def store_panel(
    work: Job,
    residual_strides: Strides,
    strides: Strides,
    M: int,
    strip: int,
    half: int,
    geometry: Geometry,
    share: tuple[int, int],
    tiles: tuple[int, int],
) -> None:
    """Output transforms, and what follows them, into y: of a share of the blocks of filters, of a run of tiles."""
    filters, out_height, out_width = geometry.filters, geometry.out_height, geometry.out_width
    across = -(-out_width // OUTPUTS[1])
    down = -(-out_height // OUTPUTS[0])
    filter_blocks = -(-filters // FILTERS)
    first, last = tiles
    tile = first
    while tile < last:
        tile_row, start = tile // across, tile % across
        number = min(across - start, last - tile)
        image, row, column = tile_row // down, (tile_row % down) * OUTPUTS[0], start * OUTPUTS[1]
        y = work.y + image * strides.image * Y_BYTES
        residual = work.residual + image * residual_strides.image * BYTES
        line = (number * OUTPUTS[1] + LANES) * LANES
        for lane in range(share[0] * FILTERS, min(share[1] * FILTERS, filters), LANES):
            valid = min(LANES, filters - lane)
            full = CHANNELS_LAST and valid == LANES and row + OUTPUTS[0] <= out_height
            if RESIDUAL and not CHANNELS_LAST:
                width = number * OUTPUTS[1]
                whole = (strip, line, LANES)
                fill_out_strip(whole, residual, residual_strides, half, geometry, lane, row, column, width)
            for j in range(number):
                place = (tile - first + j) * filter_blocks + lane // FILTERS
                products = M + (place * PRODUCTS * FILTERS + lane % FILTERS) * BYTES
                here = column + j * OUTPUTS[1]
                direct = full and here + OUTPUTS[1] <= out_width
                added = (strip + j * OUTPUTS[1] * LANES * BYTES, line, LANES)
                target = (strip + j * STORED[1] * LANES * STRIP_BYTES, line, LANES)
                if direct:
                    start_of_tile = (
                        residual + (row * residual_strides.row + here * residual_strides.column + lane) * BYTES
                    )
                    added = (start_of_tile, residual_strides.row, residual_strides.column)
                    start_of_tile = y + (row // SIDE * strides.row + here // SIDE * strides.column + lane) * Y_BYTES
                    target = (start_of_tile, strides.row, strides.column)
                elif RESIDUAL and CHANNELS_LAST:
                    fill_out_strip(added, residual, residual_strides, half, geometry, lane, row, here, OUTPUTS[1])
                transform_tile(products, half, work.bias + lane * BYTES, work.apart, added, target)
                if CHANNELS_LAST and not direct:
                    empty_strip(target[0], line, y, strides, geometry, lane, row // SIDE, here // SIDE, STORED[1])
            if not CHANNELS_LAST:
                width = number * STORED[1]
                empty_strip(strip, line, y, strides, geometry, lane, row // SIDE, column // SIDE, width)
        tile += number


@njit(inline="always", error_model="numpy")
def transform_tile(
    products: int, half: int, bias: int, apart: int, added: tuple[int, int, int], target: tuple[int, int, int]
) -> None:
    """y = AT M A, and what follows, of one tile; `added` and `target` as for `output_tile`."""
    if OUTPUTS_IN_REGISTERS:
        output_tile(products, FILTERS, bias, apart, added, target)
        return
    for j in range(RANKS[1]):
        output_down(products + j * FILTERS * BYTES, RANKS[1] * FILTERS, half + j * LANES * BYTES, RANKS[1] * LANES)
    for i in range(STORED[0]):
        rows = half + i * SIDE * RANKS[1] * LANES * BYTES
        added_here = (added[0] + i * SIDE * added[1] * BYTES, added[1], added[2])
        output_rows(rows, bias, apart, added_here, (target[0] + i * target[1] * STRIP_BYTES, target[1], target[2]))


@njit(inline="always", error_model="numpy")
def empty_strip(
    strip: int, line: int, y: int, strides: Strides, geometry: Geometry, lane: int, row: int, column: int, width: int
) -> None:
    """Copy outputs to (row, column) of an image on, as far as it goes."""
    valid = min(LANES, geometry.filters - lane)
    width = min(width, geometry.out_width // SIDE - column)
    for i in range(min(STORED[0], geometry.out_height // SIDE - row)):
        source = strip + i * line * STRIP_BYTES
        target = y + (lane * strides.channel + (row + i) * strides.row + column * strides.column) * Y_BYTES
        if CHANNELS_LAST:
            for j in range(width):
                copy_back(source + j * LANES * STRIP_BYTES, valid, target + j * strides.column * Y_BYTES)
        else:
            for j in range(0, width, LANES):
                number = min(LANES, width - j)
                turn_back(source + j * LANES * STRIP_BYTES, valid, number, target + j * Y_BYTES, strides.channel)


@njit(inline="always", error_model="numpy")
def fill_out_strip(
    grid: tuple[int, int, int],
    residual: int,
    strides: Strides,
    half: int,
    geometry: Geometry,
    lane: int,
    row: int,
    column: int,
    width: int,
) -> None:
    """Copy a residual from (row, column) of an image on, as far as it goes, to where outputs are made of it."""
    valid = min(LANES, geometry.filters - lane)
    width = min(width, geometry.out_width - column)
    for i in range(min(OUTPUTS[0], geometry.out_height - row)):
        target = grid[0] + i * grid[1] * BYTES
        source = residual + (lane * strides.channel + (row + i) * strides.row + column * strides.column) * BYTES
        if CHANNELS_LAST:
            for j in range(width):
                copy(source + j * strides.column * BYTES, valid, target + j * LANES * BYTES)
        else:
            for j in range(0, width, LANES):
                for channel in range(valid):
                    place = source + (channel * strides.channel + j) * BYTES
                    copy(place, min(LANES, width - j), half + channel * LANES * BYTES)
                turn(half, target + j * LANES * BYTES)


# The loops: a panel of tiles at a time is loaded, multiplied and stored, all within the cache.
#
# A panel is a run of consecutive tiles, counted row by row through all images of the batch. Where there are fewer than
# threads, each is done by several, for a share of the filters each. Its inputs pass through
# a strip, one row of tiles and LANES channels wide; its outputs pass through another. The strips make NCHW and NHWC,
# edges and interiors alike for the programs along the rows. V and M lie as `nested/panels` says, U as
#
#     U  [product, those with equal filters once][block of filters][word][filter]
#
# or as `nested/half` says. The loops are inlined into one C function, `stripe`, which reads its arguments from a job in
# memory. Compiled once and called by address, it serves one thread or many.

job_at, geometry_at = words_as(Job, 0), words_as(Geometry, GEOMETRY)
x_strides_at, residual_strides_at, y_strides_at = (
    words_as(Strides, STRIDES + number * len(Strides._fields)) for number in range(3)
)


@njit(inline="always", error_model="numpy")
def multiply_panel(
    job: int, V: int, U: int, M: int, geometry: Geometry, share: tuple[int, int], tiles: int, ahead: Ahead
) -> None:
    """All products of a panel and a share of the blocks of filters: M = V U, for each product position."""
    words, blocks = words_of(geometry), word_blocks_of(geometry)
    filter_blocks = -(-geometry.filters // FILTERS)
    tile_floats = filter_blocks * PRODUCTS * FILTERS
    stride = product_stride(geometry)
    groups, lines, tall = -(-tiles // ROWS), tallest(tiles), number_of_tallest(tiles)
    higher, lower = word(job, MICRO_KERNELS + lines - 1), word(job, MICRO_KERNELS + max(lines - 2, 0))
    fetched = -(-ahead.planes * ahead.lines // (PRODUCTS * (share[1] - share[0]) * groups))
    plane, line = 0, 0
    for product in range(PRODUCTS):
        for block in range(*share):
            weights = U + (PLACES_IN_U[product] * filter_blocks + block) * block_floats(words) * BYTES
            target = M + (block * PRODUCTS + product) * FILTERS * BYTES
            for group in range(groups):
                plane, line = fetch_share(ahead, plane, line, fetched)
                values = V + (product * stride + group * blocks * lines * LANES) * BYTES
                if group < tall:
                    call(higher, (values, lines, weights, words, target, tile_floats))
                    target += lines * tile_floats * BYTES
                else:
                    call(lower, (values, lines, weights, words, target, tile_floats))
                    target += (lines - 1) * tile_floats * BYTES


@c_function(types.int64, types.int64)
def stripe(job: int, number: int) -> None:
    """One thread's share of a job: panels while there are any that nobody took, in workspace `number`."""
    work, geometry = job_at(job), geometry_at(job)
    x_strides, residual_strides, y_strides = x_strides_at(job), residual_strides_at(job), y_strides_at(job)
    tiles = geometry.batch * -(-geometry.out_height // OUTPUTS[0]) * -(-geometry.out_width // OUTPUTS[1])
    shares, filter_blocks = geometry.shares, -(-geometry.filters // FILTERS)
    items = min(-(-tiles // geometry.panel) * shares, work.end)
    floats = workspace_floats(geometry)
    V = work.workspace + number * sum(floats) * BYTES
    M = V + floats.V * BYTES
    strip = M + floats.M * BYTES
    out_strip = strip + floats.strip * BYTES
    half = out_strip + floats.out_strip * BYTES
    index = take(job, TAKEN)
    while index < items:
        first, number_of_share = index // shares * geometry.panel, index % shares
        share = (number_of_share * filter_blocks // shares, (number_of_share + 1) * filter_blocks // shares)
        last = min(first + geometry.panel, tiles)
        load_panel(work, x_strides, V, strip, half, geometry, first, last)
        next_first = tiles  # another share has the same tiles
        if shares == 1:
            next_first = min(word(job, TAKEN) * geometry.panel, tiles)  # unless another thread takes it meanwhile
        ahead = rows_ahead(work.x, x_strides, geometry, last, next_first, min(next_first + geometry.panel, tiles))
        if HALF_FILTERS:
            multiply_half(job, V, work.U, M, geometry, share, last - first)
        else:
            multiply_panel(job, V, work.U, M, geometry, share, last - first, ahead)
        store_panel(work, residual_strides, y_strides, M, out_strip, half, geometry, share, (first, last))
        index = take(job, TAKEN)


# The taps of weights, before the filter transform.

SQUARE = LANES * LANES
TAP_FLOATS = -(-TAPS[0] * TAPS[1] // LANES) * SQUARE  # all taps of LANES filters, in whole squares


@njit(inline="always", error_model="numpy")
def gather_taps(weights: int, strip: int, half: int, lane: int, channel: int, channels: int, filters: int) -> None:
    """All taps of LANES filters of one channel into the strip, a vector of filters for each; zeros beyond the filters.

    `half` holds a square of LANES x LANES floats.
    """
    taps = TAPS[0] * TAPS[1]
    for tap in range(0, taps, LANES):
        for i in range(LANES):
            number = min(LANES, taps - tap) if lane + i < filters else 0
            source = weights + (((lane + i) * channels + channel) * taps + tap) * BYTES
            copy(source, number, half + i * LANES * BYTES)
        turn(half, strip + tap * LANES * BYTES)


# The filter transform: weights into U, once per set of weights.

PACKING_FLOATS = TAP_FLOATS + max(SQUARE, KEPT[0] * TAPS[1] * LANES)


@c_function(*[types.int64] * 5)
def pack_filters(weights: int, U: int, strip: int, channels: int, filters: int) -> None:
    """U = G g Gt, or G g alone, for every filter and channel, products with equal filters once.

    `weights` is (K, C, *taps); `strip` holds PACKING_FLOATS. Filters beyond K get zeros.
    """
    filter_blocks = -(-filters // FILTERS)
    stride = filter_blocks * channels * FILTERS
    half = strip + TAP_FLOATS * BYTES
    for lane in range(0, filter_blocks * FILTERS, LANES):
        for channel in range(channels):
            gather_taps(weights, strip, half, lane, channel, channels, filters)
            if HALF_FILTERS:
                target = U + (lane // LANES * KEPT[0] * channels + channel) * TAPS[1] * LANES * BYTES
                for j in range(TAPS[1]):
                    tap = j * LANES * BYTES
                    filter_down(strip + tap, TAPS[1] * LANES, target + tap, channels * TAPS[1] * LANES)
                continue
            for j in range(TAPS[1]):
                filter_down(strip + j * LANES * BYTES, TAPS[1] * LANES, half + j * LANES * BYTES, TAPS[1] * LANES)
            target = U + ((lane // FILTERS * channels + channel) * FILTERS + lane % FILTERS) * BYTES
            for i in range(KEPT[0]):
                row = half + i * TAPS[1] * LANES * BYTES
                filter_along(row, LANES, target + i * KEPT[1] * stride * BYTES, stride)


# Arrays as the compiled code takes them: from a cache line on, contiguous, read-only where they stay.


def aligned(floats: int) -> Any:
    """An uninitialised float32 array that starts on a cache line."""
    array = np.empty(floats + 16, np.float32)
    offset = -array.ctypes.data // 4 % 16
    return array[offset : offset + floats]


def element_type(name: str) -> Any:
    """The type of numpy for elements of x or y; that of bfloat16 comes from ml_dtypes."""
    if name == "bfloat16":
        import_module("ml_dtypes")
    return np.dtype(name)


def aligned_array(shape: tuple[int, ...], name: str) -> Any:
    """An uninitialised array of such elements that starts on a cache line."""
    kind = element_type(name)
    nbytes = prod(shape) * kind.itemsize
    return aligned(-(-nbytes // 4)).view(np.uint8)[:nbytes].view(kind).reshape(shape)


def frozen(array: Any) -> Any:
    """The array, but read-only for ever: its flag cannot be set again."""
    return np.frombuffer(memoryview(array).cast("B").toreadonly(), np.float32)


def contiguous(values: Any, name: str, kind: str = "float32") -> Any:
    """Real numbers as a contiguous array of float32, or of other elements, which integers must have been before."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiub" and array.dtype.name != "bfloat16":
        raise ValueError(f"{name} must hold real numbers, not {array.dtype}")
    if kind in {"uint8", "int8"} and array.dtype.name != kind:
        raise ValueError(f"{name} must hold {kind}, not {array.dtype}")
    return np.require(array, element_type(kind), ["C", "A"])


# Stripes on threads of their own.


@kept
@njit(nogil=True, parallel=True)
def call_stripes(function: int, job: int, stripes: int) -> None:
    """Call a compiled function for each stripe of a job, each on a thread of its own."""
    for number in prange(stripes):
        call(function, (job, number))


# It knows nothing of any kernel: the first module with this code in a process compiles it for all of them.
launch: Any = vars(numba).setdefault("_wincook_launch", call_stripes)


# U as nested kernels read it, for Python.


def packed_filters(weights: Any, groups: int, extra: Any = None) -> Any:
    """U, (products, blocks of filters, words, filters of a block), of contiguous weights (K, C, *taps).

    Products with equal filters are there once. Half-transformed, U is (vectors of filters, rows of products, channels,
    taps along a row, filters of a vector).

    Raises:
        ValueError: other shapes, more than one group, or anything extra, which there is none of.
    """
    if weights.shape[2:] != TAPS or 0 in weights.shape or groups != 1:
        raise ValueError(f"{TILE} takes weights (K, C, {TAPS[0]}, {TAPS[1]}) of one group, not {weights.shape}")
    if extra is not None:
        raise ValueError("this module packs weights alone")
    filters, channels = weights.shape[:2]
    shape: tuple[int, ...] = (KEPT[0] * KEPT[1], -1, -(-channels // IN_WORD), FILTERS)
    if HALF_FILTERS:
        shape = (-1, KEPT[0], channels, TAPS[1], LANES)
    U = aligned(in_python(filter_floats)((*weights.shape, groups)))
    strip = aligned(PACKING_FLOATS)
    in_c = pack_filters.ctypes  # without the interpreter's lock
    in_c(weights.ctypes.data, U.ctypes.data, strip.ctypes.data, channels, filters)
    return frozen(U).reshape(shape)


# What nested kernels are for: their filters, and how they step.

PURPOSE = f"{TILE} on {' and '.join(dict.fromkeys(POINTS))}" if POINTS else TILE
KNOWN_STEPS = (TILE_STRIDES, (1, 1))  # stride and dilation


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and its one group."""
    return (geometry.filters, geometry.channels, *TAPS, 1)


# What nested kernels need to know for Python: the floats of a bias, panels, and the micro-kernels.

PANEL_ROWS = 4  # micro-kernels one after another in a panel that nobody planned
row_kernel = half_kernel if HALF_FILTERS else micro_kernel  # by how many tiles it takes


@njit(inline="always", error_model="numpy")
def bias_floats(filters: int) -> int:
    """The bias is read in whole blocks of filters."""
    return -(-filters // FILTERS) * FILTERS


def tile_count(geometry: Geometry) -> int:
    """Tiles of the whole batch."""
    return geometry.batch * -(-geometry.out_height // OUTPUTS[0]) * -(-geometry.out_width // OUTPUTS[1])


def panel_for(geometry: Geometry, threads: int) -> int:
    """Tiles of a panel that nobody planned: so few that each thread gets some."""
    return min(PANEL_ROWS, -(-tile_count(geometry) // (ROWS * threads))) * ROWS


def micro_kernels(geometry: Geometry) -> list[int]:
    """The addresses of the micro-kernels for 1 to ROWS tiles: those that the panels need are compiled, others are 0."""
    tiles = tile_count(geometry)
    needed = set()
    for panel in (min(geometry.panel, tiles), tiles % geometry.panel):
        if panel:
            most = in_python(tallest)(panel)
            needed |= {most, most - 1} if in_python(number_of_tallest)(panel) * most < panel else {most}
    return [row_kernel(rows).address if rows in needed else 0 for rows in range(1, ROWS + 1)]


# Arrays as callers of a module give them: checked, and told as addresses and strides.

FLOAT32 = np.dtype(np.float32)
X_TYPE, Y_TYPE = element_type(X_FORMAT), element_type(Y_FORMAT)
MOST_WORK: Any = 10_000  # in finding out whether views with gaps overlap; beyond it they count as overlapping
LINE_BYTES = 64  # of the cache: where workspaces start


def shape_of(batch: int, channels: int, size: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of images in the layout of this module."""
    return (batch, *size, channels) if CHANNELS_LAST else (batch, channels, *size)


def residual_shape(residual: Any, sizes: Geometry) -> tuple[int, ...]:
    """The shape that a residual must have: of outputs before pooling, the ones that pooling drops among them."""
    outputs = (sizes.out_height, sizes.out_width)
    given: Any = getattr(residual, "shape", ())
    if len(given) == 4:  # noqa: PLR2004 (images, channels, rows, columns)
        rows, columns = given[1:3] if CHANNELS_LAST else given[2:]
        outputs = (outputs[0] + (rows - outputs[0]) % SIDE, outputs[1] + (columns - outputs[1]) % SIDE)
    return shape_of(sizes.batch, sizes.filters, outputs)


def takes(array: Any) -> bool:
    """Whether this module can read or write an array, of elements of the right type, where it lies."""
    if array.flags.c_contiguous and array.flags.aligned:
        return True
    return STRIDED and array.flags.aligned and (array.shape[-1] == 1 or array.strides[-1] == array.itemsize)


def strides_of(array: Any, name: str, shape: tuple[int, ...], kind: Any = FLOAT32) -> Strides:
    """The strides of an array of a shape and a type, in elements.

    Raises:
        ValueError: another array, or one that this module does not take.
    """
    right = isinstance(array, np.ndarray) and array.dtype == kind and array.shape == shape
    if not right or not takes(array):
        such = "an aligned" if STRIDED else "a contiguous, aligned"
        neighbours = f" whose {'channels' if CHANNELS_LAST else 'columns'} are neighbours" if STRIDED else ""
        raise ValueError(f"{name} must be {such} {kind} array of shape {shape}{neighbours}")
    image, *rest = (stride // array.itemsize for stride in array.strides)
    row, column, channel = rest if CHANNELS_LAST else (*rest[1:], rest[0])
    return Strides(image, channel, row, column)


def check_apart(x: Any, y: Any, residual: Any) -> None:
    """Raise ValueError unless y can be written, place by place, without a change of what is read."""
    if not y.flags.writeable or overlaps_itself(y) or np.may_share_memory(x, y, MOST_WORK):
        raise ValueError("y must be writeable, have a place for each output, and share no memory with x")
    if not RESIDUAL:
        return
    lies_there = residual.ctypes.data == y.ctypes.data and residual.strides == y.strides
    is_y = SIDE == 1 and lies_there and residual.dtype == y.dtype
    if not is_y and np.may_share_memory(residual, y, MOST_WORK):
        raise ValueError("the residual must be y itself, in a module that does not pool, or share no memory with it")


def overlaps_itself(array: Any) -> bool:
    """Whether two places of an array may be the same: none are if each axis steps over all shorter ones."""
    if array.flags.c_contiguous:
        return False
    reach = array.itemsize
    for stride, size in sorted((abs(stride), size) for stride, size in zip(array.strides, array.shape, strict=True)):
        if size > 1 and stride < reach:
            return True
        reach += stride * (size - 1)
    return False


def place_of_memory(memory: Any, nbytes: int, used: tuple[Any, ...]) -> int:
    """The address of memory to work in.

    Raises:
        ValueError: no array of bytes, too few of them, not from a cache line on, read-only, or shared with the arrays
            that are used.
    """
    is_bytes = isinstance(memory, np.ndarray) and memory.dtype == np.uint8 and memory.ndim == 1
    if not is_bytes or not memory.flags.c_contiguous or not memory.flags.writeable or memory.nbytes < nbytes:
        raise ValueError(f"the memory must be a writeable, contiguous array of at least {nbytes} bytes (uint8)")
    place = int(memory.ctypes.data)
    if place % LINE_BYTES:
        raise ValueError(f"the memory must start at an address that is a multiple of {LINE_BYTES}")
    if any(array is not None and np.may_share_memory(memory, array) for array in used):
        raise ValueError("the memory must be apart from x, y and the residual")
    return place


def frozen_rows(given: tuple[tuple[str, Any, int], ...], filters: int, floats: int) -> Any:
    """Numbers for each filter as rows of so many floats, zeros at their ends; each is (name, values, what fills it).

    Raises:
        ValueError: values that are not one real number for each filter.
    """
    rows = aligned(len(given) * floats).reshape(len(given), floats)
    rows[:] = 0
    for row, (name, values, fill) in zip(rows, given, strict=True):
        if values is not None and np.shape(values) != (filters,):
            raise ValueError(f"{name} must have shape ({filters},), not {np.shape(values)}")
        row[:filters] = fill if values is None else contiguous(values, name)
    return frozen(rows).reshape(rows.shape)


# The functions for Python: pack the weights once, then convolve arrays.
#
# Only `Packed` and `run` hand addresses to the compiled code, and they check what lies there, whoever made it.

stripe_in_c = stripe.ctypes  # without the interpreter's lock
PACKED_FOR = f"{PURPOSE} in {LAYOUT} for {ISA}, code {CODE}"
ADDRESSES = Struct(f"={Job._fields.index('apart')}q")  # the words of a job that are set anew for each call
ARRAY_STRIDES = Struct(f"={GEOMETRY - STRIDES}q")
WORD_BYTES = 8
# Why kernels run on one thread, if they do: known to all modules with this code, also those that are loaded later.
REASONS_FOR_ONE_THREAD: list[str] = vars(numba).setdefault("_wincook_one_thread", [])


class Contents(NamedTuple):
    """Transformed filters, the numbers for each filter, the sizes that they are for, and the addresses of both.

    The sizes are those of the weights, and how many groups they make.
    """

    U: Any
    of_filters: Any
    sizes: tuple[int, ...]
    addresses: tuple[int, int]


class Packed:
    """Weights (K, C, *taps) and an optional bias (K,) as this module reads them: transformed, and never changed again.

    `packed_filters` says what U is; the bias is padded with zeros, as are a scale and a shift for each filter, (K,), in
    a module that has them. Left out, the scale is 1 and the others 0.

    Raises:
        ValueError: other shapes, or elements that are not real numbers.
    """

    __slots__ = ("_contents",)
    _contents: Contents
    packed_for = PACKED_FOR

    def __init__(
        self,
        weights: Any,
        bias: Any = None,
        groups: int = 1,
        *,
        scale: Any = None,
        shift: Any = None,
        extra: Any = None,
        output: Any = None,
    ) -> None:
        weights = contiguous(weights, "weights")
        U = packed_filters(weights, groups) if extra is None else packed_filters(weights, groups, extra)
        if not SCALED and not (scale is None and shift is None):
            raise ValueError("this module was made without a scale and a shift for each filter")
        given = (("bias", bias, 0), ("scale", scale, 1), ("shift", shift, 0))
        given = (*given[:GIVEN_ROWS], *rows_of_output(output))
        rows = frozen_rows(given, len(weights), in_python(bias_floats)(len(weights)))
        contents = Contents(U, rows, (*weights.shape, groups), (U.ctypes.data, rows.ctypes.data))
        object.__setattr__(self, "_contents", contents)

    @property
    def U(self) -> Any:
        """The transformed filters, read-only."""
        return self._contents.U

    @property
    def bias(self) -> Any:
        """The bias padded with zeros, read-only."""
        return self._contents.of_filters[0]

    @property
    def channels(self) -> int:
        """C, of a group."""
        return self._contents.sizes[1]

    @property
    def filters(self) -> int:
        """K."""
        return self._contents.sizes[0]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"cannot set {name}: packed weights stay as they are; pack others")

    def __copy__(self) -> Packed:
        return self

    def __deepcopy__(self, memo: object) -> Packed:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("packed weights belong to one process and processor; send the weights, and pack them there")

    def __repr__(self) -> str:
        return f"Packed({self.filters} filters of {self.channels} channels, {self.packed_for})"


class Workspace:
    """The job that tells the compiled code where all is, for calls of one geometry, one at a time, and their memory.

    Memory, `nbytes` of it, is allocated at the first call that is not given any.

    Raises:
        ValueError: sizes or threads below 1, or beyond 32 bits.
    """

    __slots__ = ("_job", "_lock", "_memory", "_packed_sizes", "_place", "_shapes", "_sizes", "_threads", "nbytes")

    def __init__(self, geometry: Any, threads: int) -> None:
        sizes, threads = Geometry(*map(index, geometry)), index(threads)
        if min(*sizes._replace(top=1, left=1), threads) < 1 or max(map(abs, (*sizes, threads))) >= 1 << 31:
            raise ValueError(f"nothing can be computed with the {sizes} on {threads} threads")
        self._sizes, self._packed_sizes, self._threads = sizes, packed_sizes(sizes), threads
        self.nbytes = threads * sum(in_python(workspace_floats)(sizes)) * FLOAT32.itemsize
        self._memory: Any = None
        output = tuple(size // SIDE for size in (sizes.out_height, sizes.out_width))
        self._shapes = (
            shape_of(sizes.batch, sizes.channels, (sizes.height, sizes.width)),
            shape_of(sizes.batch, sizes.filters, output),
        )
        job = Job(0, 0, 0, 0, 0, taken=0, workspace=0, apart=in_python(bias_floats)(sizes.filters))
        strides = [0] * (GEOMETRY - STRIDES)
        self._job = np.array([*job, *strides, *sizes, *micro_kernels(sizes)], np.int64)
        self._place = self._job.ctypes.data
        self._lock = Lock()

    def run(self, x: Any, packed: Packed, y: Any, residual: Any = None, memory: Any = None) -> None:
        """Convolve x into y: arrays of the shapes of the geometry, of elements of X_FORMAT and Y_FORMAT.

        Where this module takes strides, only the channels (NHWC) or the columns (NCHW) of an array must be neighbours.

        Args:
            x: (N, C, H, W) or (N, H, W, C).
            packed: weights that this module packed.
            y: (N, K, *out) or (N, *out, K), pooled if the module pools.
            residual: float32, of the shape of y before pooling, in a module that adds one.
            memory: a writeable array of bytes to work in, from a cache line on and as large as `nbytes`; the
                workspace's own if left out.

        Raises:
            ValueError: other arrays, weights that are not for them, or a y or memory that is read-only or shares memory
                with what is read. A residual may be y itself, if the module does not pool.
            RuntimeError: another thread is using this workspace.
        """
        check(packed)
        contents = packed._contents  # noqa: SLF001
        if contents.sizes != self._packed_sizes:
            filters, channels, *_ = self._packed_sizes
            raise ValueError(f"{packed!r} is for other sizes than {filters} filters of {channels} channels")
        x_strides, y_strides = (
            strides_of(array, name, shape, kind)
            for array, name, shape, kind in zip((x, y), "xy", self._shapes, (X_TYPE, Y_TYPE), strict=True)
        )
        residual_place, residual_strides = 0, Strides(0, 0, 0, 0)
        if RESIDUAL:
            residual_strides = strides_of(residual, "the residual", residual_shape(residual, self._sizes))
            residual_place = residual.ctypes.data
        check_apart(x, y, residual)
        if not self._lock.acquire(blocking=False):
            raise RuntimeError("another thread is using this workspace; each needs its own")
        try:
            work_place = self._own_place() if memory is None else place_of_memory(memory, self.nbytes, (x, y, residual))
            places = (x.ctypes.data, *contents.addresses, residual_place, y.ctypes.data, 0, work_place)
            ADDRESSES.pack_into(self._job.data, 0, *places)
            ARRAY_STRIDES.pack_into(self._job.data, STRIDES * WORD_BYTES, *x_strides, *residual_strides, *y_strides)
            self._run_stripes()
        finally:
            self._lock.release()

    def _own_place(self) -> int:
        if self._memory is None:
            memory = aligned(self.nbytes // FLOAT32.itemsize)
            self._memory = memory, int(memory.ctypes.data)
        place: int = self._memory[1]
        return place

    def _run_stripes(self) -> None:
        """Each stripe on a thread of its own, as far as there are threads."""
        available = 1 if REASONS_FOR_ONE_THREAD else min(self._threads, config.NUMBA_NUM_THREADS)
        if available == 1 or not run_in_parallel(self._place, self._threads, available):
            for number in range(self._threads):
                stripe_in_c(self._place, number)


def run_in_parallel(job: int, stripes: int, threads: int) -> bool:
    """Run all stripes on so many threads; False, and a warning, where numba has no way to run threads."""
    # One parallel region at a time in the whole process: where numba finds no OpenMP, its own pool aborts otherwise.
    with global_compiler_lock:
        try:
            before = get_num_threads()
        except (ValueError, ImportError, OSError) as error:
            REASONS_FOR_ONE_THREAD.append(str(error))
            warn(f"kernels run on one thread: {' '.join(str(error).split())}")
            return False
        set_num_threads(threads)
        try:
            launch(stripe.address, job, stripes)
        finally:
            set_num_threads(before)
    return True


def stay_alone() -> None:
    """Use one thread from now on, if threads ran before this process was forked: they do not survive that."""
    with suppress(ValueError):  # none ran
        REASONS_FOR_ONE_THREAD.append(f"this is a fork of a process that ran threads by {threading_layer()}")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=stay_alone)


def check(packed: Any) -> None:
    """Raise ValueError unless this module packed the weights."""
    if type(packed) is not Packed or not hasattr(packed, "_contents"):
        theirs = getattr(packed, "packed_for", None) or f"nothing: they are a {type(packed).__name__}"
        raise ValueError(f"these weights were packed for {theirs}, not by this module for {PACKED_FOR}; pack them here")


def rows_of_output(output: Any) -> tuple[Any, ...]:
    """Numbers for each filter that turn outputs into y of 8 bits, of its scale and zero point; none for y of floats.

    Raises:
        ValueError: y has 8 bits, and there is no scale, or the other way round.
    """
    if (LIMITS is None) != (output is None):
        raise ValueError(f"y in {Y_FORMAT} takes {'no' if LIMITS is None else 'a'} scale and zero point")
    if output is None:
        return ()
    scale, zero_point = np.float32(output[0]), int(output[1])
    return ("1 / scale of y", None, 1 / scale), ("zero point of y", None, WITHOUT_FRACTIONS + zero_point)


def pack(
    weights: Any,
    bias: Any = None,
    groups: int = 1,
    *,
    scale: Any = None,
    shift: Any = None,
    extra: Any = None,
    output: Any = None,
) -> Packed:
    """Transform filters: weights (K, C/groups, *taps) and an optional bias (K,), of any real type.

    A module that scales takes a scale and a shift for each filter, (K,), too; one whose y has 8 bits takes the scale
    and zero point of y as `output`. What else there is, `packed_filters` says.

    Raises:
        ValueError: other shapes, elements that are not real numbers, or a scale of y that is missing or not asked for.
    """
    return Packed(weights, bias, groups, scale=scale, shift=shift, extra=extra, output=output)


def workspace(geometry: Any, threads: int) -> Workspace:
    """Room for calls of one geometry on so many threads."""
    return Workspace(geometry, threads)


def run(work: Workspace, x: Any, packed: Packed, y: Any, residual: Any = None, memory: Any = None) -> None:
    """Convolve x into y in a workspace; arguments and errors as for `Workspace.run`."""
    work.run(x, packed, y, residual, memory)


# The convolution of arrays in one call, for those who have this module and no wincook.


def convolve(
    x: Any,
    packed: Packed,
    padding: Any = ((0, 0), (0, 0)),
    threads: int = 1,
    residual: Any = None,
    *,
    stride: Any = None,
    dilation: Any = None,
) -> Any:
    """The convolution of x with filters that this module packed, and what this module does after it.

    Padding is (before, after) for H and W, of zeros. A module that adds a residual takes it, of the shape of the
    convolution. Stride and dilation are numbers for H and W, for modules that are made for any; others have their own.

    Raises:
        ValueError: an x of other channels or elements, other filters, filters that do not fit into x, or a stride or
            dilation that this module was not made for.
    """
    x = contiguous(x, "x", X_FORMAT)
    check(packed)
    filters, channels, *taps, groups = packed._contents.sizes  # noqa: SLF001
    batch, *image = x.shape if x.ndim == len(LAYOUT) else (0, 0, 0, 0)
    height, width, present = image if CHANNELS_LAST else (*image[1:], image[0])
    if present != channels * groups:
        raise ValueError(f"x has the shape {x.shape}; the filters need {LAYOUT} with {channels * groups} channels")
    (top, bottom), (left, right) = (map(index, pair) for pair in padding)
    strides, dilations = steps("stride", stride, KNOWN_STEPS[0]), steps("dilation", dilation, KNOWN_STEPS[1])
    padded = (height + top + bottom, width + left + right)
    rest = [padded[i] - (taps[i] - 1) * dilations[i] - 1 for i in range(2)]  # beyond the first output's inputs
    size = [(rest[i] // strides[i] + 1) // SIDE * SIDE for i in range(2)]
    if min(*size, batch) < 1:
        raise ValueError(f"a filter of {tuple(taps)} does not fit into {x.shape} with padding {padding}")
    threads = max(1, min(threads, config.NUMBA_NUM_THREADS))
    sizes = (batch, present, height, width, filters, top, left, *size, 1, groups, *taps, *strides, *dilations)
    geometry = Geometry(*sizes)  # with a panel of 1, until it is known
    work = workspace(geometry._replace(panel=panel_for(geometry, threads)), threads)
    shape = shape_of(batch, filters, (size[0] // SIDE, size[1] // SIDE))
    y = aligned_array(shape, Y_FORMAT)
    run(work, x, packed, y, contiguous(residual, "residual") if RESIDUAL else None)
    return y


def steps(name: str, given: Any, known: tuple[int, int] | None) -> tuple[int, int]:
    """The steps along H and W: those that this module knows, or, where it knows none, those given or ones.

    Raises:
        ValueError: others than this module knows, or no two whole numbers from 1 on.
    """
    down, across = (1, 1) if given is None else map(index, given)
    if known is not None and given is not None and (down, across) != known:
        raise ValueError(f"{name} is {(down, across)}; this module was made for {known}")
    if min(down, across) < 1:
        raise ValueError(f"{name} is {(down, across)}; it must be numbers from 1 on")
    return known or (down, across)
