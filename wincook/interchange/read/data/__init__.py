"""Tables of numbers in data files, each under its name.

- `json`: objects with lists of rows; numbers as text, so that nothing is rounded.
- `csv`: rows of separated values, parted by blank lines or names.
- `npz`: NumPy's archives and arrays; sizes are checked before memory is taken, and nothing is unpickled.
"""
