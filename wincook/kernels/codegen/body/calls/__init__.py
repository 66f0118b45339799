"""The functions for Python of all families, joined as the files beside this folder are.

memory     arrays that start on a cache line, and those that nobody changes
threads    stripes of a job on threads of their own
arrays     images as callers give them: checked, as addresses and strides
weights    pack: weights transformed once, and never changed again
entry      workspace, run: only this hands addresses to compiled code
alone      a convolution in one call, where there is no wincook
"""
