"""Fused CPU kernels, generated from the programs of an algorithm."""
