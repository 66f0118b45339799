"""The body of depthwise kernels, joined as the files beside this folder are.

Layers with one channel in each group pass through a strip: rows of a band of the image with the padding filled in as
zeros. With the channels first it holds one channel, and vectors are of pixels in a row; with the channels last, LANES
filters of each pixel. A block of outputs stays in registers until all taps are added, row by row from left to right.
Layers of few taps read x itself, and there is no strip: with the channels last, where channels are whole vectors; with
the channels first, where there is avx512 and the stride is one. There, sums are not a block but a ring of rows.

    places     where weights, outputs and pixels lie
    strips     the rows of a band: padded, and with strides taken apart
    outputs    what follows the sums of a block, and their way to y
    blocks     a block of outputs from the strip: one long intrinsic
    ring       rows of outputs straight from x, with the channels first
    pixels     a block of them straight from x, with the channels last
    stages     the loops over bands and blocks
    filters    the weights, and the sizes they go with
"""
