"""Small integers in the Winograd domain.

- `scheme`: how U and V are quantised. `sqnr`: what that costs, in decibels.
"""
