"""The search for points of small error.

A search is a value. It is a list of tasks, each a pure function of the search and of its number; so it gives the same
on one core and on a thousand, and goes on where it was stopped.

- `search`: the value. `sets/`: sets of points, and which there are. `objective`: what is minimised.
- `strategies/`: functions that do a task, by name. `descend`: one walk downhill. `sweep`: what a task gives.
- `running/`: tasks given out until a budget is used up, and kept. `winner`: the best, made exactly and measured.
- `entries/`: entries of the atlas, made of winners.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
