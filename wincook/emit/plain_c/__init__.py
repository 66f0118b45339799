"""A kernel as plain C, for whoever compiles it: the header and the functions of the library, as one text.

    emit_c       from a plan to a folder
    source       the text: constants, transforms and what follows them, then files of `templates/`
    statements   programs and steps as statements of C, on vectors
"""
