"""Which tables of a file are AT, G and BT of one set.

- `assemble`: all sets of a file, and everything that is in none.
- `names`: what a name says: a letter, how surely, and words that tell sets apart.
- `candidates`: the tables with what their names say, and which are in a set already.
- `by_names`: sets of the nearest names; a set that is wrong, and one whose names merely look alike.
- `roles`: which way round matrices stand; the way with the fewest wrong sums.
- `third`: the third matrix of two, from linear equations. `diagonal`: factors of the products that stand apart.
- `leftovers`: what was not judged, and why there is no set.
- `reading`: what was made of one set.
"""
