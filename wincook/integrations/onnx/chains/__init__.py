"""Convolutions of a graph with the nodes after them that their kernels take over.

uses         who reads which value, and what is known of values
activations  the nodes that make an activation
integers     the integers that kernels may read and write
chain        a convolution and what follows it, as a value; how it grows
fold         weights and bias of a chain: batch normalisation, sums and products for each filter put in
kernels      the kernels of chains, their packed weights, and their scales in formats of integers
narrow       which values stay narrow from chain to chain
"""
