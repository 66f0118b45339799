"""What makes nested kernels in narrow formats compute direct convolution: sums run over all taps of an output.

numbers         how many terms a sum has
elements        channels of one pixel of x
whole, pairs    the channels of one tap into V, as whole numbers or as bfloat16
gather          x into V: for each pixel, the channels of each of its taps
packed          weights of whole numbers as U, for Python
packed_pairs    the same in bfloat16
purpose         the filters that they are for
"""
