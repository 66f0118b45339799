"""The prediction for many point sets at once, as a search needs it.

- `batch`: the prediction. `point_sets`: transforms on many sets in float64.
- `sum_chains`: a model of the programs of `program.programs`, with as many operations. `rounding`: the cost of one
  rounding, compiled.
"""
