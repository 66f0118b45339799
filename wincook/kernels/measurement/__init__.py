"""Kernels on the clock.

interleaved      several calls timed in turn, so that a machine that slows down slows all of them
machine_figures  what this machine can do, measured by a micro-kernel
trial            plans of a layer: their times, their error against float64, and the time of each stage
tune             the best of a few choices, remembered
"""
