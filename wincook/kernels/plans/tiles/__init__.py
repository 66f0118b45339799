"""Plans of kernels of F(m,r).

blocking   filters of a block, tiles of a panel, threads
tiled      the plan of a plain layer by a tile
shallow    which plain layers have so few channels that vectors are of tiles
sparse     the plan by a kernel that leaves out blocks of filters
"""
