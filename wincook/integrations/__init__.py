"""Files and clusters of other frameworks; each needs the extra of its name.

    weights       the tensor that FILE or FILE:NAME denotes, whichever kind of model it is
    checkpoints   .pt and .pth of torch, read with weights_only after what they claim was checked
    calibrated    algorithms and scales of layers of models in formats of integers
    between       which tensors of a model stay narrow from kernel to kernel
    onnx/         models of ONNX, their convolutions computed by wincook
    torch/        convolutions of PyTorch models, turned into wincook's
    dask_cluster  a Dask cluster as an executor of searches

A missing package is said where it is needed, with the command that installs it.
"""
