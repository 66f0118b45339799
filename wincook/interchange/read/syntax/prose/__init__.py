"""Matrices as people print them, turned into one notation that is then read: `NAME = [1 0; 0 1]`.

- `plain_text`: tables with rules, rows of numbers under a name, and the two below.
- `latex`: LaTeX, by a grammar of the cells. `drawn`: brackets drawn over several lines.
"""
