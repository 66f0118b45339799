"""Searches while they run, and what is kept of them.

- `run`: tasks given out to `workers` until a budget is used up. `interrupts`: Ctrl-C meanwhile.
- `outcome`: what comes of them. `store`: where they are kept.
"""
