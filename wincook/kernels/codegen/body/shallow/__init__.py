"""The body of shallow kernels, F(m,r) on images of few channels, joined as the files beside this folder are.

LANES neighbouring tiles of a row are transformed at once, a tile in each lane. V of all their channels stays in the
nearest cache, and M is never stored: each column of products goes through the output transform as soon as it is summed.

    products     the sums over channels, by column, for images of both layouts
    interleave   numbers of tiles, from the order of columns and back
    inputs       x into V
    columns      V through filters into y, with the channels first: vectors of tiles
    pixels       the same with the channels last: vectors of filters
    stages       the loop over vectors of tiles
    filters      the weights, packed by the filter transform of nested kernels
"""
