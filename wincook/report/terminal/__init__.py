"""Words and tables for a terminal, a pipe or a file of text.

- `layout`: views as lines within a width, in which no number is ever cut.
- `verdict`: what files of matrices hold, in words.
"""
