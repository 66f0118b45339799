"""Files of data, not believed: what they claim is checked before memory is taken, and nothing in them is run.

    stored        an array as a file claims it, with limits, and FILE:NAME for files that hold several
    npy           numpy's .npy, and .npz archives of them
    archive       zip archives, of which .npz and torch's .pt are kinds
    safetensors   .safetensors
    protobuf      the fields of a protobuf message one by one, for ONNX
    image         photos as arrays
    array_file    the array in any of these files

Files that need another package to be read are in `wincook.integrations`.
"""
