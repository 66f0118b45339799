"""The time of a plan, predicted, and what it is spent on.

In the order of use:

    constants      times of single steps, as fitted
    estimate       the value: seconds, by what they are spent on
    counts         what is counted of a tile
    memory         how fast data come
    micro_kernel   the products of a panel
    sums           layers without an algorithm: direct and depthwise kernels
    shallow        tiles of few channels
    predict        any plan, and nested kernels
    sparse         nested kernels that leave out blocks of filters
"""
