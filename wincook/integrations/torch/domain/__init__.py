"""Training in the domain of the products, towards blocks of zeros.

module   a convolution whose parameter is U
model    the same for all convolutions of a model, and their pruning
"""
