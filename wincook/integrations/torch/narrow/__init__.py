"""Convolutions of a model in narrow formats.

watched     a model that runs, and what its convolutions are given
calibrated  the scales of int8 and int16, from images that a model runs on
quantised   torch's own quantised convolutions, computed by wincook
"""
