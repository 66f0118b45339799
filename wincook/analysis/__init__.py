"""How wrong an algorithm is: predicted, bounded, measured; and what formats hold its numbers.

All take `(algorithm, format="float32", channels=1, law="uniform")` and make a `Problem` of it.

- `problem`: what is analysed. `analyse`: one report of everything. `compare`: many side by side. `direct`: direct
  convolution in the same formats, which both are held against. `family`, `landscape`: points with symbols, and the
  error against these.
- `data/`: what is convolved. `prediction/`: the RMS error in closed form. `bounds/`: what errors stay below.
- `measurement/`: errors of tiles that are drawn. `dynamic_range/`: magnitudes, and what formats hold them.
- `quantisation/`: int8 in the Winograd domain. `conditioning/`: condition numbers. `kronecker`: one matrix per axis.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
