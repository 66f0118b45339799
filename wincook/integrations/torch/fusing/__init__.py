"""What follows a convolution, done by its kernel; for inference.

convolution   a convolution with batch normalisation folded into it, a sum and an activation
chain         which nodes of a traced model follow one another so
graph         a model as one such graph
passing       what hands on the numbers of tensors as they are
elements      what the elements of a tensor between two convolutions are
between       which tensors stay narrow from convolution to convolution
in_place      a model that computes by its graph for as long as it may, and else as it always did
"""
