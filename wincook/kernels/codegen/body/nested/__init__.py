"""The loops of nested kernels around their transforms and products, joined as the files beside this folder are.

moves      vectors between arrays and strips: squares turned, parts of vectors copied
panels     how a panel of tiles lies in memory: V, M, the strips
ahead      the rows of x that the next panel reads, fetched in time
inputs     x into V, a row of tiles at a time
outputs    M into y, with all that follows the output transform
"""
