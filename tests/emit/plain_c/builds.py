"""The compilers that plain C is tried with: each with vectors of another width, in C and in C++."""

from __future__ import annotations

from pathlib import Path

from tests.emit.library.tools import needs, ran

BUILDS = {
    "widest": ("g++", "-x", "c++", "-std=c++17", "-O1", "-march=native"),  # which fuses unless told otherwise
    "none": ("gcc", "-std=c99", "-O1", "-DNO_VECTORS"),
    "four": ("clang", "-std=c99", "-O1"),
    "eight": ("clang++", "-x", "c++", "-std=c++17", "-O1", "-mavx2", "-mfma"),
}
_STRICT = ("-Wall", "-Wextra", "-Werror", "-pedantic")


def built(folder: Path, build: str, stem: str = "conv") -> Path:
    """A shared library of a text, and of those that it calls, by one of the builds, without a warning."""
    compiler, *options = BUILDS[build]
    needs(compiler)
    texts = sorted(text.name for text in folder.glob(f"{stem}*.c"))
    library = folder / f"{stem}_{build}.so"
    ran(compiler, *options, *_STRICT, "-fPIC", "-shared", *texts, "-o", library.name, "-lm", folder=folder)
    return library
