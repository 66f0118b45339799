"""The search for points of small error.

A search is a value. It is a list of tasks, each a pure function of the search and of its number; so it gives the same
on one core and on a thousand, and goes on where it was stopped.

- `groups`, `space`: what sets of points are made of, and which there are. `objective`: what is minimised.
- `search`: the value. `sweep`: what one task gives. `strategies/`: functions that do a task, by name.
- `run`: tasks given out to `workers` until a budget is used up; `interrupts`: Ctrl-C meanwhile; `outcome`: what comes
  of them; `store`: where they are kept. `winner`: the best of it, made exactly and measured.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
