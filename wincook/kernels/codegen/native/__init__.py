"""Generated code as object files that need neither Python nor numba, for this processor or another one.

    machine        processors and their variants: what a library can be made for
    functions      the functions of a plan for C, as Python text that numba compiles
    composition    layers of several kernels as tables for their code
    kinds          which plans have their code in common
    freestanding   their LLVM without numba's runtime
    dispatch       the entry points: the best variant that a processor can run
    objects        object files, the same bytes each time

numba makes no machine code here: it writes LLVM, which is optimised for the processors of each variant.
"""
