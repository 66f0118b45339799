"""How large and how small numbers get, and what formats hold them.

- `extent`: the largest and the mean sizes of all values. `ranges`: held against the formats of their stages.
- `remedies`: what to do where a format is too narrow.
- `unscaled`: data that integer formats cannot hold.
- `overflow`: magnitudes beyond float64, in which averages are computed.
"""
