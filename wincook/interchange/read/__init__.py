"""Matrices from elsewhere, read exactly: from source text in many languages, documents, notebooks, and data files.

The end of the file's name says how it is read; nothing is unpickled or evaluated. Numbers are integers, fractions,
decimals, square roots and expressions of them. What is not understood as a whole does not count, and is named.

The way of a file:

1. `contents`: its bytes, with a limit to their number, as text or as arrays.
2. `syntax`: tables of numbers in source text and documents, and what later lines change. `data`: tables in NumPy's
   files, JSON and separated values. Both make their entries of `numbers`.
3. `tables`: what was found under which names, what was not understood, and what was changed: `Findings`.
4. `sets`: which tables are AT, G and BT of one set, and which way round; the third of two; what is in no set.
   `stated`: what wincook's own exports say they hold, and whether they were changed.
5. `examine`: every set of every file, for `wincook verify`. `load`: one algorithm.
"""
