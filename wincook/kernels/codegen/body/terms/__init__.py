"""What makes nested kernels of whole numbers compute direct convolution: sums run over all taps of an output.

numbers     how many terms a sum has
gather      x into V: for each pixel, the channels of each of its taps
packed      weights as U, for Python
purpose     the filters that they are for
"""
