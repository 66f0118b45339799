"""Fused CPU kernels, generated from the programs of an algorithm.

A layer becomes a kernel in four steps, each a value: the layer becomes a `LayerPlan`, plain layers with a `Plan` each;
a plan one Python module in text; the text a module whose loops numba compiles; modules and plans the `Kernel` that is
called on images. What runs and what `wincook emit` gives away are the same text.

In the order of these steps:

    target       what code is made for: instruction set, caches, threads
    plans/       what is decided before anything is compiled: for plain layers, and for layers made of them
    choice/      which algorithm a layer gets when its user names none
    make_plan    from a layer to its plan
    codegen/     a plan as the text of one module
    run/         modules loaded once, weights packed once, then calls on images
    alternatives the quickest plans of a layer, side by side
    measurement/ kernels on the clock: times, the figures of a machine, tuning
    compile      from a layer to a kernel: what `wincook.compile` is
    convolve     from arrays to their convolution: what `wincook.convolve` is

Names: a generated module is `wincook_fM_R_LAYOUT_ISA` (`codegen.source.module_stem`), and in a process the digest of
its text follows. Machine code is kept by `wincook.machine_code`. Products and sums have the order of the programs, so
the interpreter, `wincook.program.interpret`, has the same bits.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
