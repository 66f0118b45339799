"""What wincook's own exports say of their matrices; then nothing is guessed.

- `claim`: tile, kind, modulus and points; the matrices in the shapes that these ask for.
- `own_json`: the document in JSON. `own_source`: the header of all texts, and literals in C and NumPy that round.
- `printed`: entries in text, Unicode and LaTeX.
- `rounding`: which floats are an exact number rounded.
- `seal`: the digest, and whether the file was changed after wincook wrote it.
"""
