"""Convolution layers."""

from wincook.layers.layer import Layer, Layout, Padding

__all__ = ["Layer", "Layout", "Padding"]
