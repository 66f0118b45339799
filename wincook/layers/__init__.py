"""Convolution layers, and what reduces them to the plain ones that F(m,r) computes.

Any layer, of one to four axes, strided, dilated, grouped or transposed, is a sum of unit-stride correlations of strided
views. `reduce` gives them, `apply` runs them by any engine; nothing is approximate. docs/layers.md shows each case.

    sizes       sizes, steps and paddings as people write them
    axis        one axis: which input, tap and output meet
    layer       a layer as a value: what is to be computed, not how
    lattice     one axis as unit-stride correlations: cosets of a lattice
    part        one of these correlations: a plain layer, and where it reads and adds up
    reduction   a layer as the sum over its axes and groups; `reduce` and `apply`
    split       long filters as sums of short ones
    notation/   layers as people write them, and those of well-known networks
    lift        parts with another number of axes
    merge       parallel branches as one kernel
    phases      a transposed layer as one plain layer, whose outputs interleave
    tiling      images as the tiles of F(m,r), and back
    fold        batch normalisation folded into the layer before it
"""

from wincook.layers.axis import Axis
from wincook.layers.fold import fold_batch_norm
from wincook.layers.lattice import Piece, pieces
from wincook.layers.layer import Layer, Layout, PaddingMode, layer_of
from wincook.layers.lift import lift
from wincook.layers.merge import Branch, merge_branches
from wincook.layers.notation.named import network_layers
from wincook.layers.notation.text import layer_text, read_layer
from wincook.layers.part import Part
from wincook.layers.phases import Phases, has_phases
from wincook.layers.reduction import Reduction, apply, reduce
from wincook.layers.sizes import Padding, PerAxis
from wincook.layers.split import split, split_taps

__all__ = [
    "Axis",
    "Branch",
    "Layer",
    "Layout",
    "Padding",
    "PaddingMode",
    "Part",
    "PerAxis",
    "Phases",
    "Piece",
    "Reduction",
    "apply",
    "fold_batch_norm",
    "has_phases",
    "layer_of",
    "layer_text",
    "lift",
    "merge_branches",
    "network_layers",
    "pieces",
    "read_layer",
    "reduce",
    "split",
    "split_taps",
]
