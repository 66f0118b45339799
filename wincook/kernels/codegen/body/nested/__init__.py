"""The body of nested kernels, F(m,r) along both axes, joined as the files beside this folder are.

A panel of tiles at a time is loaded, multiplied and stored, within the cache.

    transforms   BT, AT and G along one axis, or all of AT M A: each a single intrinsic
    moves        vectors between arrays and strips: squares turned, parts of vectors copied
    panels       how a panel of tiles lies in memory: V, M, the strips
    ahead        the rows of x that the next panel reads, fetched in time
    half         products with filters that are transformed along one axis
    inputs       x into V, a row of tiles at a time
    outputs      M into y, with all that follows the output transform
    stages       the loops over panels
    packing      the filter transform of all weights
    packed       the same for Python
    purpose      the filters that they are for
    filters      panels and micro-kernels, for Python
"""
