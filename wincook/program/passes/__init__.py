"""Rewrites of sums, each of which keeps the matrix; `program.style` says which chains of them run.

- `columns`, `rows`: even and odd parts of the points a and -a, shared. `factor`: common factors, multiplied at the end.
- `common`: pairs of terms in one ratio. `blocks`: sums over three values, by the lines of a plane (`plane`).
- `transpose`: what a pass makes of the transposed sums. `squares`: two sums along each of two axes.
- `order`: which term is added first. `expand`: operations in place of sums.
"""
