"""The products of each format: words of V and U, and their sums, joined as the files beside this folder are.

A word has 32 bits: IN_WORD channels of one tile in V, and of one filter in U. Files that stand for one another in
modules of different formats define the same names.

    float32       words of one channel: fma
    bfloat16      words of two channels: the dot product of pairs
    sums          how products are added up in a micro-kernel, for sums that are floats
    micro_kernel  the micro-kernels as functions of C
    values        the last step of the inputs: along the rows, into V
    terms         how many channels a sum has
    blocks        how large U is
    taps          the taps of weights, before they are transformed
    pairs         the filter transform, into words of two channels
"""
