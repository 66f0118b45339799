"""A kernel as a library for C and C++, which needs neither Python nor wincook.

    emit_library   from plans to a folder: its files, and what compilers make of them
    contents       layers by their keys, and the kinds of kernels that they share
    given          calibrations and scales, of one plan or by the keys of several
    accuracy       bounds and predictions, as the header states them
    trial          the layers that the test in C computes, and what it must find
    simulated      the same of layers with narrow products, in every bit
    texts          header, test, example, Makefile and package files, from `templates/`
    sidecar        all that the library was made from, as JSON
    folder         files that appear in a folder together, or not at all

The object files themselves are made by `wincook.kernels.codegen.native`.
"""
