"""Each kind of chart: a value that holds plain data, and knows how to be painted into axes.

- `curve`: errors against m. `front`: errors against speed-up. `kappa`: condition numbers against errors.
- `landscape`: errors against symbols of points.
- `positions`: the error at each output of a tile. `ulps`: errors in units of the last place.
- `stages`: the magnitudes at each stage.
"""
