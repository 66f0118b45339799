"""The body of a generated module: functions over the constants that `wincook.kernels.codegen.source` writes before it.

The files of a family (`codegen/families.py`) are joined in its order, without their docstrings and imports, behind
`wincook.machine_code`. Each can also be imported as it stands: `constants` then has the values of F(2x2,3x3), so that
linters and type checkers see whole modules.

    constants    stands in for what the generator writes: layout, lanes, the programs as tables
    job          what the compiled code is told at each call: addresses and sizes, by name
    vectors      loads, stores, fma, transposition and programs over vectors, in LLVM IR
    finish       what follows the output transform: bias, scale, residual, activation, pooling
    transforms   BT, AT and G along one axis, or all of AT M A: each a single intrinsic
    gemm         M = V U over the channels: the micro-kernels
    stages       the loops: panels of tiles are loaded, multiplied and stored within the cache
    nested/      what those loops do with a panel: inputs to V, products with half filters, M to y
    packing      the filter transform of all weights
    memory       arrays that start on a cache line, and those that nobody changes
    threads      stripes of a job on threads of their own
    filters      weights as Python gives them, and the sizes they go with
    arrays       images as callers give them: checked, as addresses and strides
    entry        the functions for Python: pack, workspace, run
    alone        a convolution in one call, where there is no wincook
    partial      parts of vectors: read, written, picked at a stride
    direct/      sums of products, in place of transforms, stages, packing and filters
    depthwise/   the same of layers with one channel a group

In text and LLVM IR alike, addresses are integers: one compiled signature serves every array.
"""
