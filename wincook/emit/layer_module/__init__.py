"""The module of a layer that takes several kernels, or more than its kernel does: numpy around their modules.

source      the text of a layer's module
body        what is in it for all layers: images and weights to the kernels, outputs to their places, what follows
constants   stands in for what is written for a layer
"""
