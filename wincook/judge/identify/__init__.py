"""Which set matrices are: how it is scaled, and of which exact set it is the rounding.

- `gauge`: how the products of a right Toom-Cook set are scaled, against those that wincook makes.
- `rounded`: the exact set that was rounded, and how; `rules`: the ways of rounding.
- `completed`: a matrix from the other two; `near_points`: Toom-Cook sets near rounded ones; `nearby`: decimals cut off.
- `interval`: intervals of fractions, and the simplest fraction in one.
"""
