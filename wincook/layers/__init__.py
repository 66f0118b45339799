"""Convolution layers."""

from wincook.layers.axis import Axis
from wincook.layers.layer import Layer, Layout
from wincook.layers.sizes import Padding, PerAxis

__all__ = ["Axis", "Layer", "Layout", "Padding", "PerAxis"]
