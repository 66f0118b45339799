"""What was found, in every medium.

- `table`: the neutral values that all media show: a `View` of tables, headings and sentences.
- `tables`: the view of each kind of value, such as an error report or a comparison.
- `terminal`: views as lines, in which no number is cut; verdicts on matrices in words.
- `data`: values as plain data for JSON, tables as CSV and LaTeX, runs saved and compared.
- `figures`: pictures of errors in PNG, SVG and PDF, or in a caller's own Axes.
- `html`: pages that open offline, and what a notebook shows.
- `forms`: which form each kind of value has. `presenter`: where values ask for them.

Each medium is imported when it is used: matplotlib with the first picture, jinja2 with the first page.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
