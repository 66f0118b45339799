"""Vectors of float32, LANES at a time, joined as the files beside this folder are.

vectors    loads, stores, fma, transposition and programs over vectors, in LLVM IR
halves     elements of float16 where the processor has no instructions for them
elements   elements of x and y in any format
finish     what follows the output transform: bias, scale, residual, activation, pooling
inputs     elements of x as floats, less their zero point
partial    parts of vectors: read, written, picked at a stride
"""
