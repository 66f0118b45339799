"""Matrices that are declared, assigned, returned or named in a list, in any language but Python.

- `declarations`: goes through the words of a text and finds where something is declared.
- `left_side`: the name, its type and sizes; what is around. `extents`: how far the value reaches.
- `right_side`: rows below one another, rows cut short, what looks like a matrix.
- `grammar`, `values`: the value of an initialiser, understood as a whole or not at all.
- `typed`: what the declared type and sizes make of the value.
- `changes`: statements that change a matrix later.
"""
