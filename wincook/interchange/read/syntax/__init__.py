"""Tables of numbers in source text and documents.

- `source`: which reader reads which part of a file: code, then its comments; documents by their fences; notebooks.
- `language`: what has to be known of a language. `words`: the words of a text, types before lists, blanks that part.
- `python`: Python, by its own parser.
- `declared`: every other language, by the grammar of its declarations and initialisers.
- `prose`: matrices as people print them: LaTeX, drawn brackets, tables, rows under a name.
"""
