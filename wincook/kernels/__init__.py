"""Fused CPU kernels, generated from the programs of an algorithm.

A layer becomes a kernel in four steps, each a value: the layer and an algorithm make a `Plan`, the plan one Python
module in text, the text a module whose loops numba compiles, and module and plan the `Kernel` that is called on images.
What runs and what `wincook emit` gives away are the same text.

In the order of these steps:

    target      what code is made for: instruction set, caches, threads
    choose      the tile of a layer whose user names none
    plan        layer × algorithm × target, with tiles per panel and filters per block decided
    body/       the parts of the generated module, as files that can be read, checked and typed
    source      a plan as the text of one module: header, constants, body
    store       the modules of this process: run once; written out where WINCOOK_DUMP says so
    compile     from a layer to a kernel: what `wincook.compile` is
    kernel      weights packed once, then calls on images
    convolve    any layer in one call, by the kernels there are: what `wincook.convolve` is
    engine      a kernel as the engine of `wincook.analysis.measurement`

Names: a generated module is `wincook_fM_R_LAYOUT_ISA` (`plan` → `source.module_stem`), and in a process the digest of
its text follows. Machine code is kept by `wincook.machine_code`. Products and sums have the order of the programs, so
the interpreter, `wincook.program.interpret`, has the same bits.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
