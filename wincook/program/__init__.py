"""Straight-line programs: made from matrices by passes, each step proven; priced, read and run.

- `programs`: `programs_of`, from an algorithm to its programs. `style`: which passes, and in which order.
- `sums`, `passes/`, `linear_forms`: matrices as sums, what makes them cheaper, and the proof that nothing else changed.
- `chain`: the passes one by one, each shown, then proven. `sums_after`: the sums of an algorithm after one of them.
- `ir`: operations and programs. `compose`, `flat`: one program after another, one for all axes.
- `cost`: operations and additions. `cheapest_scaling`: the scaling that takes fewest.
- `interpret`, `rounding`: programs run on any arithmetic, exact or rounded. `arithmetic`: the same, looking first.
- `bfloat16`: rounding and dot products as processors do them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
