"""Sets of points as a search moves them.

- `groups`: what sets are made of. `space`: which there are.
- `start`: sets drawn at random. `neighbours`: sets near a set.
"""
