"""Kernels on the clock.

Times are those of calls in turn, the least and the median, and never of one call alone.

    interleaved      several calls timed in turn, so that a machine that slows down slows all of them
    machine_figures  what this machine can do, measured by a micro-kernel
    trial            plans of a layer: their times, and their error against float64
    stages           what the time of a call is spent on
    sparsity         error and speed of a layer against the share of zeros in its filters
    planned          a layer of a network, with its quickest plans
    tune             the best of a few choices, remembered

What was measured is kept by `wincook.kernels.choice`, which reads it when it chooses.
"""
