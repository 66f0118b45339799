"""Generated modules at work.

In the order of use:

    store         the modules of this process: run once; written out where WINCOOK_DUMP says so
    listing       the LLVM and the assembly of a module, for people
    part_kernel   the machine code of one plan, and its workspaces
    packed        packed weights, as values
    given         arrays as callers give them, checked
    layer_call    one call: padding, parts, and what follows
    kernel        weights packed once, then calls on images, for any layer
    engine        a kernel as the engine of `wincook.analysis.measurement`
"""
