"""Plans: all that is decided before code is generated.

plan         plain layer × algorithm × target, with tiles per panel and filters per block decided
sparse       the same with filters of which blocks are left out
shallow      which plain layers have so few channels that vectors are of tiles
direct       a layer as sums of products, strides, dilation and groups included
depthwise    the same of one channel a group
formats      of what is multiplied, and of the elements of x and y
quantised    layers whose products are whole numbers
shares       where parts of a layer write to, and where they add
scratch      the arrays of one call, in memory that is given or new
layer_plan   any layer as plain ones, and the plan of each; panels small enough for a budget
"""
