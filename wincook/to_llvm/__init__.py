"""Plain functions of numbers, tuples and loops as LLVM, from their syntax.

numba infers types, and has passes for all of Python; for functions as plain as those of kernels that takes seconds.
Here a number is a word of 64 bits, a truth value or a float64, and each function that is called becomes part of its
caller. What is known beforehand, as the constants of a plan, is computed in Python; of branches on it one is written.

    values       numbers, truth values and tuples, and the variables that hold them
    operators    what Python's operators make of them
    calls        Python's own functions, named tuples, and intrinsics as numba has them
    expressions  the values of expressions
    statements   assignments, branches, loops, functions
    module       LLVM of functions that C calls by their names
    optimise     the same after all passes

The text of a function is found as tracebacks find it.
"""
