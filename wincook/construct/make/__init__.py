"""From a tile and its points to exact matrices.

- `points_per_axis`: one set of points for every axis, from what users give.
- `toom_cook`: the construction, by the Chinese remainder theorem for a modulus polynomial.
- `factor_part`: what one factor of the modulus contributes; `product_rule`: how to multiply modulo one.
- `split_fields`: two axes at once, where the fields of their factors meet; `complex_points`: real data, complex points.
- `iterated`: a long convolution as a short one of blocks; `interleaved`: a strided one as the sum of its phases.
"""
