"""Both ends of each format: algorithms read from files of any origin, and written for other programs and people.

- `read/`: matrices from source text, documents and data files, exactly. `write/`: exports.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
