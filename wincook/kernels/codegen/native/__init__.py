"""Generated code as object files that need neither Python nor numba, for this processor or another one.

    machine        processors and their variants: what a library can be made for
    functions      the functions of a plan for C, as Python text
    steps          which part of a layer each of several kernels computes
    composition    such layers as tables for their code
    calibrated     what calibrations and scales say, as lines of that text
    kinds          which plans have their code in common
    fma            sums of products rounded once, for machines that have no instruction for it
    dispatch       the entry points: the best variant that a processor can run
    objects        object files, the same bytes each time
    apart          LLVM into object files, in several processes at once

`wincook.to_llvm` writes their LLVM, which is optimised for the processors of each variant.
"""
