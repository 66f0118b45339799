"""Interpolation points: the factors of the modulus polynomial, and ∞.

An algorithm for F(m,r) needs factors of total degree n = m + r - 1, coprime to one another. A finite point a stands
for the factor x - a; a polynomial such as x^2+1 stands for itself; ∞ stands for the leading coefficient of the product,
∞^k for the k leading ones; powers repeat a factor (Blahut, *Fast Algorithms for Signal Processing* (2010), chapter 5).
Points are fractions, roots such as √2/2, complex numbers such as 1+i, and symbols such as 1/a.

- `points`: a set of them, its degree and its field.
- `reading`: points from text, and from what Python programs hold.
- `default`: sets to start from, the published ones and larger ones.
"""

from wincook.points.points import Points

__all__ = ["Points"]
