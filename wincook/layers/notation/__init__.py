"""Layers as people write them, and those of well-known networks.

text      a layer in one line: 64x56x56 -> 128, 3x3, padding 1, stride 2
named     the layers of a network, with names, from files of such lines
"""
