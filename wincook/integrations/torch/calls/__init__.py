"""A call of a convolution, from tensors to a kernel.

gradients   a layer and its gradients by the matrices of F(m,r)
kernels     kernels, each made once
packed      weights packed once for as long as they stay what they are
operators   what torch's compiler and autograd see
watchers    whether anyone follows what operators do
"""
