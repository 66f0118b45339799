"""A kernel as plain C, for whoever compiles it: the header and the functions of a library, as text.

    emit_c       from plans to a folder
    source       constants, transforms and what follows them, then files of `templates/`
    statements   programs and steps as statements of C, on vectors
    tables       what a calibration says, as constants and tables of C

Compilers choose how wide vectors are; so the loops are written anew here, and not taken from generated code.
"""
