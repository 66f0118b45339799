"""Pictures of errors, in PNG, SVG and PDF, or in a caller's own Axes.

- `canvas`: from a picture to a file, to a figure of matplotlib, or into Axes. `theme`: light and dark.
- `charts`: each kind of chart, a value that holds plain data and knows how to be painted.
- `report`, `comparison`, `landscape`, `reproduction`: the pictures of an error report, of a comparison, of a family of
  points, of a paper.
- `demo`, `demo_charts`: the sheet of the demo.
- `sheet`: places in inches. `scales`: logarithmic axes, and numbers beside them.
"""
