"""Matrices and programs for other programs, papers and people: one kind of export per file.

- `export`: a text, or the bytes of a file, of any kind; what a kind cannot hold is refused.
- `document`: what an export shows, under which names, and its header.
- `plain`, `json`: plain data and JSON, every number an exact string. `npz`: NumPy's archive.
- `text`, `ascii`, `latex`: for people and papers. `listing`, `python`, `c`: programs as code.
"""
