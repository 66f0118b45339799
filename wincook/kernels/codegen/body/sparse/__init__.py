"""What sparse kernels have in place of files of nested ones: products with filters of which whole blocks are left out.

blocks    how large U is: headers, lists of channels, lines of filters
sums      the micro-kernels, which walk the channels of a list
packed    U for Python, of weights and of what is kept of them
"""
