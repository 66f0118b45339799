"""Sparsity in the domain of the products: filters U = G g GT of which whole blocks are zero, and are left out.

mask       which blocks are kept, as a value
stored     the same as JSON
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
