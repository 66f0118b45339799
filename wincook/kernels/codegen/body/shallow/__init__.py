"""The body of shallow kernels, F(m,r) on images of few channels, joined as the files beside this folder are.

A lane of a vector is a tile: LANES neighbouring tiles of a row are transformed, multiplied by one filter after another
and transformed back. V of all their channels stays in the nearest cache, and M is never stored: each column of products
goes through the output transform as soon as it is summed.

    interleave   numbers of tiles, from the order of columns and back
    inputs       x into V
    outputs      V through one filter into y, with all that follows
    stages       the loops over vectors of tiles and over filters
    filters      the weights, packed by the filter transform of nested kernels
"""
