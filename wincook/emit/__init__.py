"""Kernels as files to ship.

    module    a plan's generated module as one Python file that needs only numpy and numba, and beside it:
    module_test   its test
    layer_module/  the module of a layer that takes several kernels, which stands beside theirs
    listing   its LLVM and its assembly, for reading
    library/  the same loops as a library for C and C++, which needs neither Python nor wincook
    plain_c/  kernels as plain C, with the header and the functions of a library

The Python file is the module that `wincook.compile` runs in this process, to the letter; its header says tile, points,
error bound, instruction set, and the digest of its code.
"""

from wincook.emit.library.emit_library import Library, emit_library
from wincook.emit.module import emit
from wincook.emit.plain_c.emit_c import emit_c

__all__ = ["Library", "emit", "emit_c", "emit_library"]
