"""Weights as C gives them into U, by family and format; files that stand for one another define the same names.

tiles        which filters code of tiles takes, without a calibration
floats       the filter transform alone, of float32 and bfloat16
whole        the same, quantised by a calibration
calibrated   what calibrations say, in memory that is never written
terms_pairs  direct convolution in bfloat16: terms take the place of channels
terms_whole  the same in whole numbers
sparse       what a mask keeps of U, and the entry point that takes one
"""
