"""Plans: all that is decided before code is generated.

plan         layer × algorithm × target, with every decision made that code depends on
tiles        plans of kernels of F(m,r), with tiles per panel and filters per block decided
direct       a layer as sums of products, strides, dilation and groups included
depthwise    the same of one channel a group
formats      of what is multiplied, and of the elements of x and y
one_group    the layer of one group, which narrow kernels compute in turn
quantised    layers whose products are whole numbers
shares       where parts of a layer write to, and where they add
scratch      the arrays of one call, in memory that is given or new
layer_plan   any layer as plain ones, and the plan of each; panels small enough for a budget
"""
