"""Models turned into what can be shipped: a library for C, a graph that says how to call it, and weights.

inputs     arrays that a model is measured on, given or random
measure    errors and times of the convolutions of a model, and the error of its outputs
document   the graph and the weights, as files
convert    from a model to a folder
"""
