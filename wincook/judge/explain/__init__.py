"""Why sums are wrong: the fewest entries that put all of them right.

What the sums lack is linear in the changes of entries of which no two share a product but in one vector. Which entries
to change is found modulo a prime, in machine words; what should stand there is solved for, and proven, exactly.

- `explain`: the repairs, the smallest first, and the way to them.
- `repair`: mistakes, and repairs as sets of them.
- `search`: which entries may be at fault; `spanning`: one, two or three of them, all choices tried at once.
- `alone`: one product at fault in several of its vectors.
- `residues`: vectors and sums modulo a prime; `modulo`: the map from an exact field; `linear`: linear algebra there.
"""
