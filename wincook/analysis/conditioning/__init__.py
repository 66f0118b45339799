"""How much matrices amplify errors, whatever the format.

- `condition`: norms and condition numbers of the transforms. `gauges`: the same with rows scaled alike.
- `vandermonde`: those of the points.
"""
