"""Sparsity in the domain of the products: filters U = G g GT of which whole blocks are zero, and are left out.

- `mask`: which blocks are kept, as a value; `stored`, the same as JSON.
- `transform`: U of weights.
- `energy`: what V carries, by product and channel, of a law or of images.
- `prune`: which blocks to keep, for a share of zeros or for an error.
- `error`: what is lost, predicted and measured.
- `simulate`: a layer through the interpreter, bit for bit what a sparse kernel gives.

Kernels are made for masks by `wincook.compile(..., sparse=True)`; docs/sparse.md tells it all.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
