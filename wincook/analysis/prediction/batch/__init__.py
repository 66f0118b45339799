"""The prediction for many sets of points at once, as a search needs it.

- `batch`: the prediction. `question`: what is asked, and whole tiles from the figures of their axes. `sets`: sets of
  points as arrays. `stacks`: their matrices, and what depends on these alone.
- `axis_errors`: the errors of one axis, compiled: of `matrices`, the transforms in float64; of `row_sums`, `chains` and
  `column_sums`, a model of the programs of `wincook.program`, with as many operations; and of `rounding`, the cost of
  one rounding. `dense`: small matrices.
"""
