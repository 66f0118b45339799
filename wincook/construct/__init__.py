"""From a tile and its points to exact algorithms, and to the same algorithms with other numbers.

- `construction`: `algorithm`, the door. `subject`: algorithms as callers give them: values, text, files.
- `effort`: what a construction takes, counted before it begins.
- `make/`: from notation to matrices. `rescale/`: factors moved between AT, G and BT, other bases, integers.
- `residue/`: integers modulo primes.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
