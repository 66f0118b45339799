"""Scales and roundings that leave the least noise in y, by what images show of V.

steps     from a range to the distance of integers
tails     how much lies beyond a range, from the largest values alone
ranges    e of each channel and the range of each product, where rounding and clipping err least together
feedback  how the error of one product of U is made up for in those that follow
"""
