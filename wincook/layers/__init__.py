"""Convolution layers, and what reduces them to the plain ones that F(m,r) computes."""

from wincook.layers.axis import Axis
from wincook.layers.lattice import Piece, pieces
from wincook.layers.layer import Layer, Layout
from wincook.layers.reduction import Part, Reduction, apply, reduce
from wincook.layers.sizes import Padding, PerAxis
from wincook.layers.split import split, split_taps

__all__ = [
    "Axis",
    "Layer",
    "Layout",
    "Padding",
    "Part",
    "PerAxis",
    "Piece",
    "Reduction",
    "apply",
    "pieces",
    "reduce",
    "split",
    "split_taps",
]
