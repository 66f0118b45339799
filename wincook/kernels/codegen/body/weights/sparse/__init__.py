"""Weights as C gives them into U of sparse kernels, as far as a mask keeps them.

masks    masks as C gives them
kept     what a mask keeps of U
floats   a vector of filters into such a U
pairs    the same in bfloat16
entry    the entry point that takes a mask
"""
