"""Layers of several kernels as one function for C: each band of rows of y by itself, through all that it takes.

The layer is planned for its sizes, and the code is for them alone, but for the number of images. What the kernels are
called with stands in tables, which `codegen/native/composition` makes: the functions for C of other code.

    tables      the records of a layer: calls, where weights and outputs go
    taken       elements of x as kernels read them
    moves       images, weights and outputs between the layer and its kernels
    endings     what follows the convolution, on a band
    stages      the loop over bands, and the memory that it works in
    exported    dims, and memory for weights
    packing     weights into those of each kernel
    kept        weights into those of a sparse kernel, by a mask
"""
