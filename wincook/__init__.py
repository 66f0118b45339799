"""wincook: fast convolution F(m,r), exact from the points, analysed to the last bit, compiled for the CPU.

The way leads from notation to machine code: `Tile` and `Points` are read, `algorithm` makes exact matrices from
them and proves them, `analyse` tells the error of the programs that run, `compile` makes a kernel of the same
programs, and `convolve` does it all in one call.

What is used most stands here; everything else that is public stands in the chapters, in the order of that way:
`exact`, `atlas`, `construct`, `judge`, `interchange`, `program`, `quantisation`, `analysis`, `layers`, `search`,
`kernels`, `report`, `reproduce`; with `errors`, `formats`, `precision`, `stages` and `direct`. docs/stability.md says
what may change.
"""

import lazy_loader

import wincook.cli.process
import wincook.report.presenter  # noqa: F401 (Ctrl-C is met from the start; values know their other forms)

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
