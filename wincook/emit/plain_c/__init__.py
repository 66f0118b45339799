"""A kernel as plain C, for whoever compiles it: the header and the functions of a library, as text.

    emit_c       from plans to a folder
    source       a kernel: constants, transforms and what follows them, then files of `templates/`
    composed     a layer of several kernels: tables of what calls them, then files of `templates/`
    frame        what both have: names, elements, what follows the convolution, the functions of the header
    statements   programs and steps as statements of C, on vectors
    tables       what a calibration says, as constants and tables of C

Compilers choose how wide vectors are; so the loops are written anew here, and not taken from generated code.
"""
