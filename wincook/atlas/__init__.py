"""The atlas: the best points known for each tile, what they cost, and how wrong they are.

Entries are data in the package, read when one is first asked for. docs/atlas.md says what they hold.

    entry           one set of points, with its figures and where it is from
    parts           what an entry is made of, and how it is read
    file            entries in a file, one on each line
    lookup          the points of a tile: its own, or those of the nearest tile and format
    reasons         what an entry wins, in words
    atlas.json      the entries
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
