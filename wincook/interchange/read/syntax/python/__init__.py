"""Matrices in Python: parsed by Python's own parser, walked through and never executed.

- `parsed`: the tree of a module. `shapes`: what in a tree looks like a matrix.
- `statements`: what each statement gives to which name.
- `expressions`: the value of an expression. `calls`: the functions and methods that are known. `arrays`: arrays of
  exact numbers, with the arithmetic of numpy, lists and matrices.
- `in_place`: which statements change an array, and the change itself. `following`: where it is followed.
- `kept`: the matrices, one after another, and the blocks of statements they stand in.
"""
