"""What sparse kernels have in place of files of nested ones: products with filters of which whole blocks are left out.

blocks    how large U is: headers, lists of words of channels, lines of filters
sums      the micro-kernels, which walk the words of a list
words     filters in words of one channel
pairs     filters in words of two channels of bfloat16
packed    U for Python, of weights and of what is kept of them
"""
