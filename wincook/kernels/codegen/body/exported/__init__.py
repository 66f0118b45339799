"""The functions for C: the same loops, called without Python, numba or memory of their own.

They are compiled by themselves, into object files (`codegen/native`), and never run in this process.

    words        words in memory, functions by name
    structures   what C gives: a layer's dims, arrays, memory
    nested       what sizes, panels and packing are to F(m,r)
    shallow      the same of few channels
    direct       the same to sums of products
    depthwise    the same to those with one channel a group
    sizes        dims checked, and the geometry that the loops are told
    entry        query, items, pack, run
    x86          which of its variants a processor can run
"""
