"""The body of a generated module: functions over the constants that `codegen/constants.py` writes before it.

The files of a family (`codegen/families.py`) are joined in its order, without their docstrings and imports, behind
those that make machine code of them, `wincook.to_llvm` to `wincook.machine_code`. Each can also be imported as it
stands: `constants` then has the values of F(2x2,3x3), so that linters and type checkers see whole modules.

    constants    stands in for what the generator writes: layout, lanes, the programs as tables
    job          what the compiled code is told at each call: addresses and sizes, by name
    lanes/       vectors in LLVM IR: loads, stores, programs, what follows a convolution, parts of vectors
    clock        how long stages take, in modules that are made to be measured
    gemm         M = V U over the channels: how micro-kernels walk, and which ones a panel takes
    products/    what is multiplied, by formats: words of V and U, micro-kernels, packing
    nested/      F(m,r): transforms, and the loops over panels of tiles
    quantised/   the same with whole numbers in words: rounding, exact sums, packing by a calibration
    terms/       what makes it sums over all taps, of whole numbers
    sparse/      the same with filters of which blocks are left out
    shallow/     the same on images of few channels: vectors of tiles
    direct/      sums of products in their place
    depthwise/   the same of layers with one channel a group
    calls/       the functions for Python: pack, workspace, run, and arrays as callers give them
    exported/    the functions for C, in libraries
    weights/     weights as C gives them into U
    composed/    layers of several kernels in libraries

In text and LLVM IR alike, addresses are integers: one compiled signature serves every array.
"""
