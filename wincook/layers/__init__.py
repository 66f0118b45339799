"""Convolution layers, and what reduces them to the plain ones that F(m,r) computes."""

from wincook.layers.axis import Axis
from wincook.layers.fold import fold_batch_norm
from wincook.layers.lattice import Piece, pieces
from wincook.layers.layer import Layer, Layout, layer_of
from wincook.layers.merge import Branch, merge_branches
from wincook.layers.reduction import Part, Reduction, apply, reduce
from wincook.layers.sizes import Padding, PerAxis
from wincook.layers.split import split, split_taps

__all__ = [
    "Axis",
    "Branch",
    "Layer",
    "Layout",
    "Padding",
    "Part",
    "PerAxis",
    "Piece",
    "Reduction",
    "apply",
    "fold_batch_norm",
    "layer_of",
    "merge_branches",
    "pieces",
    "reduce",
    "split",
    "split_taps",
]
