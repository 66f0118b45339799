"""The same algorithm with other numbers: factors moved between AT, G and BT, other bases, integers.

- `scale`: rows of G and BT times factors, columns of AT divided by them. `named`: the gauges that have names.
- `denominators`: where the fractions live. `basis`: polynomials by other coefficients than those of powers of x.
- `integers`: integer matrices and one divisor; `widths`: how wide its words must be.
"""
