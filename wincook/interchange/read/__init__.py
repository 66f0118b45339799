"""Matrices from elsewhere, read exactly: from source text in many languages, documents, notebooks, and data files.

The end of the file's name says how it is read; nothing is unpickled or evaluated. Numbers are integers, fractions,
decimals, square roots and expressions of them. What is not understood as a whole does not count, and is named.

- `load`: one algorithm out of a file, or of one file for each matrix. `examine`: everything that a file holds.
- `contents`: the bytes of a file as text or as arrays.
- `syntax`: tables of numbers in source text, from the language's own grammar where there is a parser for it.
- `data`: tables in NumPy's files, JSON and separated values. `numbers`: one entry of a table.
- `tables`: what was found, what was not understood, and what later lines change.
- `sets`: which tables are AT, G and BT of one set; the third of two.
- `stated`: what the file itself says it holds, in wincook's own formats and in others'.
"""
