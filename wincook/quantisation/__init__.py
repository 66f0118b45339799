"""Small integers with scales: what a quantised kernel must know of a layer's data, and how it is found.

    q = clip(round(v / s) + z)      v = s (q - z)

affine       the scale s and zero point z of an array, as x and y have them
integers     the integers of U and V in each format
transform    U and V before they are quantised
subject      the algorithm of a calibration, and direct convolution as one
statistics   what images show of V and x, gathered one batch after the other
calibration  the scales of V, as a value
stored       the same as JSON
images       the caller's images, one by one
noise        the scales and roundings that leave the least noise
observed     what images show, and the calibrations for any scale of x
calibrate    from the caller's images to a calibration
quantise     U and V as integers, and their sums

What quantisation costs is in `wincook.analysis.quantisation`; docs/int8.md tells it all.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
