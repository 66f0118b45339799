"""Entries of the atlas, made of what searches find.

- `figures`: what an algorithm costs and how wrong it is. `entry`: an entry from a set of points. `ranking`: sets of
  others against the atlas.
"""
