"""Matrices as C constants, and programs as C functions: C99 and C++17 to include.

    export      the whole header
    numbers     types of C, and numbers in them as literals
    whole       matrices and programs of whole numbers, scaled by common denominators
    functions   programs as functions of arrays, and of tiles with strides

The functions do the operations of the programs, with `fmaf` for an fma: their results are those of wincook's
interpreter in float32 or float64, bit for bit.
"""
