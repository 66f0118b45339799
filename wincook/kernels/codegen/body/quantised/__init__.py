"""What makes nested kernels compute with whole numbers, in place of files of `products` and `nested` of the same names.

dots        words of whole numbers: exact dot products of them
blocks      how U lies, with all that is read beside it
shorts      the transform of inputs in 16 bits
rounded     floats as whole numbers of V
inputs      the steps of the inputs: down the columns, and along the rows into V
sums        the micro-kernel
scales      what a calibration says, as packing and the kernels need it
packing     the filter transform's results as whole numbers
packed      the same for Python
"""
