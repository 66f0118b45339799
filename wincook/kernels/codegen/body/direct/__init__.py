"""The body of direct kernels, joined as the files beside this folder are.

Channels and taps of a group are one long axis, `terms`, which the micro-kernels sum over. Images with the channels
before the axes have vectors of pixels, and rows of filters; with the channels last, vectors of filters, and rows of
pixels: so both read x and write y as they lie. There, a vector has the filters of several narrow groups.

    gather     a panel of pixels: the terms of each, zeros where the image has none
    spread     the micro-kernels of narrow groups, which spread channels over the lanes of their filters
    lines      the micro-kernels with the channels last, which write y
    stages     the loops: gather, multiply, add the bias and write
    packing    the weights in the order in which micro-kernels read them
    filters    the same for Python
"""
