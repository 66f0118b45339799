"""One entry of a table: an exact number, and what it was read from.

- `recognise`: decimals taken for the fractions and surds that they round.
- `arithmetic`: exact operations on integers, fractions and square roots, with limits.
- `cell`: a number with the decimals in it; literals of any language; arrays of cells.
- `element`: types of elements, and what becomes of 0.5 in an array of integers.
"""
