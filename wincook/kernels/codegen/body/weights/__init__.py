"""Weights as C gives them into U, by family and format; files that stand for one another define the same names.

floats       the filter transform alone, of float32 and bfloat16
whole        the same, quantised by a calibration
calibrated   what a calibration says, in memory that is never written
terms_pairs  direct convolution in bfloat16: terms take the place of channels
terms_whole  the same in whole numbers
masks        masks as C gives them
kept         what a mask keeps of U
masked       the entry point that takes a mask
kept_floats  a vector of filters into such a U
kept_pairs   the same in bfloat16
"""
